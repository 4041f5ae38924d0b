import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { repositoryRoot } from '../vscode/tools-cache.ts';

/** Packs what is built into a package for VS Code, so that the demo shows what ships; answers its path. */
export async function makeVsix(folder: string): Promise<string> {
  const packagePath = join(folder, 'provender.vsix');
  await createVSIX({ cwd: repositoryRoot, packagePath, dependencies: false });
  return packagePath;
}

/** Opens the demo in desktop VS Code. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { repositoryRoot, toolsFolder } from '../vscode/tools-cache.ts';
import { editorEnvironment, type Stage } from './stage.ts';

/** True when a window can be seen here. */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some((value) => value !== undefined && value !== '');
}

/** Downloads VS Code, once; undefined when it cannot be had here. */
export async function getDesktop(): Promise<string | undefined> {
  try {
    return await downloadAndUnzipVSCode({ cachePath: join(toolsFolder(), 'vscode-desktop') });
  } catch (error) {
    console.log(`VS Code cannot be downloaded here (${error instanceof Error ? error.message : String(error)}).`);
    return undefined;
  }
}

/** Opens a window with a profile of its own and answers when it is closed. */
export async function openDesktop(
  executable: string,
  stage: Stage,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const user = join(stage.folder, 'user');
  await mkdir(join(user, 'User'), { recursive: true });
  await writeFile(join(user, 'User/settings.json'), JSON.stringify(settings, undefined, 2));
  const child = spawn(
    executable,
    [
      stage.workspace,
      `--extensionDevelopmentPath=${repositoryRoot}`,
      `--user-data-dir=${user}`,
      `--extensions-dir=${join(stage.folder, 'ext')}`,
      '--disable-workspace-trust',
      '--skip-welcome',
      '--skip-release-notes',
      '--new-window',
    ],
    { env: { ...process.env, ...editorEnvironment(stage) }, stdio: 'ignore' },
  );
  await new Promise<void>((done, fail) => {
    child.once('error', fail);
    child.once('exit', () => done());
  });
}

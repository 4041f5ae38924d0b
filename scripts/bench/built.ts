import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SERVER } from './lsp-session.ts';

const root = resolve(import.meta.dirname, '../..');

/** Builds `dist/` when nothing was built yet. What is there is measured as it is. */
export function ensureServer(): void {
  if (!existsSync(SERVER)) runScript('build.ts');
}

/** The path of the package that was made last; makes it when there is none. */
export function ensurePackage(): string {
  const found = findPackage();
  if (found !== undefined) return found;
  runScript('package.ts');
  const made = findPackage();
  if (made === undefined) throw new Error('npm run package made no .vsix');
  return made;
}

function findPackage(): string | undefined {
  const name = readdirSync(root).find((each) => each.endsWith('.vsix'));
  return name === undefined ? undefined : join(root, name);
}

/** What the script prints goes to standard error, since standard output belongs to the rows. */
function runScript(name: string): void {
  execFileSync(process.execPath, [join(root, 'scripts', name)], { stdio: ['ignore', 2, 2] });
}

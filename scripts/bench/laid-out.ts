import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyntheticProject } from './generate-workspace.ts';
import { SERVER } from './lsp-session.ts';

/** A command that takes longer hangs. Milliseconds. */
export const LONGEST_COMMAND_MS = 60_000;

export interface Place {
  readonly folder: string;
  readonly dataFolder: string;
}

/** Writes a project to disk, with a folder for data beside it. */
export function layOut(project: SyntheticProject): Place {
  const base = mkdtempSync(join(tmpdir(), 'provender-bench-'));
  const folder = join(base, 'workspace');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), project.manifest);
  writeFileSync(join(folder, 'package-lock.json'), project.lockfile);
  for (const [member, text] of project.members) {
    mkdirSync(join(folder, member), { recursive: true });
    writeFileSync(join(folder, member, 'package.json'), text);
  }
  return { folder, dataFolder: join(base, 'data') };
}

/** Makes the project's advisories a complete local database. */
export function importAdvisories(project: SyntheticProject, dataFolder: string): void {
  mkdirSync(dataFolder, { recursive: true });
  const file = join(dataFolder, 'bench.jsonl');
  writeFileSync(file, project.advisories.map(({ record }) => JSON.stringify(record)).join('\n'));
  execFileSync(process.execPath, [SERVER, 'advisories', 'import', file, '--complete', 'npm'], {
    env: { ...process.env, PROVENDER_DATA: dataFolder },
    stdio: 'pipe',
    timeout: LONGEST_COMMAND_MS,
  });
}

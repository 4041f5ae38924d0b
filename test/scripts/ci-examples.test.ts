import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { packageJson, packageLock } from '../support/cli-world.ts';
import { sarifTrouble } from '../support/sarif-schema.ts';
import { gitFolder } from '../support/git-folder.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SERVER = join(ROOT, 'dist/server.cjs');

/** Every command of the document's examples, by its heading. */
function commandsOf(heading: string): string[] {
  const document = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
  const section = document.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const example = /^```yaml\n(.*?)^```/ms.exec(section)?.[1] ?? '';
  const commands: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'string' && (key === 'run' || key === 'entry')) commands.push(item);
      else if (key === 'script') commands.push(...(item as string[]));
      else visit(item);
    }
  };
  visit(parse(example));
  return commands;
}

interface Run {
  readonly code: number | null;
  readonly output: string;
  /** The text of a file that the commands wrote; undefined when they did not. */
  readonly file: (name: string) => string | undefined;
}

/** A folder of commands and one of data, so that no network is needed. */
function machine(): { readonly shims: string; readonly data: string } {
  const folder = scratchFolder();
  const [shims, data] = [join(folder, 'bin'), join(folder, 'data')];
  mkdirSync(shims);
  // No network in a test: what npx would install is there, and the database answers in place of OSV.dev.
  const shim = `#!/bin/sh\n[ "$1" = --yes ] || exit 90\ncase "$2" in provender@*) ;; *) exit 91 ;; esac\nshift 2\nexec "${process.execPath}" "${SERVER}" "$@" --offline\n`;
  writeFileSync(join(shims, 'npx'), shim);
  chmodSync(join(shims, 'npx'), 0o755);
  const records = join(folder, 'records.jsonl');
  writeFileSync(
    records,
    `${JSON.stringify({
      id: 'GHSA-aaaa-bbbb-cccc',
      modified: '2026-01-01T00:00:00Z',
      summary: 'code is run',
      database_specific: { severity: 'HIGH' },
      affected: [
        {
          package: { ecosystem: 'npm', name: 'left-over' },
          ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.0.1' }] }],
        },
      ],
    })}\n`,
  );
  const made = spawnSync(process.execPath, [SERVER, 'advisories', 'import', records, '--complete', 'npm'], {
    encoding: 'utf8',
    env: { ...process.env, PROVENDER_DATA: data },
  });
  expect(made.status, made.stderr).toBe(0);
  return { shims, data };
}

interface Change {
  readonly files?: Readonly<Record<string, string>>;
  /** The version that the branch began with, which is then compared with. */
  readonly before?: string;
}

/** Runs an example in a project of one dependency, with the built bundle in place of what npx would fetch. */
function run(heading: string, version: string, { files, before }: Change = {}): Run {
  const commands = commandsOf(heading);
  expect(commands).not.toHaveLength(0);
  const at = gitFolder(scratchFolder());
  const { folder } = at;
  const { shims, data } = machine();
  if (before !== undefined) {
    at.git('update-ref', 'refs/remotes/origin/main', at.commit(projectOf(before)));
  }
  for (const [name, text] of Object.entries({ ...projectOf(version), ...files }))
    writeFileSync(join(folder, name), text);
  at.git('add', '--all');
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', commands.join('\n')], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: [shims, process.env['PATH'] ?? ''].join(delimiter),
      HOME: folder,
      PROVENDER_DATA: data,
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      ...(before === undefined
        ? {}
        : { GITHUB_BASE_REF: 'main', CI_MERGE_REQUEST_DIFF_BASE_SHA: at.git('rev-parse', 'origin/main') }),
    },
  });
  return {
    code: status,
    output: stdout + stderr,
    file: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined),
  };
}

function projectOf(version: string): Record<string, string> {
  return {
    'package.json': packageJson({ 'left-over': '^1.0.0' }),
    'package-lock.json': packageLock({ 'left-over': '^1.0.0' }, { 'left-over': version }),
  };
}

describe('docs/ci.md', () => {
  it('GitHub Actions: fails for a finding, with annotations, SARIF and a summary', () => {
    const { code, output, file } = run('GitHub Actions', '1.0.0');
    expect(code, output).toBe(1);
    expect(output).toContain('::warning file=package.json');
    expect(sarifTrouble(JSON.parse(file('provender.sarif') ?? ''))).toEqual([]);
    expect(file('provender.sarif')).toContain('GHSA-aaaa-bbbb-cccc');
    expect(file('summary.md')).toContain('GHSA-aaaa-bbbb-cccc');
  });

  it('GitLab CI: fails for a finding, with both reports', () => {
    const { code, output, file } = run('GitLab CI', '1.0.0');
    expect(code, output).toBe(1);
    expect(JSON.parse(file('gl-code-quality-report.json') ?? '')).toHaveLength(1);
    expect(file('provender.xml')).toContain('GHSA-aaaa-bbbb-cccc');
  });

  it('pre-commit: fails for a finding', () => {
    const { code, output } = run('pre-commit', '1.0.0');
    expect(code, output).toBe(1);
  });

  it.each(['GitHub Actions', 'GitLab CI', 'pre-commit'])('%s: passes when nothing is found', (heading) => {
    const { code, output } = run(heading, '1.0.1');
    expect(code, output).toBe(0);
  });

  it.each(['GitHub Actions', 'GitLab CI', 'pre-commit'])('%s: passes when it was decided about', (heading) => {
    const decision = '{ "ignore": [{ "advisory": "GHSA-aaaa-bbbb-cccc", "reason": "no such input" }] }';
    const { code, output } = run(heading, '1.0.0', { files: { '.provender.jsonc': decision } });
    expect(code, output).toBe(0);
  });

  it.each(['GitHub Actions', 'GitLab CI', 'pre-commit'])('%s: passes for what the base had as well', (heading) => {
    const { code, output } = run(heading, '1.0.0', { before: '1.0.0' });
    expect(code, output).toBe(0);
  });

  it.each(['GitHub Actions', 'GitLab CI', 'pre-commit'])('%s: fails for what the change brings', (heading) => {
    const { code, output } = run(heading, '1.0.0', { before: '1.0.1' });
    expect(code, output).toBe(1);
  });
});

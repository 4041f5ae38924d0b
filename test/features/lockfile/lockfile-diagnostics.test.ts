import type { Diagnostic } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';

import { diagnostics } from '../../../server/src/features/diagnostics.ts';
import { lockfileDiagnostics } from '../../../server/src/features/lockfile/lockfile-diagnostics.ts';
import { annotationOf, sorted } from '../../support/check-diagnostics.ts';
import { parseMarked, renderMarked } from '../../support/marked-text.ts';
import { openLockfile } from '../../support/open-lockfile.ts';
import { uriOf } from '../../support/project-of.ts';
import type { ProjectFacts } from '../../support/project-of.ts';

/** The carets below the lines of the lockfile are all that is said of it. */
async function checkLockfile(text: string, facts: ProjectFacts): Promise<void> {
  const { lockfile, project } = await openLockfile(text, facts);
  const found = lockfileDiagnostics(lockfile, project, uriOf);
  const annotations = found.map((item) => annotationOf(item, lockfile.document));
  const marked = parseMarked(text);
  expect(renderMarked({ ...marked, annotations: sorted(annotations) })).toBe(renderMarked(marked));
}

const ABOUT_DEEP = {
  id: 'GHSA-deep',
  package: 'deep',
  versions: '>=0 <1.0.2',
  severity: 'high',
  summary: 'leaks',
} as const;
const ABOUT_TOP = { ...ABOUT_DEEP, id: 'GHSA-top', package: 'top', versions: '>=0 <1.1.0' } as const;

const NPM = (marks: { top?: string; deep?: string } = {}): string => `-- package.json --
{ "dependencies": { "top": "^1.0.0" } }
-- package-lock.json --
{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "top": "^1.0.0" } },
    "node_modules/deep": { "version": "1.0.1" },
${marks.deep ?? ''}    "node_modules/top": { "version": "1.0.0", "dependencies": { "deep": "^1.0.0" } }
${marks.top ?? ''}  }
}
`;

test('an affected entry is marked at its key, in the words of a line', () =>
  checkLockfile(
    NPM({
      deep: '     ^^^^^^^^^^^^^^^^^ information GHSA-deep: deep 1.0.1 is affected by GHSA-deep (high): leaks. Fixed in 1.0.2.\n',
      top: '     ^^^^^^^^^^^^^^^^ warning GHSA-top: top 1.0.0 is affected by GHSA-top (high): leaks. Fixed in 1.1.0.\n',
    }),
    { advisories: [ABOUT_DEEP, ABOUT_TOP] },
  ));

test('an entry that a manifest names says the very same as its line', async () => {
  const advisories = [ABOUT_TOP, { ...ABOUT_TOP, id: 'GHSA-too', versions: '>=0 <1.0.5' }];
  const { lockfile, project, test: opened } = await openLockfile(NPM(), { advisories });
  const saidOf = (all: Diagnostic[]): unknown[] =>
    all.map(({ message, severity, code, codeDescription }) => ({ message, severity, code, codeDescription }));
  const onLine = saidOf(diagnostics(opened.manifest(), project, uriOf));
  expect(onLine).toHaveLength(1);
  expect(saidOf(lockfileDiagnostics(lockfile, project, uriOf))).toEqual(onLine);
});

test('levels of the settings count', async () => {
  const advisories = [ABOUT_DEEP, ABOUT_TOP];
  await checkLockfile(
    NPM({
      top: '     ^^^^^^^^^^^^^^^^ hint GHSA-top: top 1.0.0 is affected by GHSA-top (high): leaks. Fixed in 1.1.0.\n',
    }),
    { advisories, settings: { severity: { transitive: 'off', high: 'hint' } } },
  );
  await checkLockfile(
    NPM({
      top: '     ^^^^^^^^^^^^^^^^ warning GHSA-top: top 1.0.0 is affected by GHSA-top (high): leaks. Fixed in 1.1.0.\n',
    }),
    { advisories, settings: { transitive: false } },
  );
});

test('a package that is installed at two places is marked at both', () =>
  checkLockfile(
    `-- package.json --
{ "dependencies": { "other": "^1.0.0", "top": "^1.0.0" } }
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      other:
        specifier: ^1.0.0
        version: 1.0.0
      top:
        specifier: ^1.0.0
        version: 1.0.0
packages:
  deep@1.0.1:
    resolution: {integrity: sha512-AAAA}
  other@1.0.0:
    resolution: {integrity: sha512-AAAA}
  top@1.0.0:
    resolution: {integrity: sha512-AAAA}
snapshots:
  deep@1.0.1(top@1.0.0):
  ^^^^^^^^^^^^^^^^^^^^^ information GHSA-deep: deep 1.0.1 is affected by GHSA-deep (high): leaks. Fixed in 1.0.2.
    dependencies:
      top: 1.0.0
  deep@1.0.1: {}
  ^^^^^^^^^^ information GHSA-deep: deep 1.0.1 is affected by GHSA-deep (high): leaks. Fixed in 1.0.2.
  other@1.0.0:
    dependencies:
      deep: 1.0.1(top@1.0.0)
  top@1.0.0:
    dependencies:
      deep: 1.0.1
`,
    { advisories: [ABOUT_DEEP] },
  ));

test('very many affected entries are cut, the worst stay, and the rest is told', async () => {
  const installed = Object.fromEntries(Array.from({ length: 250 }, (_, at) => [`p${String(at)}`, '1.0.0']));
  const names = Object.keys(installed);
  const advisories = names.map((name, at) => ({
    id: `GHSA-${name}`,
    package: name,
    versions: '>=0',
    severity: at === 249 ? ('critical' as const) : ('medium' as const),
  }));
  const packages = Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version: '1.0.0' }]));
  const text = `-- package.json --\n{}\n-- package-lock.json --\n${JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } })}\n`;
  const { lockfile, project } = await openLockfile(text, { advisories });
  const found = lockfileDiagnostics(lockfile, project, uriOf);
  expect(found).toHaveLength(201);
  expect(found[0]?.code).toBe('GHSA-p249');
  expect(found.at(-1)?.message).toBe(
    '50 more entries with findings not marked here: the 200 worst are. Dependency Risks and the command line list all',
  );
});

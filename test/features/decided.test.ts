import { expect, test } from 'vitest';

import { dependencyTree } from '../../server/src/features/dependency-tree.ts';
import { hover } from '../../server/src/features/hover.ts';
import { inlayHints } from '../../server/src/features/inlay-hints.ts';
import { lockfileDiagnostics } from '../../server/src/features/lockfile/lockfile-diagnostics.ts';
import { checkDiagnostics, foundIn } from '../support/check-diagnostics.ts';
import { pathIn, projectOf, uriOf } from '../support/project-of.ts';

const LODASH = { id: 'GHSA-1', package: 'lodash', versions: '>=0 <4.17.21', summary: 'command injection' } as const;
const FACTS = { installed: { lodash: '4.17.20' }, advisories: [LODASH] };
const MANIFEST = '-- package.json --\n{ "name": "app", "dependencies": { "lodash": "^4.17.20" } }\n';

function provenderFile(entry: object): string {
  return `${MANIFEST}-- .provender.jsonc --\n${JSON.stringify({ ignore: [entry] })}\n`;
}

/** What is said of lodash's line. */
async function said(text: string, facts: Parameters<typeof foundIn>[1] = FACTS): Promise<string[]> {
  return (await foundIn(text, facts)).annotations.map(({ severity, message }) => `${severity}: ${message}`);
}

const OPEN = 'warning: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.';

test('a decided finding is a hint that names reason, author, date and file', () =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": {
  "lodash": "^4.17.20"
             ^^^^^^^^ hint GHSA-1: lodash 4.17.20: GHSA-1 accepted: internal only (Ada, 2026-01-10, Provender in .provender.jsonc).
} }
-- .provender.jsonc --
{ "ignore": [{ "advisory": "GHSA-1", "package": "lodash", "reason": "internal only", "author": "Ada", "date": "2026-01-10" }] }
`,
    FACTS,
  ));

test.each([
  ['of another advisory', { advisory: 'GHSA-2' }],
  ['of another package', { advisory: 'GHSA-1', package: 'underscore' }],
  ['of an earlier version', { advisory: 'GHSA-1', package: 'lodash', version: '4.17.19', until: 'version' }],
  ['whose day has come', { advisory: 'GHSA-1', until: '2020-01-01' }],
  ['that waited for the fix that exists', { advisory: 'GHSA-1', until: 'fixed' }],
])('a decision %s leaves the finding open', async (_, entry) => {
  expect(await said(provenderFile(entry))).toEqual([OPEN]);
});

test('a snooze ends by itself, without a change on disk', async () => {
  const { workspace, clock, project } = await projectOf(
    provenderFile({ advisory: 'GHSA-1', until: '2030-01-01' }),
    FACTS,
  );
  expect(project.assessment.findings).toEqual([]);
  await clock.advance(Date.parse('2030-01-02') - clock.now());
  workspace.flush();
  expect(workspace.snapshot.projects[0]?.assessment.findings.map(({ ruleId }) => ruleId)).toEqual(['GHSA-1']);
});

test('a decision that is taken back counts no longer', async () => {
  const { workspace, files } = await projectOf(provenderFile({ advisory: 'GHSA-1' }), FACTS);
  files.set(pathIn('.provender.jsonc'), '{ "ignore": [] }');
  await workspace.rescan();
  expect(workspace.snapshot.projects[0]?.assessment.findings.map(({ ruleId }) => ruleId)).toEqual(['GHSA-1']);
});

test('in a workspace that is not trusted nothing is decided, and that is said', async () => {
  const facts = { ...FACTS, trusted: false };
  const { project } = await projectOf(provenderFile({ advisory: 'GHSA-1' }), facts);
  expect(await said(provenderFile({ advisory: 'GHSA-1' }), facts)).toEqual([OPEN]);
  expect(project.hygiene.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'decision-untrusted: what it decides about 1 of the findings is not applied, because the workspace is not trusted',
  ]);
});

test('a VEX document speaks of the product that it names, and its latest statement counts', async () => {
  const statement = (product: string, status: string, timestamp: string): object => ({
    vulnerability: { name: 'GHSA-1' },
    products: [{ '@id': `pkg:npm/${product}`, subcomponents: [{ '@id': 'pkg:npm/lodash@4.17.20' }] }],
    status,
    justification: 'vulnerable_code_not_present',
    timestamp,
  });
  const vex = (...statements: object[]): string =>
    `${MANIFEST}-- .vex/app.json --\n${JSON.stringify({ '@context': 'https://openvex.dev/ns/v0.2.0', author: 'Ada', statements })}\n`;
  expect(await said(vex(statement('app', 'not_affected', '2026-01-02T00:00:00Z')))).toEqual([
    'hint: lodash 4.17.20: GHSA-1 not affected: the vulnerable code is not present (Ada, 2026-01-02, OpenVEX in app.json).',
  ]);
  expect(await said(vex(statement('other', 'not_affected', '2026-01-02T00:00:00Z')))).toEqual([OPEN]);
  expect(
    await said(
      vex(
        statement('app', 'affected', '2026-01-03T00:00:00Z'),
        statement('app', 'not_affected', '2026-01-02T00:00:00Z'),
      ),
    ),
  ).toEqual([OPEN]);
});

test('a path decides only while it is the only one', async () => {
  const facts = { installed: { top: '1.0.0 needs lodash', lodash: '4.17.20', also: '1.0.0' }, advisories: [LODASH] };
  const text = (also: string): string =>
    `-- package.json --\n{ "dependencies": { "top": "1.0.0"${also} } }\n-- audit-ci.json --\n{ "allowlist": ["GHSA-1|top>lodash"] }\n`;
  expect((await projectOf(text(''), facts)).project.assessment.findings).toEqual([]);
  expect((await projectOf(text(', "lodash": "^4.0.0"'), facts)).project.assessment.findings).toHaveLength(1);
});

test('what cannot be understood of a file is named, and decides nothing', async () => {
  const { project } = await projectOf(provenderFile({ advisory: 'GHSA-1', until: 'whenever' }), FACTS);
  expect(project.assessment.findings).toHaveLength(1);
  expect(project.hygiene.map(({ code, place }) => `${code} ${place.path}`)).toEqual([
    `decision-unclear ${pathIn('.provender.jsonc')}`,
  ]);
});

test('hover, hints, tree and lockfile keep it in sight and never call it "no known advisory"', async () => {
  const { snapshot, project, manifest } = await projectOf(
    provenderFile({ advisory: 'GHSA-1', reason: 'never [called](x)' }),
    { ...FACTS, settings: { inline: 'all' } },
  );
  const view = manifest();
  const at = view.document.lines.positionAt(view.lines[0]?.dependency.valueSpan.start ?? 0);
  const card = JSON.stringify(hover(view, project, at, snapshot.takenAt, uriOf)?.contents);
  expect(card).toContain('none open, 1 decided');
  expect(card).toContain('**Decided**');
  expect(card).not.toContain('[called](x)');
  expect(card).not.toContain('no known advisory as of');
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  expect(JSON.stringify(inlayHints(view, project, range))).toContain('1 decided');
  const tree = dependencyTree(snapshot, { grouping: 'action', filter: '' }, uriOf);
  expect(tree.badge).toBe(0);
  const group = tree.groups.find(({ id }) => id === 'decided');
  expect(group?.items.map(({ label, uri }) => `${label} ${uri}`)).toEqual([
    `lodash 4.17.20 ${uriOf(pathIn('.provender.jsonc'))}`,
  ]);
  const { lockfile } = project;
  const marks = lockfile ? lockfileDiagnostics(lockfile, project, uriOf) : [];
  expect(marks.map(({ severity, code }) => `${String(severity)} ${String(code)}`)).toEqual(['4 GHSA-1']);
});

import { expect, test } from 'vitest';

import { inlayHints } from '../../server/src/features/inlay-hints.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

const EVERYWHERE = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

/** The lines of the marked text that end with `◂ label` are all that have a hint. */
async function checkHints(text: string, facts: ProjectFacts, range = EVERYWHERE): Promise<void> {
  const plain = text.replace(/ ◂.*$/gm, '');
  const { manifest, project } = await projectOf(plain, facts);
  const lines = plain.split('\n');
  for (const { position, label } of inlayHints(manifest(), project, range)) {
    expect(position.character).toBe(lines[position.line]?.length);
    lines[position.line] = `${lines[position.line] ?? ''} ◂ ${typeof label === 'string' ? label.trim() : ''}`;
  }
  expect(lines.join('\n')).toBe(text);
}

const ADVISORIES = [
  { id: 'GHSA-1', package: 'bad', versions: '>=0 <1.1.0' },
  { id: 'GHSA-2', package: 'bad', versions: '>=0 <1.0.5', severity: 'low' },
  { id: 'GHSA-3', package: 'deep', versions: '>=0' },
  { id: 'MAL-1', package: 'evil', versions: '>=0' },
] as const;

test('only what needs attention has a hint, at the end of its line, behind the comma', () =>
  checkHints(
    `{ "dependencies": {
  "bad": "^1.0.0", ◂ 1.0.0 · high (2) → 1.1.0
  "good": "^1.0.0",
  "evil": "1.0.0", ◂ 1.0.0 · malware
  "brings": "1.0.0", ◂ 1.0.0 · brings in 1 affected package
  "old": "1.0.0", ◂ 1.0.0 · deprecated · minor 1.1.0
  "forged": "1.0.0", ◂ 1.0.0 · ✗ INVALID signature
  "bumped": "^2.0.0", ◂ 1.0.0 · waiting for install
  "new": "^1.0.0" ◂ waiting for install
} }`,
    {
      installed: {
        bad: '1.0.0',
        good: '1.0.0',
        evil: '1.0.0',
        brings: '1.0.0 needs deep',
        deep: '1.0.0',
        old: '1.0.0',
        forged: '1.0.0',
        bumped: '1.0.0',
      },
      lockedFor: { bumped: '^1.0.0' },
      advisories: ADVISORIES,
      registry: {
        bad: ['1.0.0', '1.0.5', '1.1.0'],
        good: ['1.0.0', '2.0.0'],
        old: [{ version: '1.0.0', deprecated: 'x' }, '1.1.0'],
      },
      signatures: { 'forged@1.0.0': { verdict: 'invalid', message: 'x' } },
    },
  ));

test('on every row, what is calm says so, and what is not known says that', () =>
  checkHints(
    `{ "dependencies": {
  "good": "^1.0.0", ◂ 1.0.0 · no known advisory · major 2.0.0
  "unasked": "^1.0.0", ◂ 1.0.0 · not checked
  "local": "file:../local" ◂ not checked
} }`,
    {
      installed: { good: '1.0.0', unasked: '1.0.0' },
      registry: { good: ['1.0.0', '2.0.0'] },
      unknown: { unasked: 'offline' },
      settings: { inline: 'all' },
    },
  ));

test('a fix of part of the advisories says how many, and what is exploited says so before its severity', () =>
  checkHints(
    `{ "dependencies": {
  "a": "^1.0.0", ◂ 1.0.0 · exploited (2) → 1.1.0 clears 1
  "b": "^1.1.0" ◂ 1.0.0 · high · waiting for install
} }`,
    {
      installed: { a: '1.0.0', b: '1.0.0' },
      lockedFor: { b: '^1.0.0' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0 <1.1.0', aliases: ['CVE-2026-1'] },
        { id: 'GHSA-2', package: 'a', versions: '>=0', severity: 'low' },
        { id: 'GHSA-3', package: 'b', versions: '>=0 <1.1.0' },
      ],
      kev: ['CVE-2026-1'],
    },
  ));

test('a Scorecard below the threshold calls for attention', () =>
  checkHints(
    `{ "dependencies": {
  "a": "1.0.0" ◂ 1.0.0 · Scorecard 3.1
} }`,
    {
      installed: { a: '1.0.0' },
      registry: { a: { repository: 'github.com/o/a', versions: ['1.0.0'] } },
      scorecards: { 'github.com/o/a': 3.1 },
      settings: { scorecard: { threshold: 5 } },
    },
  ));

test('turned off, there is none', () =>
  checkHints('{ "dependencies": { "bad": "1.0.0" } }', {
    installed: { bad: '1.0.0' },
    advisories: ADVISORIES,
    settings: { inline: 'off' },
  }));

test('hints are made for the lines that are asked for', () =>
  checkHints(
    `{ "dependencies": {
  "bad": "1.0.0",
  "evil": "1.0.0" ◂ 1.0.0 · malware
} }`,
    { installed: { bad: '1.0.0', evil: '1.0.0' }, advisories: ADVISORIES },
    { start: { line: 2, character: 0 }, end: { line: 2, character: 5 } },
  ));

test('in YAML, where no quote ends the value, the hint stays on its line', async () => {
  const { manifest, project } = await projectOf(
    `-- pnpm-workspace.yaml --
catalog:
  bad: ^1.0.0
  other: 1.0.0
-- package.json --
{ "dependencies": { "bad": "catalog:" } }
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      bad:
        specifier: 'catalog:'
        version: 1.0.0
packages:
  bad@1.0.0:
    resolution: {integrity: sha512-AAAA}
snapshots:
  bad@1.0.0: {}
`,
    { advisories: ADVISORIES },
  );
  const hints = inlayHints(manifest('pnpm-workspace.yaml'), project, EVERYWHERE);
  expect(hints.map(({ position }) => position)).toEqual([{ line: 1, character: 13 }]);
});

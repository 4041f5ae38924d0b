import { expect, test } from 'vitest';

import { hover } from '../../server/src/features/hover.ts';
import { DAY_MS, LEARNED_AT } from '../support/fake-knowledge.ts';
import { pathIn, projectOf, type ProjectFacts, uriOf } from '../support/project-of.ts';

async function cardAt(text: string, facts: ProjectFacts, now = LEARNED_AT): Promise<string | undefined> {
  const { manifest, project, cursor, marked } = await projectOf(text, facts);
  const shown = hover(manifest(marked.cursor?.path), project, cursor(), now, uriOf);
  if (shown === undefined) return undefined;
  const { contents } = shown;
  if (typeof contents === 'string' || !('kind' in contents)) throw new Error('the card is not marked up');
  expect(contents.kind).toBe('markdown');
  return contents.value;
}

/** Each expected line stands in the card at the cursor, in this order. */
async function checkHover(text: string, facts: ProjectFacts, lines: readonly string[], now?: number): Promise<void> {
  const found = ((await cardAt(text, facts, now)) ?? '').split('\n').map((line) => line.trimEnd());
  expect(found.filter((line) => lines.includes(line))).toEqual(lines);
}

const LINE = '{ "dependencies": { "a": "$0^1.0.0" } }';

test('the card answers the three questions first: advisories, signature, health', async () => {
  const card = await cardAt(LINE, {
    installed: { a: '1.0.0' },
    advisories: [
      {
        id: 'GHSA-1',
        package: 'a',
        versions: '>=0 <1.1.0',
        summary: 'leaks',
        aliases: ['CVE-2026-1'],
        cvss: { version: '3.1', score: 7.2, vector: '' },
      },
    ],
    kev: ['CVE-2026-1'],
    registry: {
      a: {
        repository: 'github.com/o/a',
        versions: [
          { version: '1.0.0', publishedAt: LEARNED_AT - 400 * DAY_MS, license: 'MIT' },
          { version: '1.1.0', publishedAt: LEARNED_AT - 10 * DAY_MS },
          '2.0.0',
        ],
      },
    },
    scorecards: { 'github.com/o/a': 6.5 },
    signatures: { 'a@1.0.0': { verdict: 'signed', message: 'Signed by the registry' } },
  });
  expect(card?.split('\n').map((line) => line.trimEnd())).toEqual([
    '**a 1\\.0\\.0** · installed',
    '',
    '**Advisories**: **1, high** as of 2026-01-15 from OSV\\.dev',
    '**Signature**: **✓ signed** · Signed by the registry',
    '**Health**: Scorecard 6.5/10 (2026\\-01\\-12) · this version is 13 months old · last release 10 days ago',
    '',
    'installed 1\\.0\\.0 → no known advisory 1\\.1\\.0 → latest 2\\.0\\.0',
    'License MIT',
    '',
    '**Upgrades**:',
    '',
    '- **1\\.1\\.0** no known advisory, latest 1.x · fixes 1, leaves 0, new 0 · brings in: nothing affected · published 10 days ago',
    '- **2\\.0\\.0** latest · fixes 1, leaves 0, new 0 · brings in: nothing affected',
    '',
    '**Affected by**:',
    '',
    '- [GHSA\\-1](https://github.com/advisories/GHSA-1) **high 7.2** (CVSS 3\\.1) · leaks · fixed in 1\\.1\\.0 · CVE\\-2026\\-1 · **exploited**, in CISA KEV since 2025\\-11\\-03',
    '',
  ]);
});

test('nothing found says when it was looked up and by whom, and never that all is well', () =>
  checkHover(LINE, { installed: { a: '1.0.0' } }, [
    '**Advisories**: no known advisory as of 2026-01-15 from OSV\\.dev',
  ]));

test('the card says how the sources import it, and what a scan cannot see', async () => {
  const facts = {
    installed: { a: '1.0.0' },
    advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0' }],
    readsSources: true,
  };
  const text = (path: string, source: string): string => `-- package.json --\n${LINE}\n-- ${path} --\n${source}`;
  await checkHover(text('x.js', "import 'a'"), facts, ['Imported by sources of this project']);
  await checkHover(text('x.test.js', "import 'a'"), facts, ['Imported by tests, scripts and configuration only']);
  await checkHover(text('x.js', '1'), facts, [
    'Imported by no source of this project; a script or a configuration may still use it',
  ]);
  expect(await cardAt(LINE, facts)).not.toContain('Imported');
});

test('an old answer says how old it is', () =>
  checkHover(
    LINE,
    { installed: { a: '1.0.0' } },
    ['**Advisories**: no known advisory as of 2026-01-15 (5 days old) from OSV\\.dev'],
    LEARNED_AT + 5 * DAY_MS,
  ));

test('what is not known says why, in each of the three answers', () =>
  checkHover(LINE, { installed: { a: '1.0.0' }, unknown: { a: 'offline since noon' } }, [
    '**Advisories**: unknown, because offline since noon',
    '**Signature**: unknown, because the registry has not been asked yet',
    '**Health**: unknown, because offline',
  ]));

test('advisories at hand are shown with the reason why there may be more', () =>
  checkHover(
    LINE,
    {
      installed: { a: '1.0.0' },
      unknown: { a: 'timeout' },
      advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0' }],
    },
    ['**Advisories**: **1, high**; there may be more, because timeout'],
  ));

test('development dependencies that are turned off are unknown', () =>
  checkHover(
    '{ "devDependencies": { "a": "$01.0.0" } }',
    {
      installed: { a: '1.0.0 dev' },
      advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0' }],
      settings: { devDependencies: false },
    },
    ['**Advisories**: unknown, because development dependencies are turned off'],
  ));

test('a registry without publication dates is told apart from one that was not asked', () =>
  checkHover(LINE, { installed: { a: '1.0.0' }, registry: { a: ['1.0.0'] } }, [
    '**Health**: Scorecard unknown, because no source repository is known · age unknown, because the registry sends no publication dates',
  ]));

test('a deprecated package says so in its own words', () =>
  checkHover(LINE, { installed: { a: '1.0.0' }, registry: { a: [{ version: '1.0.0', deprecated: 'use b' }] } }, [
    '**Health**: **deprecated**: use b · Scorecard unknown, because no source repository is known · age unknown, because the registry sends no publication dates',
  ]));

test('an edited line says what is written and what is installed', () =>
  checkHover('{ "dependencies": { "a": "$0^1.2.0" } }', { installed: { a: '1.0.0' }, lockedFor: { a: '^1.0.0' } }, [
    '**a 1\\.0\\.0** · ^1\\.2\\.0 written, lockfile still has 1\\.0\\.0'.replace('^', '\\^'),
  ]));

test('without a lockfile the card says which version it speaks of', () =>
  checkHover(LINE, { registry: { a: ['1.0.0', '1.4.0'] } }, ['**a 1\\.4\\.0** · highest in the range, no lockfile']));

test('what is brought in is listed with its way', () =>
  checkHover(
    LINE,
    {
      installed: { a: '1.0.0 needs b', b: '1.0.0 needs c', c: '2.0.0' },
      advisories: [{ id: 'GHSA-1', package: 'c', versions: '>=0' }],
    },
    [
      '**Brings in** 1 affected package:',
      '- c 2\\.0\\.0 **high** [GHSA\\-1](https://github.com/advisories/GHSA-1) by way of a \\> b \\> c',
    ],
  ));

test('very many advisories are cut, with their number', async () => {
  const advisories = Array.from({ length: 20 }, (_, index) => ({
    id: `GHSA-${String(index)}`,
    package: 'a',
    versions: '>=0',
  }));
  await checkHover(LINE, { installed: { a: '1.0.0' }, advisories }, ['- and 12 more']);
});

test('a dependency that is not from a registry says what it is', () =>
  checkHover('{ "dependencies": { "a": "$0github:x/a" } }', { installed: {} }, [
    '**Advisories, signature, health**: unknown, because from git: no registry signs or lists it',
  ]));

test('a name that an advisory matches only by its text is told to be matched by name', async () => {
  const card = await cardAt(
    `-- package.json --
{ "dependencies": { "@corp/a": "$01.0.0" } }
-- .npmrc --
@corp:registry=https://corp.example/
`,
    { installed: { '@corp/a': '1.0.0' }, advisories: [{ id: 'GHSA-1', package: '@corp/a', versions: '>=0' }] },
  );
  expect(card).toContain('matched by name');
  expect(card).toContain('there may be more, because');
});

test('the card is shown from the name to the end of the value, and nowhere else', async () => {
  const facts = { installed: { a: '1.0.0' } };
  for (const text of ['{ "dependencies": { "$0a": "1.0.0" } }', '{ "dependencies": { "a": "1.0.0$0" } }']) {
    expect(await cardAt(text, facts)).toBeDefined();
  }
  expect(await cardAt('{ "depen$0dencies": { "a": "1.0.0" } }', facts)).toBeUndefined();
  const { manifest, project, cursor } = await projectOf(LINE, facts);
  const shown = hover(manifest(), project, cursor(), LEARNED_AT, uriOf);
  expect(shown?.range).toEqual({ start: { line: 0, character: 21 }, end: { line: 0, character: 32 } });
});

test('hostile text of an advisory shows as the text that it is', async () => {
  const summary =
    'x](command:evil) <img src=x onerror=alert(1)> **bold** `code` https://evil.example www.evil.example me@evil.example\n# title &lt; $(zap) ![](https://evil.example/a.png)';
  const card = await cardAt(LINE, {
    installed: { a: '1.0.0' },
    advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0', summary }],
  });
  const row = (card ?? '').split('\n').find((line) => line.startsWith('- ')) ?? '';
  expect(row).toContain('x\\]\\(command:evil\\) &lt;img src\\=x onerror\\=alert\\(1\\)\\>');
  expect(row).toContain('\\*\\*bold\\*\\* \\`code\\`');
  // Without `://`, `www.` and `@` no Markdown reader makes a link by itself.
  expect(row.replace('https://github.com/advisories/GHSA-1', '')).not.toMatch(/:\/\/|www\.|\w@/);
  expect(row).toContain('\\# title &amp;lt; \\$\\(zap\\) \\!\\[\\]');
});

test('a hostile id cannot end its link and begin another', async () => {
  const id = 'GHSA-1) [click](command:evil';
  const card = await cardAt(LINE, { installed: { a: '1.0.0' }, advisories: [{ id, package: 'a', versions: '>=0' }] });
  const row = (card ?? '').split('\n').find((line) => line.startsWith('- ')) ?? '';
  expect(row.match(/(?<!\\)\]\(/g)).toHaveLength(1);
  expect(row).toMatch(/\]\(https:\/\/github\.com\/advisories\/GHSA-1[^()<>\s]*\)/);
});

test('text that is no well-formed Unicode, and times that are none, do no harm', async () => {
  const card = await cardAt(LINE, {
    installed: { a: '1.0.0' },
    advisories: [{ id: 'GHSA-\ud800', package: 'a', versions: '>=0', summary: '\udfff\u202ex' }],
    registry: { a: [{ version: '1.0.0', publishedAt: 1e300 }] },
  });
  expect(card).toContain('**Advisories**: **1, high**');
});

test('a catalog line has the same card', async () => {
  const text = `-- pnpm-workspace.yaml --
catalog:
  a: $0^1.0.0
-- package.json --
{ "dependencies": { "a": "catalog:" } }
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: 'catalog:'
        version: 1.0.0
packages:
  a@1.0.0:
    resolution: {integrity: sha512-AAAA}
snapshots:
  a@1.0.0: {}
`;
  await checkHover(text, {}, ['**a 1\\.0\\.0** · installed']);
  expect(pathIn('pnpm-workspace.yaml')).toBe('/project/pnpm-workspace.yaml');
});

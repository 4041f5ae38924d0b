import { describe, expect, it } from 'vitest';

import type { ProvenanceSource } from '../../server/src/core/evidence.ts';
import { changeMarkdown } from '../../server/src/features/change-markdown.ts';
import { broughtInText, changeNotes, reviewTitle, versionsText } from '../../server/src/features/change-words.ts';
import { reviewChanges, type ChangeReview } from '../../server/src/workspace/change-review.ts';
import { provenanceOf, releaseOf } from '../support/release-of.ts';
import { DAY_MS, LEARNED_AT } from '../support/fake-knowledge.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

const MANIFEST = '-- package.json --\n{ "name": "app", "dependencies": { "a": "^1.0.0" } }\n';
type Installed = NonNullable<ProjectFacts['installed']>;

async function review(
  before: string | Installed,
  now: string | Installed,
  facts: ProjectFacts = {},
): Promise<ChangeReview> {
  const state = async (of: string | Installed) =>
    (await (typeof of === 'string' ? projectOf(of, facts) : projectOf(MANIFEST, { ...facts, installed: of }))).snapshot
      .projects;
  return reviewChanges(await state(before), await state(now));
}

/** One line for each change: `kind name from > to (brought in by): notes`. */
async function check(
  before: string | Installed,
  now: string | Installed,
  expected: readonly string[],
  facts: ProjectFacts = {},
): Promise<ChangeReview> {
  const found = await review(before, now, facts);
  const lines = found.projects
    .flatMap(({ changes }) => changes)
    .map((change) => {
      const notes = changeNotes(change).join('; ');
      const versions = `${versionsText(change.from)} > ${versionsText(change.to)}`.trim();
      return `${change.kind} ${change.name} ${versions} (${broughtInText(change)})${notes === '' ? '' : `: ${notes}`}`;
    });
  expect(lines).toEqual(expected);
  return found;
}

/** A lockfile of one package whose entry says more than its version. */
function locked(entry: object, name = 'a'): string {
  const packages = { '': { name: 'app', dependencies: { [name]: '^1.0.0' } }, [`node_modules/${name}`]: entry };
  return `${MANIFEST}-- package-lock.json --\n${JSON.stringify({ lockfileVersion: 3, packages }, undefined, 2)}\n`;
}

describe('a change review', () => {
  it('tells what came, went and moved, and by whom it is brought', async () => {
    await check(
      { a: '1.0.0 needs b c', b: '1.0.0', c: '2.0.0' },
      { a: '1.1.0 needs c d', c: '1.9.0', d: '1.0.0 needs e', e: '0.1.0' },
      [
        'downgraded c 2.0.0 > 1.9.0 (a): an older version than before',
        'upgraded a 1.0.0 > 1.1.0 (direct)',
        'removed b 1.0.0 > (a)',
        'added d > 1.0.0 (a)',
        'added e > 0.1.0 (a > d)',
      ],
    );
  });

  it('is empty where nothing changed', async () => {
    const found = await check({ a: '1.0.0' }, { a: '1.0.0' }, []);
    expect(reviewTitle(found)).toBe('No package changes');
  });

  it('says that another version stays beside', async () => {
    await check(
      { a: '1.0.0 needs b', b: '1.0.0' },
      { a: '1.0.0 needs b c', b: '1.0.0', c: '1.0.0 needs b', 'c/node_modules/b': '2.0.0' },
      ['added b > 2.0.0 (a > c): 1.0.0 stays beside it', 'added c > 1.0.0 (a)'],
    );
  });

  it('tells new findings and those that are gone', async () => {
    const found = await check(
      { a: '1.0.0' },
      { a: '1.1.0' },
      ['upgraded a 1.0.0 > 1.1.0 (direct): GHSA-new (high) is new; clears 1 advisory'],
      {
        advisories: [
          { id: 'GHSA-old', package: 'a', versions: '>=0 <1.1.0', severity: 'high' },
          { id: 'GHSA-new', package: 'a', versions: '>=1.1.0 <1.2.0', severity: 'high' },
        ],
      },
    );
    expect(reviewTitle(found)).toBe('1 upgraded; 1 advisory new, 1 gone');
  });

  it('does not call a finding new that moved, or gone that another project has', async () => {
    const found = await review(
      { a: '1.0.0' },
      { a: '1.0.1' },
      {
        advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0 <2.0.0', severity: 'high' }],
      },
    );
    expect([found.newFindings, found.goneFindings]).toEqual([[], []]);
  });

  it('does not call a finding gone that somebody has decided about', async () => {
    const facts = {
      installed: { a: '1.0.0' },
      advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0', severity: 'high' as const }],
    };
    const decision = '-- .provender.jsonc --\n{ "ignore": [{ "advisory": "GHSA-1" }] }\n';
    const found = await review(MANIFEST, `${MANIFEST}${decision}`, facts);
    expect([found.newFindings, found.goneFindings]).toEqual([[], []]);
  });

  it('names the same version with another hash or from another place', async () => {
    const sha512 = (letter: string): string => `sha512-${letter.repeat(86)}==`;
    await check(
      locked({ version: '1.0.0', integrity: sha512('A') }),
      locked({ version: '1.0.0', integrity: sha512('B') }),
      ['replaced a 1.0.0 > 1.0.0 (direct): the same version with another hash'],
    );
    await check(
      locked({ version: '1.0.0' }),
      locked({ version: '1.0.0', resolved: 'https://mirror.example/a/-/a-1.0.0.tgz' }),
      ['replaced a 1.0.0 > 1.0.0 (direct): the same version from another place'],
    );
    // A stronger hash, or one that was missing, is nothing to look at.
    await check(
      locked({ version: '1.0.0', integrity: 'sha1-x' }),
      locked({ version: '1.0.0', integrity: sha512('A') }),
      [],
    );
    await check(locked({ version: '1.0.0' }), locked({ version: '1.0.0', integrity: sha512('A') }), []);
  });

  it('names an install script that is new', async () => {
    await check(locked({ version: '1.0.0' }), locked({ version: '1.0.1', hasInstallScript: true }), [
      'upgraded a 1.0.0 > 1.0.1 (direct): runs an install script, which is new',
    ]);
    await check(
      locked({ version: '1.0.0', hasInstallScript: true }),
      locked({ version: '1.0.1', hasInstallScript: true }),
      ['upgraded a 1.0.0 > 1.0.1 (direct): runs an install script, as before'],
    );
  });

  it('knows what the registry says of what came', async () => {
    await check(
      { a: '1.0.0' },
      { a: '1.0.1' },
      ['upgraded a 1.0.0 > 1.0.1 (direct): not signed, as it was before; deprecated: use b; published 3 days ago'],
      {
        registry: {
          a: ['1.0.0', { version: '1.0.1', deprecated: 'use b', publishedAt: LEARNED_AT - 3 * DAY_MS }],
        },
        signatures: {
          'a@1.0.0': { verdict: 'signed', message: '' },
          'a@1.0.1': { verdict: 'unsigned', message: '' },
        },
      },
    );
  });

  it('names what nobody asks for', async () => {
    const packages = (stray: object): string =>
      `${MANIFEST}-- package-lock.json --\n${JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies: { a: '^1.0.0' } }, 'node_modules/a': { version: '1.0.0' }, ...stray } })}`;
    await check(packages({}), packages({ 'node_modules/stray': { version: '1.0.0' } }), [
      'added stray > 1.0.0 (): nobody asks for it',
    ]);
  });

  it('says what could not be checked', async () => {
    const { unchecked } = await review(
      { a: '1.0.0' },
      { a: '1.0.0 needs b', b: '1.0.0' },
      { unknown: { b: 'OSV.dev timed out' } },
    );
    expect(unchecked).toMatchObject([{ name: 'b', version: '1.0.0', reason: 'OSV.dev timed out' }]);
  });

  it('shows remote text as it is in Markdown', async () => {
    const name = 'a';
    const found = await review(
      locked({ version: '1.0.0' }, name),
      locked({ version: '1.0.1', deprecated: '[x](http://evil.example) <img src=x> | @all' }, name),
    );
    const text = changeMarkdown(found, { base: 'main (1234567)', shownPath: (path) => path.replace('/project/', '') });
    expect(text).toContain('<details><summary>package-lock.json: 1</summary>');
    expect(text).toContain('**1 upgraded; 0 advisories new, 0 gone** since main \\(1234567\\)');
    expect(text).toContain('deprecated: \\[x\\]\\(http&#58;//evil\\.example\\) &lt;img src\\=x\\> \\| &#64;all');
  });
});

describe('a change of hands', () => {
  const built = (changes: Partial<ProvenanceSource> = {}) => ({
    verdict: 'provenance-verified' as const,
    message: 'built',
    source: provenanceOf(changes),
  });
  const signed = { verdict: 'signed' as const, message: 'signed' };

  it.each([
    ['the provenance is gone', built(), signed, {}, {}, ': no provenance any more, as it had from github.com/acme/a'],
    ['the attestations are only not at hand', built(), signed, {}, { attested: true }, ''],
    [
      'it is built from another repository',
      built(),
      built({ repository: 'https://github.com/evil/a', repositoryId: '2' }),
      {},
      {},
      ': built from github.com/evil/a, before from github.com/acme/a',
    ],
    ['the repository was renamed', built(), built({ repository: 'https://github.com/acme/renamed' }), {}, {}, ''],
    [
      'another workflow builds it',
      built(),
      built({ workflow: '.github/workflows/evil.yml' }),
      {},
      {},
      ': built by .github/workflows/evil.yml, before by .github/workflows/release.yml',
    ],
    [
      'somebody else publishes it',
      signed,
      signed,
      { publisher: 'ada' },
      { publisher: 'eve' },
      ': published by eve, before by ada',
    ],
    ['it is built by a workflow now', signed, built(), { publisher: 'ada' }, { publisher: 'GitHub Actions' }, ''],
    [
      'it runs an install script now',
      signed,
      signed,
      {},
      { hasInstallScript: true },
      ': runs an install script, which is new',
    ],
    ['nothing is known of the version before', undefined, signed, undefined, { publisher: 'eve' }, ''],
  ])('%s', async (_, was, is, before, after, expected) => {
    await check({ a: '1.0.0' }, { a: '1.1.0' }, [`upgraded a 1.0.0 > 1.1.0 (direct)${expected}`], {
      signatures: { ...(was && { 'a@1.0.0': was }), 'a@1.1.0': is },
      releases: {
        ...(before && { 'a@1.0.0': releaseOf('1.0.0', before) }),
        'a@1.1.0': releaseOf('1.1.0', after),
      },
    });
  });
});

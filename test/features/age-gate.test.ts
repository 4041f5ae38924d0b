import { expect, test } from 'vitest';

import { codeActions } from '../../server/src/features/code-actions/code-actions.ts';
import { completion } from '../../server/src/features/completion.ts';
import { hover } from '../../server/src/features/hover.ts';
import { projectOf, uriOf, type ProjectFacts } from '../support/project-of.ts';

/** The fake clock stands at noon of 15 January 2026. */
const FACTS: ProjectFacts = {
  installed: { a: '1.0.0' },
  advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0 <1.1.0' }],
  registry: {
    a: [
      { version: '1.0.0', publishedAt: Date.parse('2025-01-01T00:00:00Z') },
      { version: '1.1.0', publishedAt: Date.parse('2026-01-14T14:00:00Z') },
    ],
  },
};
const MANIFEST = '-- package.json --\n{ "dependencies": { "a": "$01.0.0" } }\n';

async function check(npmrc: string, waitMs = 0) {
  const { clock, cursor, manifest, project: first, workspace } = await projectOf(`${MANIFEST}${npmrc}`, FACTS);
  expect(first.manifests).toHaveLength(1);
  await clock.advance(waitMs);
  workspace.flush();
  const [project = first] = workspace.snapshot.projects;
  const request = { range: { start: cursor(), end: cursor() }, only: undefined, canPrepareInstall: false };
  return {
    fixes: codeActions(manifest(), project, request)
      .filter(({ kind }) => kind === 'quickfix')
      .map(({ title }) => title),
    card: JSON.stringify(hover(manifest(), project, cursor(), clock.now(), uriOf)?.contents).replaceAll('\\\\', ''),
    newest: completion(manifest(), project, cursor())[0]?.detail,
  };
}

test('a fix that the age gate holds back is offered only with what lets it through, and the hover says until when', async () => {
  const { fixes, card, newest } = await check('-- .npmrc --\nmin-release-age=3\n');
  expect(fixes).toEqual([expect.stringMatching(/^Let a, in every version, through/)]);
  expect(card).toContain('Age gate: the fix 1.1.0 is installable from 2026-01-17 14:00 UTC');
  expect(newest).toContain('too new for your age gate, installable from 2026-01-17 14:00 UTC');
});

test('the fix is offered once the gate has opened', async () => {
  const { fixes, card } = await check('-- .npmrc --\nmin-release-age=3\n', 3 * 24 * 3_600_000);
  expect(fixes).toHaveLength(1);
  expect(card).not.toContain('Age gate');
});

test('a name that is let through, and a project without a gate, have their fix', async () => {
  expect((await check('-- .npmrc --\nmin-release-age=3\nmin-release-age-exclude[]=a\n')).fixes).toHaveLength(1);
  expect((await check('-- .npmrc --\nloglevel=warn\n')).fixes).toHaveLength(1);
});

const LET = 'installable from 2026-01-17 14:00 UTC';

async function letThrough(documents: string, facts: ProjectFacts = FACTS) {
  const { cursor, files, manifest, project } = await projectOf(documents, facts);
  const request = { range: { start: cursor(), end: cursor() }, only: undefined, canPrepareInstall: false };
  const actions = codeActions(manifest(), project, request);
  const action = actions.find(({ title }) => title.startsWith('Let '));
  const [late] = action?.late ?? [];
  const text = late === undefined ? undefined : await files.readText(late.path);
  const replacements = text === undefined ? undefined : late?.replacements(text);
  const [made] = replacements ?? [];
  const { edits = [], isPreferred, title } = action ?? {};
  return {
    title,
    isPreferred,
    isLast: action !== undefined && actions.at(-1) === action,
    writes: edits.map(({ newText }) => newText),
    after: made && text && text.slice(0, made.span.start) + made.newText + text.slice(made.span.end),
  };
}

test('a fix that the gate holds back comes with the edit that lets it through, behind all others', async () => {
  expect(await letThrough(`${MANIFEST}-- .npmrc --\nmin-release-age=3\n`)).toEqual({
    title: `Let a, in every version, through the age gate and upgrade to 1.1.0 (${LET})`,
    isPreferred: false,
    isLast: true,
    writes: ['1.1.0'],
    after: 'min-release-age=3\nmin-release-age-exclude[]=a\n',
  });
});

test('an untrusted workspace lets nothing through, so nothing is offered', async () => {
  const { title } = await letThrough(`${MANIFEST}-- .npmrc --\nmin-release-age=3\n`, { ...FACTS, trusted: false });
  expect(title).toBeUndefined();
});

const STRICT = 'minimumReleaseAgeStrict: true\n';
const PNPM = `-- package.json --
{ "packageManager": "pnpm@11.2.0", "dependencies": { "a": "$01.0.0" } }
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: 1.0.0
        version: 1.0.0
packages:
  a@1.0.0:
    resolution: {integrity: sha512-a}
snapshots:
  a@1.0.0: {}
`;

test('the wait that a version of the package manager brings is a gate like any other', async () => {
  const { title, after } = await letThrough(`${PNPM}-- pnpm-workspace.yaml --\n${STRICT}`);
  expect(title).toBe('Let a 1.1.0 through the age gate and upgrade to it (installable from 2026-01-15 14:00 UTC)');
  expect(after).toBe(`${STRICT}minimumReleaseAgeExclude:\n  - 'a@1.1.0'\n`);
  const older = PNPM.replace('pnpm@11.2.0', 'pnpm@10.34.9');
  expect((await letThrough(`${older}-- pnpm-workspace.yaml --\n${STRICT}`)).title).toBeUndefined();
});

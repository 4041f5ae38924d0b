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

test('a fix that the age gate holds back is not offered, and the hover says until when', async () => {
  const { fixes, card, newest } = await check('-- .npmrc --\nmin-release-age=3\n');
  expect(fixes).toEqual([]);
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

import { expect, test } from 'vitest';

import type { Release } from '../../server/src/core/registry-package.ts';
import { hover } from '../../server/src/features/hover.ts';
import { baseOf } from '../support/base-of.ts';
import { checkDiagnostics } from '../support/check-diagnostics.ts';
import { LEARNED_AT } from '../support/fake-knowledge.ts';
import { provenanceOf, releaseOf } from '../support/release-of.ts';
import { projectOf, uriOf, type ProjectFacts } from '../support/project-of.ts';

const SIGNED = { verdict: 'signed', message: 'Signed' } as const;

/** A branch took `a` from 1.0.0, published by ada, to 1.1.0. */
function bumped(is: Partial<Release>, more: ProjectFacts = {}): ProjectFacts {
  return {
    installed: { a: '1.1.0' },
    base: baseOf('origin/main', ['a@1.1.0'], { a: ['0.9.0', '1.0.0'] }),
    signatures: { 'a@1.0.0': SIGNED, 'a@1.1.0': SIGNED },
    releases: {
      'a@1.0.0': releaseOf('1.0.0', { publisher: 'ada' }),
      'a@1.1.0': releaseOf('1.1.0', { publisher: 'ada', ...is }),
    },
    ...more,
  };
}

const check = (squiggle: string, facts: ProjectFacts): Promise<void> =>
  checkDiagnostics(`{ "dependencies": {\n  "a": "^1.0.0"\n${squiggle}} }`, facts);

test('what a branch takes that other hands published is said on its line', () =>
  check(
    `        ^^^^^^ information publication-changed: a 1.1.0: published by eve, before by ada; runs an install script, which is new. origin/main has 1.0.0.\n`,
    bumped({ publisher: 'eve', hasInstallScript: true }),
  ));

test('provenance that is gone is a warning', () =>
  check(
    `        ^^^^^^ warning publication-changed: a 1.1.0: no provenance any more, as it had from github.com/acme/a. origin/main has 1.0.0.\n`,
    bumped(
      {},
      {
        signatures: {
          'a@1.0.0': {
            verdict: 'provenance-verified',
            message: 'Built',
            source: provenanceOf(),
          },
          'a@1.1.0': SIGNED,
        },
      },
    ),
  ));

test('nothing is said where nothing changed, nobody knows, or signatures are not wanted', async () => {
  await check('', bumped({}));
  await check('', bumped({ publisher: 'eve' }, { releases: {} }));
  await check('', bumped({ publisher: 'eve' }, { base: baseOf('origin/main', [], { a: ['1.0.0'] }) }));
  await check('', bumped({ publisher: 'eve' }, { settings: { signatures: { enable: false } } }));
});

test('the hover says which version the branch left behind', async () => {
  const { manifest, project, cursor } = await projectOf(
    '{ "dependencies": { "a": "$0^1.0.0" } }',
    bumped({ publisher: '<b>' }),
  );
  expect(JSON.stringify(hover(manifest(), project, cursor(), LEARNED_AT, uriOf))).toContain(
    'origin/main has 1\\\\.0\\\\.0 · published by &lt;b\\\\>, before by ada',
  );
});

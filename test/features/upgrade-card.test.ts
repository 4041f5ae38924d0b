import { expect, test } from 'vitest';

import { hover } from '../../server/src/features/hover.ts';
import { DAY_MS, LEARNED_AT } from '../support/fake-knowledge.ts';
import { projectOf, uriOf, type ProjectFacts } from '../support/project-of.ts';

async function rows(text: string, facts: ProjectFacts): Promise<string[]> {
  const { manifest, project, cursor } = await projectOf(text, facts);
  const { contents } = hover(manifest(), project, cursor(), LEARNED_AT, uriOf) ?? { contents: '' };
  const card = typeof contents === 'object' && 'value' in contents ? contents.value.replaceAll('\\', '') : '';
  const [, list = ''] = card.split('**Upgrades**:\n\n');
  return (
    list
      .split('\n\n')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('- ')) ?? []
  );
}

const LINE = '{ "engines": { "node": ">=18" }, "dependencies": { "a": "$0^1.0.0", "react": "17.0.2" } }';
const RELEASED = (days: number): number => LEARNED_AT - days * DAY_MS;

test('the smallest clean version, the latest of the major and the latest each say what they change', async () => {
  const facts: ProjectFacts = {
    installed: { a: '1.0.0', react: '17.0.2' },
    advisories: [
      { id: 'GHSA-1', package: 'a', versions: '>=0 <1.1.0' },
      { id: 'GHSA-2', package: 'a', versions: '>=1.2.0 <2.0.0' },
      { id: 'GHSA-3', package: 'deep', versions: '>=0 <2.0.0' },
    ],
    registry: {
      a: [
        { version: '1.0.0', publishedAt: RELEASED(400) },
        { version: '1.1.0', publishedAt: RELEASED(50) },
        { version: '1.2.0', publishedAt: RELEASED(30), dependencies: { deep: '^1.0.0' } },
        { version: '2.0.0', publishedAt: RELEASED(12), nodeEngine: '>=20', peerDependencies: { react: '^18.0.0' } },
      ],
      react: ['17.0.2', '18.0.0'],
      deep: ['1.0.0'],
    },
  };
  expect(await rows(LINE, facts)).toEqual([
    '- **1.1.0** no known advisory · fixes 1, leaves 0, new 0 · brings in: nothing affected · published 50 days ago',
    '- **1.2.0** latest 1.x · fixes 1, leaves 0, new 1 · brings in: up to 1 affected · published 30 days ago',
    '- **2.0.0** latest · fixes 1, leaves 0, new 0 · brings in: nothing affected · published 12 days ago · **needs react ^18.0.0**, installed 17.0.2 · **needs Node >=20**',
  ]);
});

test('what is installed already and was not checked is unknown and not nothing', async () => {
  const facts: ProjectFacts = {
    installed: { a: '1.0.0 needs low', low: '1.0.0' },
    advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0 <1.1.0' }],
    registry: {
      a: [
        { version: '1.0.0', dependencies: { low: '1.0.0' } },
        { version: '1.1.0', dependencies: { low: '1.0.0' } },
      ],
      low: ['1.0.0'],
    },
    unknown: { low: 'OSV.dev timed out' },
  };
  expect(await rows('{ "dependencies": { "a": "$0^1.0.0" } }', facts)).toEqual([
    '- **1.1.0** no known advisory, latest 1.x, latest · fixes 1, leaves 0, new 0 · brings in: unknown',
  ]);
});

test('what is not known to its end is unknown and not nothing, and one version has one row', async () => {
  const facts: ProjectFacts = {
    installed: { a: '1.0.0' },
    advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0 <1.1.0' }],
    registry: { a: ['1.0.0', { version: '1.1.0', dependencies: { unasked: '1.0.0' } }] },
  };
  expect(await rows('{ "dependencies": { "a": "$0^1.0.0" } }', facts)).toEqual([
    '- **1.1.0** no known advisory, latest 1.x, latest · fixes 1, leaves 0, new 0 · brings in: unknown',
  ]);
});

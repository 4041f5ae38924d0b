import { expect, test } from 'vitest';

import { codeLens } from '../../server/src/features/code-lens.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

async function lensesOf(text: string, facts: ProjectFacts): Promise<string[]> {
  const { manifest, project } = await projectOf(text, facts);
  return codeLens(manifest(), project).map(
    ({ range, command }) => `${String(range.start.line)}: ${command?.title ?? ''}`,
  );
}

const TEXT = `{
  "dependencies": { "a": "1.0.0", "b": "1.0.0" },
  "devDependencies": { "c": "1.0.0" },
  "peerDependencies": {}
}`;

const FACTS = {
  installed: { a: '1.0.0', b: '1.0.0 needs z', c: '1.0.0 dev', z: '1.0.0' },
  advisories: [
    { id: 'GHSA-1', package: 'a', versions: '>=0' },
    { id: 'GHSA-2', package: 'z', versions: '>=0' },
  ],
};

test('each block that holds dependencies has a summary above it', async () => {
  expect(await lensesOf(TEXT, { ...FACTS, settings: { codeLens: true } })).toEqual([
    '1: 2 dependencies: 1 advisory, 1 bring in affected packages',
    '2: 1 dependency: 0 advisories, 0 bring in affected packages',
  ]);
});

test('unless the settings ask for it there is none', async () => {
  expect(await lensesOf(TEXT, FACTS)).toEqual([]);
});

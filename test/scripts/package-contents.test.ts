import { expect, test } from 'vitest';
import { contentFaults } from '../../scripts/package/contents.ts';

const COMPLETE = [
  'extension.vsixmanifest',
  '[Content_Types].xml',
  'extension/package.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/dist/extension.cjs',
  'extension/dist/server.cjs',
  'extension/dist/chunks/undici.cjs',
  'extension/dist/THIRD_PARTY_NOTICES.txt',
  'extension/resources/icon.png',
  'extension/resources/risks.svg',
  'extension/resources/openvex.schema.json',
  'extension/resources/provender.schema.json',
  'extension/docs/data-sources.md',
];

test('a package that holds what runs and what has to be said is as it should be', () => {
  expect(contentFaults(COMPLETE)).toEqual([]);
});

test.each([
  'extension/server/src/main.ts',
  'extension/dist/server.cjs.map',
  'extension/.npmrc',
  'extension/node_modules/a/a.js',
])('a package must not hold %s', (path) => {
  expect(contentFaults([...COMPLETE, path])).toEqual([`it holds ${path}`]);
});

test('a package without its licences must not be given away', () => {
  const names = COMPLETE.filter((name) => !name.includes('NOTICES'));
  expect(contentFaults(names)).toEqual(['it lacks extension/dist/THIRD_PARTY_NOTICES.txt']);
});

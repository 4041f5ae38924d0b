import { expect, test } from 'vitest';

import { npm } from '../../../server/src/ecosystems/npm/index.ts';

/** The text after the edit; undefined when there is none. */
function after(document: string, text: string, name = 'a'): string | undefined {
  const gate = { minimumAgeMs: 1, before: undefined, excluded: [], excludeIn: `/project/${document}` };
  const [made] = npm.letThrough(gate, { name, version: '1.1.0' })?.edit.replacements(text) ?? [];
  return made && text.slice(0, made.span.start) + made.newText + text.slice(made.span.end);
}

const LIST = 'minimumReleaseAgeExclude';

test.each([
  ['no list', 'minimumReleaseAge: 5', `minimumReleaseAge: 5\n${LIST}:\n  - 'a@1.1.0'\n`],
  ['a list', `${LIST}:\n- b # own\nx: 1\n`, `${LIST}:\n- b # own\n- 'a@1.1.0'\nx: 1\n`],
  ['an indented list', `${LIST}:\n    - 'b'\n`, `${LIST}:\n    - 'b'\n    - 'a@1.1.0'\n`],
  ['a list in brackets', `${LIST}: [b, "c"] # own\n`, `${LIST}: [b, "c", 'a@1.1.0'] # own\n`],
  ['an empty list', `${LIST}: []\n`, `${LIST}: ['a@1.1.0']\n`],
  ['other line ends', `x: 1\r\n${LIST}:\r\n  - b\r\n`, `x: 1\r\n${LIST}:\r\n  - b\r\n  - 'a@1.1.0'\r\n`],
] as const)('a version joins %s', (_, text, expected) => {
  expect(after('pnpm-workspace.yaml', text)).toBe(expected);
});

test.each([
  ['a text in place of a list', `${LIST}: b\n`],
  ['a list that is not written yet', `${LIST}:\nx: 1\n`],
  ['a map in braces', '{ minimumReleaseAge: 5 }\n'],
  ['a broken document', `${LIST}: [b\n`],
] as const)('%s is left alone', (_, text) => {
  expect(after('pnpm-workspace.yaml', text)).toBeUndefined();
});

test('yarn names what is approved before its time', () => {
  expect(after('.yarnrc.yml', 'npmMinimalAgeGate: 3d\n', '@own/a')).toBe(
    "npmMinimalAgeGate: 3d\nnpmPreapprovedPackages:\n  - '@own/a@1.1.0'\n",
  );
});

test.each([
  ['a file without a list', 'min-release-age=3', 'min-release-age=3\nmin-release-age-exclude[]=a\n'],
  ['a list', 'min-release-age-exclude[]=b\n', 'min-release-age-exclude[]=b\nmin-release-age-exclude[]=a\n'],
  ['a section, in which it would be no setting', 'min-release-age=3\n[own]\n', undefined],
] as const)('npm: a name joins %s', (_, text, expected) => {
  expect(after('.npmrc', text)).toBe(expected);
});

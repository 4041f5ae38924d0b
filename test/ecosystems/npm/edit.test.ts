import { expect, test } from 'vitest';
import { setVersion } from '../../../server/src/ecosystems/npm/edit.ts';
import { parseManifest } from '../../../server/src/ecosystems/npm/manifest/manifest.ts';

/** The text after its only dependency was asked for that version; undefined when it cannot be. */
function edited(text: string, version: string, path = 'package.json'): string | undefined {
  const [dependency] = parseManifest(path, text).value.dependencies;
  const edit = dependency && setVersion(dependency, version);
  return edit && text.slice(0, edit.span.start) + edit.newText + text.slice(edit.span.end);
}

test.each([
  ['{"dependencies":{"a":"^1.2.3"}}', '{"dependencies":{"a":"^1.4.0"}}'],
  ['{"dependencies":{"a":" ~1.2.3 "}}', '{"dependencies":{"a":" ~1.4.0 "}}'],
  ['{"dependencies":{"a":"npm:@s/b@>=1.2.3"}}', '{"dependencies":{"a":"npm:@s/b@>=1.4.0"}}'],
  ['{"dependencies":{"a":"npm:1.2.3"}}', '{"dependencies":{"a":"npm:1.4.0"}}'],
  ['\uFEFF{\r\n"dependencies":{"a":"0.x"}}', '\uFEFF{\r\n"dependencies":{"a":"1.x"}}'],
  ['{"dependencies":{"a":"~1.4"}}', '{"dependencies":{"a":"~1.4.0"}}'],
])('%s asks for 1.4.0 as %s', (before, after) => {
  expect(edited(before, '1.4.0')).toBe(after);
});

test('in a catalog quotes and comments stay', () => {
  const text = "catalog:\n  'a': '^1.2.3' # why\n";
  expect(edited(text, '1.4.0', 'pnpm-workspace.yaml')).toBe("catalog:\n  'a': '^1.4.0' # why\n");
});

test.each([
  'latest',
  '1.x',
  '^1.4.0',
  '',
  '*',
  '<2',
  'workspace:^1.0.0',
  'catalog:',
  'o/r',
  'npm:b',
  'file:../b',
  '\\u005e1.2.3',
  'npm:b@\\u005e1.2.3',
])('"%s" is not changed, since it has no version of that form', (value) => {
  expect(edited(`{"dependencies":{"a":"${value}"}}`, '1.4.0')).toBeUndefined();
});

import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

import { provenderFile } from '../../server/src/decisions/provender-file.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Editor and reader must agree: what the schema calls wrong is not applied, and the other way round. */
function check(entry: object, isGood: boolean): void {
  const schema: unknown = JSON.parse(readFileSync(join(ROOT, 'resources/provender.schema.json'), 'utf8'));
  // What only editors know (snippets, commas) is passed over.
  const isValid = new Ajv({ strict: false }).compile(schema as object)({ ignore: [entry] });
  const read = provenderFile.read(JSON.stringify({ ignore: [entry] }), '.provender.jsonc');
  expect({ schema: isValid, reader: read?.value.length === 1 && read.problems.length === 0 }).toEqual({
    schema: isGood,
    reader: isGood,
  });
}

test.each([
  { advisory: 'GHSA-35jh-r3h4-6jhm' },
  { advisory: 'CVE-2026-1', package: '@scope/name', reason: 'internal only', author: 'Ada', date: '2026-11-26' },
  { advisory: 'CVE-2026-1', until: '2027-01-31' },
  { advisory: 'CVE-2026-1', until: '2027-01-31T12:00:00Z' },
  { advisory: 'CVE-2026-1', until: 'fixed' },
  { advisory: 'CVE-2026-1', package: 'a', version: '1.0.0', until: 'version' },
  { signature: 'downgrade', package: 'a', version: '1.0.0', reason: 'published by hand' },
])('%o is applied', (entry) => check(entry, true));

test.each([
  {},
  { package: 'a' },
  { advisory: 'CVE-2026-1', until: 'later' },
  { advisory: 'CVE-2026-1', until: 'version' },
  { advisory: 7 },
  { advisory: 'CVE-2026-1', until: 7 },
  { advisory: 'CVE-2026-1', package: 7 },
  { signature: 'downgrade', package: 'a' },
  { signature: 'downgrade', version: '1.0.0' },
  { signature: 'invalid', package: 'a', version: '1.0.0' },
  { signature: 'signed', package: 'a', version: '1.0.0' },
  { signature: 'downgrade', advisory: 'CVE-2026-1', package: 'a', version: '1.0.0' },
])('%o is not', (entry) => check(entry, false));

test('VS Code knows the schema by the name of the file', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    contributes: { jsonValidation: { fileMatch: string; url: string }[] };
  };
  const [item] = manifest.contributes.jsonValidation;
  expect(item?.fileMatch).toBe('.provender.jsonc');
  expect(() => readFileSync(join(ROOT, item?.url ?? ''))).not.toThrow();
});

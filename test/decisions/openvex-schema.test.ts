import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

import { openVex } from '../../server/src/decisions/openvex.ts';
import { newDecisionFile, type DecisionSubject } from '../../server/src/decisions/write-decision.ts';

const ROOT = resolve(import.meta.dirname, '../..');

function isValid(document: unknown): boolean {
  const schema = JSON.parse(readFileSync(join(ROOT, 'resources/openvex.schema.json'), 'utf8')) as object;
  // What only editors know (snippets, descriptions of words) is passed over.
  return new Ajv({ strict: false }).compile(schema)(document);
}

const SUBJECT: DecisionSubject = {
  id: 'GHSA-1',
  aliases: ['CVE-2026-1'],
  name: 'a',
  version: '1.0.0',
  purl: 'pkg:npm/a@1.0.0',
  product: 'pkg:npm/app@2.0.0',
};

const WRITTEN: unknown = JSON.parse(
  newDecisionFile(
    { kind: 'not-affected', justification: 'vulnerable_code_not_present', statement: 'it is cut out' },
    [SUBJECT, { ...SUBJECT, product: undefined }],
    { author: 'Ada', now: Date.parse('2026-11-27T12:00:00Z') },
  ),
);

test('what is written is valid', () => expect(isValid(WRITTEN)).toBe(true));

/** A document of one statement, with changes to it. */
function documentWith(changes: Readonly<Record<string, unknown>>): object {
  const statement = {
    vulnerability: { name: 'CVE-2026-1' },
    products: [{ '@id': 'pkg:npm/a@1.0.0' }],
    status: 'not_affected',
    justification: 'component_not_present',
    ...changes,
  };
  const entries = Object.entries<unknown>(statement).filter(([, value]) => value !== undefined);
  return { ...(WRITTEN as object), statements: [Object.fromEntries(entries)] };
}

test.each([
  [{}, true],
  [{ justification: undefined, impact_statement: 'it is never called' }, true],
  [{ status: 'fixed', justification: undefined }, true],
  [{ status: 'under_investigation', justification: undefined }, true],
  [{ status: 'fine' }, false],
  [{ status: undefined }, false],
  [{ justification: undefined }, false],
  [{ vulnerability: undefined }, false],
  [{ products: [] }, false],
])('editor and reader agree on %o', (changes, isGood) => {
  const document = documentWith(changes);
  const read = openVex.read(JSON.stringify(document), 'openvex.json');
  const isRead = read !== undefined && read.value.length === 1 && read.problems.length === 0;
  expect({ schema: isValid(document), reader: isRead }).toEqual({ schema: isGood, reader: isGood });
});

test.each([{ justification: 'because' }, { timestamp: 'yesterday' }, { status: 'affected', justification: undefined }])(
  'the editor is stricter about %o, which OpenVEX does not allow',
  (changes) => {
    expect(isValid(documentWith(changes))).toBe(false);
  },
);

test('VS Code knows the schema by the names of the files', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    contributes: { jsonValidation: { fileMatch: string | string[]; url: string }[] };
  };
  const item = manifest.contributes.jsonValidation.find(({ url }) => url.endsWith('openvex.schema.json'));
  expect(item?.fileMatch).toEqual(['openvex.json', '*.openvex.json']);
});

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import Ajv from 'ajv-draft-04';

const schemaPath = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const schema = JSON.parse(readFileSync(schemaPath, 'utf8')) as object;
// Its formats are uri and date-time, which are annotations here.
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true, unicodeRegExp: false }).compile(
  schema,
);

/** What the published schema of SARIF 2.1.0 (rtm.5) finds wrong with a log, each with its place; empty when it is valid. */
export function sarifTrouble(log: unknown): string[] {
  validate(log);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ''}`);
}

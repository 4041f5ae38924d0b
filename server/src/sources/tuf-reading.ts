import type { TufReading } from '../core/ports.ts';
import { field, isObject } from '../core/json-fields.ts';
import { parseStored } from './json-answer.ts';

/** Undefined when it is not a reading that was stored. */
export function tufReadingOf(stored: unknown): TufReading | undefined {
  const metadata = textsOf(field(stored, 'metadata'));
  const targets = textsOf(field(stored, 'targets'));
  return metadata === undefined || targets === undefined ? undefined : { metadata, targets };
}

function textsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : []));
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The version of the root that a reading ended with; 0 when it has none. */
export function rootVersionOf(root: string | undefined): number {
  const signed = field(parseStored(root ?? ''), 'signed');
  const version = field(signed, 'version');
  return typeof version === 'number' ? version : 0;
}

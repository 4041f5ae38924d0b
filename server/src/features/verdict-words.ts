import type { SignatureVerdict } from '../core/evidence.ts';

type Shown = SignatureVerdict | 'unknown';

/** One word or two for a verdict, in the order of precedence. The same on every surface. */
export const VERDICT_WORDS: Readonly<Record<Shown, string>> = {
  invalid: 'invalid signature',
  unverifiable: 'cannot be verified',
  downgrade: 'lost provenance',
  'provenance-warning': 'doubtful provenance',
  unsigned: 'not signed',
  'signed-weak-pin': 'signed, not pinned',
  'provenance-verified': 'provenance verified',
  signed: 'signed',
  'registry-unsigned': 'registry signs nothing',
  'not-registry': 'not from a registry',
  unknown: 'not checked',
};

/** The same for the end of a line, where a mark is read before a word. */
export const VERDICT_MARKS: Readonly<Record<Shown, string>> = {
  invalid: '✗ INVALID signature',
  unverifiable: '? cannot check signature',
  downgrade: '⚠ lost provenance',
  'provenance-warning': '✓! provenance',
  unsigned: '⚠ not signed',
  'signed-weak-pin': '✓ signed*',
  'provenance-verified': '✓ provenance',
  signed: '✓ signed',
  'registry-unsigned': '',
  'not-registry': '',
  unknown: '',
};

/** What somebody should look at. */
export function isDoubtful(verdict: Shown): boolean {
  return DOUBTFUL.has(verdict);
}

const DOUBTFUL: ReadonlySet<Shown> = new Set([
  'invalid',
  'unverifiable',
  'downgrade',
  'provenance-warning',
  'unsigned',
]);

export const SHOWN_VERDICTS = Object.keys(VERDICT_WORDS) as readonly Shown[];

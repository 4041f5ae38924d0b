import type { CvssScore } from '../core/advisory.ts';
import type { Severity } from '../core/severity.ts';
import { loadCvssLibrary } from './load-cvss-library.ts';

const VERSIONS = ['4.0', '3.1', '3.0', '2.0'];

/**
 * The score of the newest CVSS version among some vectors; undefined when none of them is one.
 * @see https://www.first.org/cvss/
 */
export function bestScore(vectors: readonly string[]): CvssScore | undefined {
  const candidates = vectors
    .map((vector) => ({ vector, rank: VERSIONS.indexOf(versionOf(vector) ?? '') }))
    .filter(({ rank }) => rank !== -1)
    .sort((a, b) => a.rank - b.rank);
  for (const { vector } of candidates) {
    const score = scoreVector(vector);
    if (score !== undefined) return score;
  }
  return undefined;
}

/** The word for a score. Version 2 has no critical. */
export function bandOf(cvss: CvssScore): Severity {
  if (cvss.score >= 9 && cvss.version !== '2.0') return 'critical';
  if (cvss.score >= 7) return 'high';
  return cvss.score >= 4 ? 'medium' : 'low';
}

function versionOf(vector: string): string | undefined {
  if (vector.length > 500) return undefined;
  const prefix = /^CVSS:(4\.0|3\.1|3\.0|2\.0)\//.exec(vector);
  if (prefix !== null) return prefix[1];
  return /^\(?AV:[LAN]\/AC:[HML]\/Au:[MSN]\//.test(vector) ? '2.0' : undefined;
}

function scoreVector(vector: string): CvssScore | undefined {
  const version = versionOf(vector);
  if (version === undefined) return undefined;
  try {
    const parsed = parseVector(version, vector);
    if (!parsed.isBaseFullyDefined()) return undefined;
    const score = parsed.calculateScores().overall;
    return score >= 0 && score <= 10 ? { version, score: Math.round(score * 10) / 10, vector } : undefined;
  } catch {
    // The library throws on some malformed vectors. Such an advisory keeps its source's word.
    return undefined;
  }
}

interface ParsedVector {
  isBaseFullyDefined(): boolean;
  calculateScores(): { readonly overall: number };
}

function parseVector(version: string, vector: string): ParsedVector {
  const library = loadCvssLibrary();
  if (version === '4.0') return new library.Cvss4P0(vector);
  if (version === '3.1') return new library.Cvss3P1(vector);
  return version === '3.0' ? new library.Cvss3P0(vector) : new library.Cvss2(vector);
}

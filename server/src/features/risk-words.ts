import { isAdvisoryFinding, type Finding, type PlacedFinding } from '../core/finding.ts';
import { isExploited, isNeverImported } from '../core/rank-findings.ts';
import type { Remedy } from '../core/remedy.ts';
import { VERDICT_WORDS } from './verdict-words.ts';
import { countAdvisories, epssText, oneLine, severityText } from './words.ts';

/** "new · exploited · medium": exploited calls for attention whatever the score. */
export function severityWords(findings: readonly PlacedFinding[], severity: string): string {
  const words = [severity];
  if (isAnyExploited(findings)) words.unshift('exploited');
  if (findings.some(({ finding }) => finding.newSince !== undefined)) words.unshift('new');
  return words.join(' · ');
}

export function isAnyExploited(findings: readonly PlacedFinding[]): boolean {
  return findings.some(({ finding }) => isExploited(finding));
}

/** What there is to say of a package, or to do about it where that is one thing. */
export function whatWords(worst: Finding, advisories: number): string {
  if (worst.kind === 'malware') return 'remove it';
  if (worst.kind === 'deprecated') return 'deprecated';
  if (worst.kind === 'signature') return VERDICT_WORDS[worst.signature.verdict];
  return countAdvisories(advisories);
}

/** " → 4.17.21", with the number that it clears when that is not all. */
export function fixWords(remedy: Remedy | undefined, advisories: number): string {
  if (remedy === undefined) return '';
  const { to, clears } = remedy;
  return ` → ${to}${clears.length < advisories ? ` clears ${String(clears.length)}` : ''}`;
}

/** " · never imported", of what comes later for that. */
export function importWords(finding: Finding): string {
  return isNeverImported(finding) ? ' · never imported' : '';
}

/** Why a package comes later than others of its severity. */
export function importNote(finding: Finding): string[] {
  if (!isNeverImported(finding)) return [];
  const what = finding.direct ? 'it' : 'what brings it in';
  return [`No source here imports ${what}, so it comes later; a script or a configuration may still use it`];
}

/** " · new since origin/main". */
function newWords({ newSince }: Finding): string {
  return newSince === undefined ? '' : ` · new since ${oneLine(newSince)}`;
}

/** One line of a tooltip, which is plain text. */
export function tooltipLine(finding: Finding): string {
  if (!isAdvisoryFinding(finding)) return oneLine(finding.summary, 400) + newWords(finding);
  const fixed = finding.match.fixed === undefined ? 'no fixed version' : `fixed in ${finding.match.fixed}`;
  const epss = finding.epss === undefined ? '' : ` · ${epssText(finding.epss)}`;
  return `${finding.ruleId} (${severityText(finding)}): ${oneLine(finding.summary)} · ${fixed}${epss}${newWords(finding)}`;
}

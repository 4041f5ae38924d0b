import type { Severity } from '../core/severity.ts';
import { decisionText } from '../features/decision-words.ts';
import { oneLine } from '../features/words.ts';
import { describeCoverage } from '../workspace/coverage.ts';
import { affectedPackages, type AffectedPackage } from './affected-packages.ts';
import type { CheckResult } from './check-result.ts';
import { isKind, type CheckedFinding } from './checked-finding.ts';
import { severityColor, type Paint } from './colors.ts';
import { nextSteps } from './next-steps.ts';
import { printable } from './printable.ts';
import { fixWords, more, placeWords, severityWords, whereWords } from './row-words.ts';
import { describeSources } from './source-ages.ts';
import { alignRows } from './table.ts';
import { verdictOf, type Verdict } from './verdict.ts';

export interface CheckTableOptions {
  readonly offline: boolean;
  readonly failOn: Severity;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly paint: Paint;
}

/** The result for people: affected packages worst first, what else was seen, how complete it is, what to do. */
export function checkTable(result: CheckResult, options: CheckTableOptions): string {
  const packages = affectedPackages(result.findings);
  const blocks = [
    packages.length > 0 ? advisoryRows(packages, options.paint) : [],
    otherRows(
      'SIGNATURES',
      result.findings.filter((item) => isKind(item, 'signature')),
      options.paint,
    ),
    otherRows(
      'DEPRECATED',
      result.findings.filter((item) => isKind(item, 'deprecated')),
      options.paint,
    ),
    decidedRows(result, options.paint),
    hygieneRows(result, options.paint),
    problemLines(result, options.paint),
    summaryLines(result, packages, options),
    nextSteps(result, packages, options.offline),
  ];
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function advisoryRows(packages: readonly AffectedPackage[], paint: Paint): string[] {
  const rows = packages.map((item) => [
    { text: severityWords(item), color: severityColor(item.severity) },
    printable(`${item.name}@${item.version}`),
    ids(item),
    fixWords(item),
    whereWords(item),
  ]);
  return alignRows(['SEVERITY', 'PACKAGE', 'ADVISORIES', 'FIX', 'WHERE'], rows, paint);
}

const SHOWN_IDS = 2;

function ids({ advisories }: AffectedPackage): string {
  const shown = advisories.slice(0, SHOWN_IDS).map(({ ruleId }) => printable(ruleId, 60));
  return shown.join(', ') + more(advisories.length - SHOWN_IDS);
}

function otherRows(title: string, findings: readonly CheckedFinding[], paint: Paint): string[] {
  const rows = findings.map(({ finding, places }) => [
    printable(`${finding.package.name}@${finding.package.version}`),
    whereWords({ places, paths: finding.paths, direct: finding.direct }),
    printable(finding.summary),
  ]);
  return rows.length > 0 ? alignRows([title, 'WHERE', ''], rows, paint) : [];
}

const SHOWN_DECISIONS = 20;

/** What counts no longer, and who said so. */
function decidedRows({ decided }: CheckResult, paint: Paint): string[] {
  if (decided.length === 0) return [];
  const rows = decided
    .slice(0, SHOWN_DECISIONS)
    .map(({ item: { finding }, decision, place }) => [
      printable(`${finding.package.name}@${finding.package.version}`),
      placeWords(place),
      printable(decisionText({ finding, decision }), 400),
    ]);
  const rest = decided.length - rows.length;
  return [...alignRows(['DECIDED', 'BY', ''], rows, paint), ...(rest > 0 ? [`and ${String(rest)} more`] : [])];
}

const SHOWN_ISSUES = 10;

/** What is out of order between the documents. */
function hygieneRows({ hygiene }: CheckResult, paint: Paint): string[] {
  if (hygiene.length === 0) return [];
  const rows = hygiene
    .slice(0, SHOWN_ISSUES)
    .map(({ code, place, message }) => [code, placeWords(place), printable(message, 400)]);
  const rest = hygiene.length - rows.length;
  return [...alignRows(['HYGIENE', 'WHERE', ''], rows, paint), ...(rest > 0 ? [`and ${String(rest)} more`] : [])];
}

const SHOWN_PROBLEMS = 10;

function problemLines({ problems }: CheckResult, paint: Paint): string[] {
  if (problems.length === 0) return [];
  const shown = problems.slice(0, SHOWN_PROBLEMS).map(({ document, line, message }) => {
    return `  ${placeWords({ document, line, column: 1 })}  ${printable(message)}`;
  });
  const rest = problems.length - shown.length;
  return [paint('yellow', 'Not read:'), ...shown, ...(rest > 0 ? [`  and ${String(rest)} more`] : [])];
}

function summaryLines(result: CheckResult, packages: readonly AffectedPackage[], options: CheckTableOptions): string[] {
  const { coverage, sources } = result;
  return [
    paintVerdict(verdictOf(result, packages), options.paint),
    `Coverage: ${oneLine(describeCoverage(coverage), 1000)}`,
    `Sources: ${describeSources(sources, options.now)}`,
  ];
}

const TONES = { affected: 'bold', open: 'yellow', clear: 'green', empty: undefined } as const;

function paintVerdict({ text, tone }: Verdict, paint: Paint): string {
  const color = TONES[tone];
  return color === undefined ? text : paint(color, text);
}

import { count, countAdvisories, oneLine, severityText } from '../features/words.ts';
import type { Remedy } from '../core/remedy.ts';
import { SEVERITIES, type Severity } from '../core/severity.ts';
import { describeCoverage } from '../workspace/coverage.ts';
import { affectedPackages, type AffectedPackage } from './affected-packages.ts';
import type { CheckResult } from './check-result.ts';
import { isKind, type CheckedFinding, type ShownPlace } from './checked-finding.ts';
import { severityColor, type Paint } from './colors.ts';
import { isIncomplete } from './exit-code.ts';
import { nextSteps } from './next-steps.ts';
import { printable } from './printable.ts';
import { describeSources } from './source-ages.ts';
import { alignRows } from './table.ts';

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

function severityWords({ advisories, severity, isExploited, isDevelopmentOnly }: AffectedPackage): string {
  const worst = advisories.find((finding) => finding.severity === severity);
  const words = worst === undefined ? severity : severityText(worst);
  return [words, ...(isExploited ? ['exploited'] : []), ...(isDevelopmentOnly ? ['dev'] : [])].join(', ');
}

const SHOWN_IDS = 2;

function ids({ advisories }: AffectedPackage): string {
  const shown = advisories.slice(0, SHOWN_IDS).map(({ ruleId }) => printable(ruleId, 60));
  return shown.join(', ') + more(advisories.length - SHOWN_IDS);
}

function fixWords({ isMalware, written, remedies, advisories, ...item }: AffectedPackage): string {
  if (isMalware) return 'remove it';
  if (written !== undefined) return `${printable(written, 40)} is written, not installed`;
  if (remedies.length > 0) return remedies.map(({ remedy }) => remedyWords(remedy, advisories.length)).join(', ');
  if (item.fixed === undefined) return 'none yet';
  return `fixed in ${printable(item.fixed, 40)}${item.isFixedInPart ? ', in part' : ''}`;
}

function remedyWords({ kind, package: name, to, clears, breaking }: Remedy, advisories: number): string {
  const notes = [
    ...(clears.length < advisories ? [`clears ${String(clears.length)} of ${String(advisories)}`] : []),
    ...(breaking ? ['may break'] : []),
  ];
  const step = stepWords(kind, printable(name, 60), printable(to, 40));
  return `${step}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

function stepWords(kind: Remedy['kind'], name: string, to: string): string {
  switch (kind) {
    case 'parent':
      return `upgrade ${name} to ${to}`;
    case 'override':
      return `override to ${to}`;
    case 'lock':
    case 'refresh':
      return `refresh to ${to}`;
    default:
      return to;
  }
}

function whereWords({ places, paths, direct }: Pick<AffectedPackage, 'places' | 'paths' | 'direct'>): string {
  const [first] = places;
  const place = first === undefined ? '' : `${placeWords(first)}${more(places.length - 1)}`;
  const via = direct ? '' : (paths[0]?.slice(0, -1).join(' > ') ?? '');
  return via === '' ? place : `${place} via ${printable(via, 80)}`;
}

function placeWords({ document, line }: ShownPlace): string {
  return `${printable(document, 400)}:${String(line)}`;
}

function more(number: number): string {
  return number > 0 ? ` +${String(number)}` : '';
}

function otherRows(title: string, findings: readonly CheckedFinding[], paint: Paint): string[] {
  const rows = findings.map(({ finding, places }) => [
    printable(`${finding.package.name}@${finding.package.version}`),
    whereWords({ places, paths: finding.paths, direct: finding.direct }),
    printable(finding.summary),
  ]);
  return rows.length > 0 ? alignRows([title, 'WHERE', ''], rows, paint) : [];
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
    verdict(result, packages, options.paint),
    `Coverage: ${oneLine(describeCoverage(coverage), 1000)}`,
    `Sources: ${describeSources(sources, options.now)}`,
  ];
}

/** A sentence that never sounds better than what was looked at. */
function verdict(result: CheckResult, packages: readonly AffectedPackage[], paint: Paint): string {
  const { checked, unknown, skipped } = result.coverage;
  const doubtful = signatureWords(result.findings);
  if (packages.length > 0) {
    const advisories = packages.reduce((sum, item) => sum + item.advisories.length, 0);
    const found = `${countAdvisories(advisories)} in ${count(packages.length, 'package')}: ${severityCounts(packages)}`;
    return paint('bold', `${found}${doubtful}${isIncomplete(result) ? '. Not everything could be checked' : ''}`);
  }
  if (checked === 0 && unknown.length > 0) {
    return paint(
      'yellow',
      `Not checked: nothing is known of any of the ${count(unknown.length, 'package')}${doubtful}`,
    );
  }
  if (checked === 0 && isIncomplete(result)) {
    return paint('yellow', `Not checked: not every document could be read${doubtful}`);
  }
  if (isIncomplete(result)) {
    const rest =
      unknown.length > 0
        ? `, and ${count(unknown.length, 'package')} could not be checked`
        : ', and not every document could be read';
    const found = `Incomplete: no known advisory for the ${count(checked, 'package')} that could be checked`;
    return paint('yellow', `${found}${rest}${doubtful}`);
  }
  if (checked === 0 && skipped.length > 0) {
    return paint(
      'yellow',
      `Not checked: ${count(skipped.length, 'package')} left out, for the reasons below${doubtful}`,
    );
  }
  if (checked === 0) return 'Nothing to check: no package of a registry is installed';
  const found = `No known advisory for the ${count(checked, 'package')} that were checked${doubtful}`;
  return paint(doubtful === '' ? 'green' : 'yellow', found);
}

function signatureWords(findings: readonly CheckedFinding[]): string {
  const number = findings.filter((item) => isKind(item, 'signature')).length;
  return number === 0 ? '' : `; the signature of ${count(number, 'package')} is invalid or missing`;
}

function severityCounts(packages: readonly AffectedPackage[]): string {
  const findings = packages.flatMap(({ advisories }) => advisories);
  return SEVERITIES.flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number > 0 ? [`${String(number)} ${severity}`] : [];
  }).join(', ');
}

import type { Severity } from '../core/severity.ts';
import { decisionText } from '../features/decision-words.ts';
import { escapeMarkdown, link } from '../features/markdown.ts';
import { advisoryUrl, oneLine } from '../features/words.ts';
import { describeCoverage } from '../workspace/coverage.ts';
import { affectedPackages, type AffectedPackage } from './affected-packages.ts';
import type { CheckResult } from './check-result.ts';
import { isKind } from './checked-finding.ts';
import { nextSteps } from './next-steps.ts';
import { fixWords, more, placeWords, severityWords, whereWords } from './row-words.ts';
import { describeSources } from './source-ages.ts';
import { verdictOf } from './verdict.ts';

export interface MarkdownContext {
  readonly offline: boolean;
  readonly failOn: Severity;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A comment of a pull request may hold 65,536 characters, a job's summary on GitHub a megabyte. */
const SHOWN_ROWS = 100;
const SHOWN_IDS = 3;
const SHOWN_NAMES = 50;

/** The result as a summary of a job or a comment on a pull request. */
export function checkMarkdown(result: CheckResult, { offline, now }: MarkdownContext): string {
  const packages = affectedPackages(result.findings);
  const { text, tone } = verdictOf(result, packages);
  const blocks = [
    ['## Provender'],
    [`**${escapeMarkdown(text, 2000)}**${tone === 'open' ? ' ⚠️' : ''}`],
    packageRows(packages),
    otherRows(result),
    notRead(result),
    steps(nextSteps(result, packages, offline)),
    [
      `Coverage: ${escapeMarkdown(oneLine(describeCoverage(result.coverage), 1000), 1000)}  `,
      `Sources: ${escapeMarkdown(describeSources(result.sources, now), 1000)}`,
    ],
    details(
      'Decided',
      result.decided.map(({ item: { finding }, decision }) => {
        return `${finding.package.name} ${finding.package.version}: ${decisionText({ finding, decision })}`;
      }),
    ),
    details(
      'Not checked',
      result.coverage.unknown.map(({ name, version, reason }) => `${name} ${version}: ${reason}`),
    ),
  ];
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function packageRows(packages: readonly AffectedPackage[]): string[] {
  if (packages.length === 0) return [];
  const rows = packages.slice(0, SHOWN_ROWS).map((item) => [
    escapeMarkdown(severityWords(item)),
    escapeMarkdown(`${item.name}@${item.version}`),
    item.advisories
      .slice(0, SHOWN_IDS)
      .map(({ ruleId, match }) => link(ruleId, advisoryUrl(match.advisory.id)))
      .join(', ') + more(item.advisories.length - SHOWN_IDS),
    escapeMarkdown(fixWords(item)),
    escapeMarkdown(whereWords(item), 500),
  ]);
  return [...tableOf(['Severity', 'Package', 'Advisories', 'Fix', 'Where'], rows), ...restOf(packages, SHOWN_ROWS)];
}

function otherRows({ findings, hygiene }: CheckResult): string[] {
  const other = findings
    .filter((item) => isKind(item, 'signature', 'deprecated'))
    .map(({ finding, places }) => [
      finding.kind,
      escapeMarkdown(`${finding.package.name}@${finding.package.version}`),
      escapeMarkdown(whereWords({ places, paths: finding.paths, direct: finding.direct }), 500),
      escapeMarkdown(finding.summary),
    ]);
  const issues = hygiene.map(({ code, place, message }) => [
    escapeMarkdown(code),
    '',
    escapeMarkdown(placeWords(place), 500),
    escapeMarkdown(message, 400),
  ]);
  const rows = [...other, ...issues];
  if (rows.length === 0) return [];
  return [...tableOf(['Also', 'Package', 'Where', ''], rows.slice(0, SHOWN_ROWS)), ...restOf(rows, SHOWN_ROWS)];
}

function notRead({ problems }: CheckResult): string[] {
  return details(
    'Not read',
    problems.map(({ document, line, message }) => `${document}:${String(line)} ${message}`),
  );
}

function steps([title, ...lines]: readonly string[]): string[] {
  if (title === undefined) return [];
  return ['**Next**', '', ...lines.map((line) => `- ${escapeMarkdown(line, 500)}`)];
}

function details(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, SHOWN_NAMES).map((line) => `- ${escapeMarkdown(line, 400)}`);
  return [
    `<details><summary>${title}: ${String(lines.length)}</summary>`,
    '',
    ...shown,
    ...restOf(lines, SHOWN_NAMES),
    '',
    '</details>',
  ];
}

function restOf(items: readonly unknown[], shown: number): string[] {
  return items.length > shown ? ['', `and ${String(items.length - shown)} more`] : [];
}

function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

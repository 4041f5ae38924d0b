import type { Finding } from '../core/finding.ts';
import { isAdvisoryFinding } from '../core/finding.ts';
import { needsLook, type ChangeReview, type ProjectReview, type ReviewedChange } from '../workspace/change-review.ts';
import { broughtInText, changeNotes, reviewTitle, versionsText } from './change-words.ts';
import { escapeHtml, escapeMarkdown, link } from './markdown.ts';
import { advisoryUrl, severityText } from './words.ts';

export interface ChangeMarkdownOptions {
  /** What was compared with, in the caller's words: `main (1a2b3c4)`. */
  readonly base: string;
  /** A document as people name it. */
  readonly shownPath: (path: string) => string;
}

/** A comment of a pull request may hold 65,536 characters. */
const SHOWN_ROWS = 150;
const SHOWN_FINDINGS = 50;

/** A change of lockfiles for a reviewer: what needs a look, then everything, for a comment or a preview. */
export function changeMarkdown(review: ChangeReview, { base, shownPath }: ChangeMarkdownOptions): string {
  const title = reviewTitle(review);
  const changes = review.projects.flatMap((project) => project.changes);
  const looks = changes.filter((change) => change.newFindings.length > 0 || needsLook(change));
  const blocks = [
    ['## Provender: what changed'],
    [`**${escapeMarkdown(`${title.charAt(0).toUpperCase()}${title.slice(1)}`)}** since ${escapeMarkdown(base)}`],
    findingLines('New', review.newFindings),
    looks.length === 0 ? [] : ['### Look at these', '', ...rowsOf(looks)],
    review.unchecked.length === 0 ? [] : [uncheckedText(review)],
    ...review.projects.map((project) => projectLines(project, shownPath)),
    findingLines('Gone', review.goneFindings),
  ];
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function findingLines(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.slice(0, SHOWN_FINDINGS).map((finding) => {
    const { name, version } = finding.package;
    const id = isAdvisoryFinding(finding)
      ? link(finding.ruleId, advisoryUrl(finding.match.advisory.id))
      : escapeMarkdown(finding.ruleId);
    const what = `${escapeMarkdown(`${name}@${version}`)}: ${id} (${escapeMarkdown(severityText(finding))})`;
    return `- ${what} ${escapeMarkdown(finding.summary)}`;
  });
  return [`### ${title}: ${String(findings.length)}`, '', ...lines, ...restOf(findings.length, SHOWN_FINDINGS)];
}

function projectLines({ document, changes }: ProjectReview, shownPath: (path: string) => string): string[] {
  const name = escapeHtml(shownPath(document), 500);
  return [`<details><summary>${name}: ${String(changes.length)}</summary>`, '', ...rowsOf(changes), '', '</details>'];
}

function rowsOf(changes: readonly ReviewedChange[]): string[] {
  const rows = changes.slice(0, SHOWN_ROWS).map((change) => {
    const { name, from, to, kind, isDevelopmentOnly } = change;
    return [
      kind,
      escapeMarkdown(name),
      escapeMarkdown(versionsText(from)),
      escapeMarkdown(versionsText(to)),
      escapeMarkdown(`${broughtInText(change)}${isDevelopmentOnly ? ', dev' : ''}`),
      escapeMarkdown(changeNotes(change).join('; '), 500),
    ];
  });
  const table = [
    ['', 'Package', 'From', 'To', 'Brought in by', 'Notes'],
    ['---', '---', '---', '---', '---', '---'],
  ];
  return [...[...table, ...rows].map((cells) => `| ${cells.join(' | ')} |`), ...restOf(changes.length, SHOWN_ROWS)];
}

function uncheckedText({ unchecked: [first, ...others] }: ChangeReview): string {
  if (first === undefined) return '';
  const rest = others.length === 0 ? '' : ` and ${String(others.length)} more that came`;
  return `Not checked: ${escapeMarkdown(`${first.name} ${first.version}`)} (${escapeMarkdown(first.reason)})${rest}`;
}

function restOf(all: number, shown: number): string[] {
  return all > shown ? ['', `and ${String(all - shown)} more`] : [];
}

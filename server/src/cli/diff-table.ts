import type { Finding } from '../core/finding.ts';
import { broughtInText, changeNotes, findingName, reviewTitle, versionsText } from '../features/change-words.ts';
import { needsLook, type ChangeReview, type ReviewedChange } from '../workspace/change-review.ts';
import type { Paint } from './colors.ts';
import { printable } from './printable.ts';
import { alignRows, type Cell } from './table.ts';

export interface DiffTableOptions {
  readonly base: string;
  readonly shownPath: (path: string) => string;
  readonly paint: Paint;
}

/** The review for a terminal: each document with its changes, what needs a look first, then the findings. */
export function diffTable(review: ChangeReview, { base, shownPath, paint }: DiffTableOptions): string {
  const { projects, newFindings, goneFindings, unchecked } = review;
  const [first] = unchecked;
  const blocks = [
    ...projects.map(({ document, changes }) => [
      paint('bold', printable(shownPath(document), 1000)),
      ...alignRows(['CHANGE', 'PACKAGE', 'FROM', 'TO', 'BROUGHT IN BY', 'NOTES'], changes.map(rowOf), paint),
    ]),
    findingRows('NEW', newFindings, paint),
    findingRows('GONE', goneFindings, paint),
    [
      `${paint(newFindings.length > 0 ? 'yellow' : 'bold', capital(reviewTitle(review)))}, compared with ${base}`,
      ...(first === undefined
        ? []
        : [
            `Not checked: ${printable(`${first.name} ${first.version}`)}${unchecked.length > 1 ? ` and ${String(unchecked.length - 1)} more` : ''} (${printable(first.reason)})`,
          ]),
    ],
  ];
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function rowOf(change: ReviewedChange): Cell[] {
  const isOpen = change.newFindings.length > 0 || needsLook(change);
  return [
    { text: change.kind, color: isOpen ? 'yellow' : undefined },
    printable(change.name),
    printable(versionsText(change.from), 60),
    printable(versionsText(change.to), 60),
    printable(`${broughtInText(change)}${change.isDevelopmentOnly ? ', dev' : ''}`, 80),
    printable(changeNotes(change).join('; '), 400),
  ];
}

function findingRows(title: string, findings: readonly Finding[], paint: Paint): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => [
    printable(`${finding.package.name}@${finding.package.version}`),
    printable(findingName(finding)),
    printable(finding.summary),
  ]);
  return alignRows([title, 'ADVISORY', ''], rows, paint);
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

import { isDoubtful, SHOWN_VERDICTS, VERDICT_WORDS } from '../features/verdict-words.ts';
import { count } from '../features/words.ts';
import { describeCoverage } from '../workspace/coverage.ts';
import type { Color, Paint } from './colors.ts';
import { printable } from './printable.ts';
import { alignRows, type Cell } from './table.ts';
import type { VerifiedPackage, VerifyResult } from './verify-result.ts';

/** What is doubtful, one row each, then how many there are of each verdict. */
export function verifyTable({ packages, coverage, stripped }: VerifyResult, paint: Paint): string {
  const isStripped = ({ verdict, registry }: VerifiedPackage): boolean =>
    verdict === 'unsigned' && registry !== undefined && stripped.has(registry);
  const doubtful = packages.filter((item) => isDoubtful(item.verdict) && !isStripped(item));
  const blocks = [
    doubtful.length === 0
      ? []
      : alignRows(['PACKAGE', 'VERDICT', 'BECAUSE', 'BROUGHT IN BY'], doubtful.map(rowOf), paint),
    [...stripped].map(([registry, number]) => paint('yellow', strippedWords(registry, number))),
    SHOWN_VERDICTS.flatMap((verdict) => {
      const number = packages.filter((item) => item.verdict === verdict).length;
      return number === 0 ? [] : [`${String(number).padStart(6)}  ${VERDICT_WORDS[verdict]}`];
    }),
    [`${count(packages.length, 'package')}: ${describeCoverage(coverage)}`],
  ];
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function rowOf({ name, version, verdict, reasons, path, accepted }: VerifiedPackage): Cell[] {
  const words = accepted === undefined ? VERDICT_WORDS[verdict] : `${VERDICT_WORDS[verdict]}, accepted`;
  return [
    printable(`${name}@${version}`),
    { text: words, color: accepted === undefined ? colorOf(verdict) : 'dim' },
    printable(accepted === undefined || accepted === '' ? (reasons[0]?.message ?? '') : accepted),
    path.length > 1 ? printable(path.slice(0, -1).join(' > ')) : '',
  ];
}

function colorOf(verdict: VerifiedPackage['verdict']): Color {
  return verdict === 'invalid' ? 'red' : 'yellow';
}

function strippedWords(registry: string, number: number): string {
  const host = URL.canParse(registry) ? new URL(registry).host : registry;
  return `${printable(host)} answers without signatures for all of ${count(number, 'package')}: a proxy on the way seems to remove them`;
}

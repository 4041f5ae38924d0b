import { isAdvisoryFinding } from '../core/finding.ts';
import type { CheckedFinding } from './checked-finding.ts';
import { printable } from './printable.ts';

/** One line of plain text: what is affected, by what, what ends it, and who brings it in. */
export function describeFinding({ finding }: CheckedFinding): string {
  const { name, version } = finding.package;
  const fixed = isAdvisoryFinding(finding) ? finding.match.fixed : undefined;
  const path = finding.paths.find((names) => names.length > 1);
  return [
    `${printable(name)} ${printable(version, 40)} (${finding.severity}): ${sentence(printable(finding.summary))}`,
    ...(fixed === undefined ? [] : [`Fixed in ${printable(fixed, 40)}.`]),
    ...(path === undefined ? [] : [`Brought in by ${printable(path.join(' > '))}`]),
  ].join(' ');
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

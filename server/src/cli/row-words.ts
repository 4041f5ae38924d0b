import { severityText } from '../features/words.ts';
import type { Remedy } from '../core/remedy.ts';
import type { AffectedPackage } from './affected-packages.ts';
import type { ShownPlace } from './checked-finding.ts';
import { printable } from './printable.ts';

/** "high 7.2, exploited, dev, not imported". */
export function severityWords({ advisories, severity, ...item }: AffectedPackage): string {
  const worst = advisories.find((finding) => finding.severity === severity);
  const words = worst === undefined ? severity : severityText(worst);
  return [
    words,
    ...(item.isExploited ? ['exploited'] : []),
    ...(item.isDevelopmentOnly ? ['dev'] : []),
    ...(item.isNeverImported ? ['not imported'] : []),
  ].join(', ');
}

/** What mends it, in a few words. */
export function fixWords({ isMalware, written, remedies, advisories, ...item }: AffectedPackage): string {
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

/** Its first line, how many more there are, and who brings it in. */
export function whereWords({ places, paths, direct }: Pick<AffectedPackage, 'places' | 'paths' | 'direct'>): string {
  const [first] = places;
  const place = first === undefined ? '' : `${placeWords(first)}${more(places.length - 1)}`;
  const via = direct ? '' : (paths[0]?.slice(0, -1).join(' > ') ?? '');
  return via === '' ? place : `${place} via ${printable(via, 80)}`;
}

export function placeWords({ document, line }: ShownPlace): string {
  return `${printable(document, 400)}:${String(line)}`;
}

/** " +3", or nothing. */
export function more(number: number): string {
  return number > 0 ? ` +${String(number)}` : '';
}

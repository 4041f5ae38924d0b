import type { Dependency } from '../../core/manifest.ts';
import type { Span } from '../../core/span.ts';
import { npmVersions } from './version.ts';

/**
 * The replacement that makes a line ask for `version` in the manner it asks now; an alias keeps its name. Undefined when
 * the line has no range, its range has no plain counterpart or asks for no less already, or it is written with escapes.
 */
export function setVersion(
  dependency: Pick<Dependency, 'specifier'>,
  version: string,
): { readonly span: Span; readonly newText: string } | undefined {
  const { specifier } = dependency;
  if (specifier.kind !== 'range') return undefined;
  const { range, rangeSpan } = specifier;
  if (rangeSpan.end - rangeSpan.start !== range.length) return undefined;
  const bumped = npmVersions.bumpRange(range, version);
  const newText = bumped === range ? inFull(range, version) : bumped;
  return newText === undefined ? undefined : { span: rangeSpan, newText };
}

/** `^1.2` allows 1.2.9 already, and older versions too: only the version in full asks for it. `1.x` has no such form. */
function inFull(range: string, version: string): string | undefined {
  const operator = /^\s*(?:\^|~|>=)\s*v?/.exec(range)?.[0];
  return operator === undefined || range.includes(version) ? undefined : `${operator}${version}`;
}

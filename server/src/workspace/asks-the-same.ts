import type { Dependency, Specifier } from '../core/manifest.ts';

/** True when two lines say the same, wherever they stand: nothing but their places tells them apart. */
export function asksTheSame(one: Dependency, other: Dependency): boolean {
  return (
    one.name === other.name &&
    one.packageName === other.packageName &&
    one.group === other.group &&
    one.catalog === other.catalog &&
    one.scope === other.scope &&
    one.specifier.kind === other.specifier.kind &&
    textOf(one.specifier) === textOf(other.specifier)
  );
}

/** All that a specifier of one kind says. */
function textOf(specifier: Specifier): string {
  switch (specifier.kind) {
    case 'range':
    case 'workspace':
      return specifier.range;
    case 'tag':
      return specifier.tag;
    case 'git':
    case 'tarball':
      return specifier.url;
    case 'file':
    case 'link':
      return specifier.path;
    case 'catalog':
      return specifier.catalog;
    case 'invalid':
      return specifier.range === undefined ? specifier.reason : `${specifier.reason}\n${specifier.range}`;
  }
}

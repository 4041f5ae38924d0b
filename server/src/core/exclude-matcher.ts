import { matchesGlob, relative, sep } from 'node:path';

/** True for paths that one of the glob patterns names, seen from the folder. */
export function excludeMatcher(folder: string, patterns: readonly string[]): (path: string) => boolean {
  const globs = patterns.map((pattern) => ({ pattern, needed: plainSegments(pattern) }));
  return (path) => {
    const inside = relative(folder, path).split(sep).join('/');
    if (inside === '' || inside.startsWith('..')) return false;
    const segments = new Set(inside.toLowerCase().split('/'));
    return globs.some(
      ({ pattern, needed }) =>
        needed.every((segment) => segments.has(segment)) &&
        (matchesGlob(inside, pattern) || matchesGlob(`${inside}/x`, pattern)),
    );
  };
}

/**
 * The names that a path must hold to match, in lower case: Node takes a pattern apart anew for every path, so it is
 * asked about those few paths only that may match.
 */
function plainSegments(pattern: string): readonly string[] {
  // Braces and parentheses hold alternatives, which may have slashes in them.
  if (/[{(\\]/.test(pattern)) return [];
  const segments = pattern.toLowerCase().split('/').slice(0, -1);
  return segments.filter(
    (segment) => segment !== '' && segment !== '.' && segment !== '..' && !/[*?[\]]/.test(segment),
  );
}

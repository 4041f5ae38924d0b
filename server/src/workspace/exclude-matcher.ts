import { matchesGlob, relative, sep } from 'node:path';

/** True for paths that one of the glob patterns names, seen from the folder. */
export function excludeMatcher(folder: string, patterns: readonly string[]): (path: string) => boolean {
  return (path) => {
    const inside = relative(folder, path).split(sep).join('/');
    if (inside === '' || inside.startsWith('..')) return false;
    return patterns.some((pattern) => matchesGlob(inside, pattern) || matchesGlob(`${inside}/x`, pattern));
  };
}

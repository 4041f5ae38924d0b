import { isAbsolute, relative } from 'node:path';

/** A path as the caller means it: from the current folder when it lies inside, else absolute; `/` between its parts. */
export function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  if (inside === '') return '.';
  const isOutside = inside === '..' || /^\.\.[\\/]/.test(inside) || isAbsolute(inside);
  const shown = isOutside ? path : inside;
  return process.platform === 'win32' ? shown.replaceAll('\\', '/') : shown;
}

import { statSync } from 'node:fs';
import { ensurePackage } from './built.ts';
import { withinBound, type Row } from './row.ts';

/** The size of the package that was made last. */
export function benchPackage(): Row[] {
  return [withinBound('.vsix without the seed', statSync(ensurePackage()).size / 1024 / 1024, 1, 'MB')];
}

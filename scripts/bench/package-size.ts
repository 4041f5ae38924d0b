import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withinBound, type Row } from './row.ts';

/** The size of the package that was built last. */
export function benchPackage(): Row[] {
  const root = resolve(import.meta.dirname, '../..');
  const vsix = readdirSync(root).find((name) => name.endsWith('.vsix'));
  if (vsix === undefined) throw new Error('there is no .vsix: run npm run package first');
  return [withinBound('.vsix without the seed', statSync(join(root, vsix)).size / 1024 / 1024, 1, 'MB')];
}

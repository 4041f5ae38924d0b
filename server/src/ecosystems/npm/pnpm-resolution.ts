import type { PnpmPackage } from './pnpm-document.ts';
import { copyOf } from './string-table.ts';

/** Reads the fields of a `resolution`, in braces on one line as pnpm writes it or over several lines. */
export function readResolution(item: PnpmPackage, text: string): void {
  item.integrity = field(text, INTEGRITY) ?? item.integrity;
  item.tarball = field(text, TARBALL);
  item.type = field(text, TYPE);
  // A list of builds for different platforms: the first one's hash is not the package's.
  if (text.includes('variants:')) item.integrity = undefined;
}

// The value is quoted, or ends where the field or the line does.
const INTEGRITY = /(?:^|[{,\s])["']?integrity["']?:\s*(?:'([^'\n]*)'|"([^"\n]*)"|([^\s,}'"]+))/;
const TARBALL = /(?:^|[{,\s])["']?tarball["']?:\s*(?:'([^'\n]*)'|"([^"\n]*)"|([^\s,}'"]+))/;
const TYPE = /(?:^|[{,\s])["']?type["']?:\s*(?:'([^'\n]*)'|"([^"\n]*)"|([^\s,}'"]+))/;

function field(text: string, pattern: RegExp): string | undefined {
  const match = pattern.exec(text);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value === undefined ? undefined : copyOf(value, 0, value.length);
}

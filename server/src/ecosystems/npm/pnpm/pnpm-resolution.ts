import { copyOf } from '../lockfile/string-table.ts';

/** Reads the fields of a `resolution`, in braces on one line as pnpm writes it or over several lines. */
export function readResolution(text: string): Resolution {
  return {
    // A list of builds for different platforms: the first one's hash is not the package's.
    integrity: text.includes('variants:') ? undefined : field(text, INTEGRITY),
    tarball: field(text, TARBALL),
    type: field(text, TYPE),
  };
}

export interface Resolution {
  readonly integrity: string | undefined;
  readonly tarball: string | undefined;
  readonly type: string | undefined;
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

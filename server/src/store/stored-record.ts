import { quoted } from './quoted.ts';

/** What a line of the table `advisory` says of one id. */
export interface StoredRecord {
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** The packages that it affects. */
  readonly packages: readonly StoredPackage[];
  /** The text of the advisory; null for one that was withdrawn. */
  readonly body: string | null;
}

export interface StoredPackage {
  /** The number of the ecosystem. */
  readonly ecosystem: number;
  readonly name: string;
}

/** The modified time, the packages and the body with tabs between them, which JSON has none of. */
export function encodeRecord({ modified, packages, body }: StoredRecord): string {
  const flat = packages.map(({ ecosystem, name }) => `${ecosystem},${quoted(name)}`).join(',');
  return `${modified}\t[${flat}]\t${body ?? ''}`;
}

/** Undefined for a text that {@link encodeRecord} did not write. */
export function decodeRecord(text: string): StoredRecord | undefined {
  const [modified = '', list = '', body] = text.split('\t');
  if (body === undefined || !/^-?\d+$/.test(modified)) return undefined;
  const flat = parseList(list);
  if (flat === undefined) return undefined;
  const packages: StoredPackage[] = [];
  for (let at = 0; at < flat.length; at += 2) {
    const [ecosystem, name] = [flat[at], flat[at + 1]];
    if (typeof ecosystem !== 'number' || typeof name !== 'string') return undefined;
    packages.push({ ecosystem, name });
  }
  return { modified: Number(modified), packages, body: body === '' ? null : body };
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

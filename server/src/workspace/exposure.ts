import { createHash } from 'node:crypto';

import type { Ecosystem } from '../core/ecosystem.ts';
import type { Lockfile } from '../core/lockfile.ts';
import type { FileVersion } from '../core/repository.ts';

/** A package version that somebody asks about. */
export interface SoughtPackages {
  readonly names: readonly string[];
  readonly isAffected: (name: string, version: string) => boolean;
}

export interface ExposedPackage {
  readonly name: string;
  readonly version: string;
  /** Whether it runs a script when it is installed; unknown where the lockfile does not say. */
  readonly installScript: 'yes' | 'no' | 'unknown';
}

export interface HistoryPoint {
  readonly commit: string;
  /** Milliseconds since the epoch. */
  readonly committedAt: number;
}

/** A stretch of a lockfile's history in which it resolved the same affected packages. */
export interface ExposurePeriod {
  /** The commit that brought them. */
  readonly from: HistoryPoint;
  /** The commit that took them away or changed them; undefined when the newest version still has them. */
  readonly until: HistoryPoint | undefined;
  readonly packages: readonly ExposedPackage[];
}

export interface Exposure {
  /** How many versions of the lockfile were looked at. */
  readonly versions: number;
  /** Versions that are not a readable lockfile: what they resolved is not known. */
  readonly unreadable: readonly HistoryPoint[];
  /** Newest first. */
  readonly periods: readonly ExposurePeriod[];
}

/** Goes through the versions of a lockfile, newest first, and tells when it resolved a package that is sought. */
export async function findExposure(
  versions: AsyncIterable<FileVersion>,
  sought: SoughtPackages,
  ecosystem: Ecosystem,
): Promise<Exposure> {
  const reader = new ResolvedReader(sought, ecosystem);
  const unreadable: HistoryPoint[] = [];
  const periods: ExposurePeriod[] = [];
  let count = 0;
  // The version after the one that is looked at, in time.
  let later: HistoryPoint | undefined;
  let open: { from: HistoryPoint; until: HistoryPoint | undefined; found: Found } | undefined;
  const close = (): void => {
    if (open !== undefined && open.found.packages.length > 0) {
      periods.push({ from: open.from, until: open.until, packages: open.found.packages });
    }
  };
  for await (const { commit, committedAt, path, content } of versions) {
    const point = { commit, committedAt };
    count++;
    const found = content === undefined ? NOTHING : reader.read(path, content);
    if (found.isUnreadable) unreadable.push(point);
    if (open?.found.key === found.key) open.from = point;
    else {
      close();
      open = { from: point, until: later, found };
    }
    later = point;
  }
  close();
  return { versions: count, unreadable, periods };
}

interface Found {
  readonly packages: readonly ExposedPackage[];
  readonly isUnreadable: boolean;
  /** The same for the same packages. */
  readonly key: string;
}

const NOTHING: Found = { packages: [], isUnreadable: false, key: '' };

const UNREADABLE: Found = { packages: [], isUnreadable: true, key: '' };
/** In place of a file that is kept elsewhere. */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

/** What of an entry tells its version and its script stands no further below its name than this. */
const WINDOW_LINES = 12;
const LINE_FEED = 10;
const MAX_REMEMBERED = 500;

/**
 * Reads of each version only what is sought. Most versions of a lockfile say the same around a name, so the lines after each
 * place where a name stands decide whether the text is parsed at all.
 */
class ResolvedReader {
  readonly #sought: SoughtPackages;
  readonly #ecosystem: Ecosystem;
  readonly #names: readonly Buffer[];
  readonly #seen = new Map<string, Found>();

  constructor(sought: SoughtPackages, ecosystem: Ecosystem) {
    this.#sought = sought;
    this.#ecosystem = ecosystem;
    this.#names = sought.names.map((name) => Buffer.from(name));
  }

  read(path: string, content: Uint8Array): Found {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    if (bytes.indexOf(LFS_POINTER) === 0) return UNREADABLE;
    const key = this.#surroundings(path, bytes);
    if (key === undefined) return NOTHING;
    const before = this.#seen.get(key);
    if (before !== undefined) return before;
    const found = this.#parse(path, bytes.toString('utf8'));
    if (this.#seen.size >= MAX_REMEMBERED) this.#seen.clear();
    this.#seen.set(key, found);
    return found;
  }

  /** The same for texts that say the same around the names; undefined where none of them stands. */
  #surroundings(path: string, bytes: Buffer): string | undefined {
    // A common name may stand on most lines of a text, which is too much to be kept for each version.
    const hash = createHash('sha256').update(path);
    let isNamed = false;
    for (const name of this.#names) {
      let end = 0;
      for (let at = bytes.indexOf(name); at !== -1; at = bytes.indexOf(name, Math.max(end, at + name.length))) {
        const start = bytes.lastIndexOf(LINE_FEED, at) + 1;
        end = at;
        for (let lines = 0; lines < WINDOW_LINES && end !== -1; lines++) end = bytes.indexOf(LINE_FEED, end + 1);
        if (end === -1) end = bytes.length;
        hash.update('\n').update(bytes.subarray(start, end));
        isNamed = true;
      }
    }
    return isNamed ? hash.digest('hex') : undefined;
  }

  #parse(path: string, text: string): Found {
    const { value, problems } = this.#ecosystem.parseLockfile(path, text);
    const found = new Map<string, ExposedPackage>();
    for (const { name, version, source, hasInstallScript } of value.entries) {
      if (source !== 'registry' || !this.#sought.names.includes(name)) continue;
      if (version === '' || !this.#sought.isAffected(name, version)) continue;
      const key = `${name}@${version}`;
      if (found.get(key)?.installScript === 'yes') continue;
      found.set(key, { name, version, installScript: scriptOf(hasInstallScript, value) });
    }
    const packages = [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
    return { packages, isUnreadable: problems.length > 0, key: [...found.keys()].sort().join('\n') };
  }
}

function scriptOf(hasInstallScript: boolean, { tellsInstallScripts }: Lockfile): ExposedPackage['installScript'] {
  if (hasInstallScript) return 'yes';
  return tellsInstallScripts === true ? 'no' : 'unknown';
}

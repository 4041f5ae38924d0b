import { EMPTY_LOCKFILE, type Lockfile } from '../../../core/lockfile.ts';
import type { Parsed, Problem, Span } from '../../../core/span.ts';
import { connectBunGraph } from './bun-graph.ts';
import { emptyBunPackages, readBunPackages, type BunPackages } from './bun-packages.ts';
import {
  readBunCatalog,
  readBunCatalogs,
  readBunWorkspaces,
  type BunCatalogEntry,
  type BunMember,
} from './bun-workspaces.ts';
import { readConflictSides } from '../lockfile/conflict-sides.ts';
import { JsonScanner } from '../text/json-scanner.ts';
import { keyWords } from '../text/key-words.ts';

/**
 * Reads bun's text lockfile, `bun.lock`, which is JSON with comments and with commas after the last item. Never throws: what
 * cannot be read is a problem, and the rest is read.
 * @see https://bun.com/docs/pm/lockfile
 */
export function parseBunLock(text: string): Parsed<Lockfile> {
  return readConflictSides(text, parseOneSide);
}

const NEWEST_VERSION = 2;

const TOP_KEYS = keyWords('lockfileVersion', 'workspaces', 'packages', 'catalog', 'catalogs');

function parseOneSide(text: string): Parsed<Lockfile> {
  const problems: Problem[] = [];
  const json = new JsonScanner(text, problems, 'jsonc');
  if (!json.enterObject()) {
    json.report(0, Math.min(1, text.length), 'The lockfile has to be an object');
    return { value: EMPTY_LOCKFILE, problems };
  }
  const sections = new Sections();
  sections.read(json);
  json.expectEnd();
  const { version, versionSpan, packages, members, catalogs } = sections;
  if (version === undefined || version > NEWEST_VERSION) {
    const what = version === undefined ? 'lockfileVersion is missing' : `lockfileVersion ${version} is not known`;
    json.report(versionSpan.start, versionSpan.end, `${what}; the packages are read all the same`);
  }
  const format = version === undefined ? 'bun' : `bun v${version}`;
  const graph = connectBunGraph(packages, members, catalogs);
  return { value: { ...EMPTY_LOCKFILE, format, ...graph }, problems };
}

class Sections {
  version: number | undefined;
  /** The key `lockfileVersion`; the file's first character when there is none. */
  versionSpan: Span = { start: 0, end: 1 };
  packages: BunPackages = emptyBunPackages();
  members: readonly BunMember[] = [];
  readonly catalogs: BunCatalogEntry[] = [];
  readonly #seen = new Set<string>();

  read(json: JsonScanner): void {
    while (json.nextKey()) {
      const { start, end } = json;
      const key = json.keyAmong(TOP_KEYS);
      if (key === undefined) {
        json.skip();
        continue;
      }
      if (this.#seen.has(key)) json.report(start, end, `"${key}" stands here twice; the last one counts`);
      this.#seen.add(key);
      this.#readSection(json, key, { start, end });
    }
  }

  #readSection(json: JsonScanner, key: (typeof TOP_KEYS)[number][number], span: Span): void {
    switch (key) {
      case 'lockfileVersion':
        this.versionSpan = span;
        this.version = json.readInteger();
        break;
      case 'workspaces':
        if (json.enterObject()) this.members = readBunWorkspaces(json);
        else json.report(span.start, span.end, '"workspaces" has to be an object');
        break;
      case 'packages':
        if (json.enterObject()) this.packages = readBunPackages(json);
        else json.report(span.start, span.end, '"packages" has to be an object');
        break;
      case 'catalog':
        this.catalogs.push(...readBunCatalog(json, 'default'));
        break;
      case 'catalogs':
        this.catalogs.push(...readBunCatalogs(json));
    }
  }
}

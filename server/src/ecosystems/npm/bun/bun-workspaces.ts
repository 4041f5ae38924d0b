import type { Scope } from '../../../core/package.ts';
import type { JsonScanner } from '../text/json-scanner.ts';
import { keyWords } from '../text/key-words.ts';

/** A workspace member as bun.lock copies it from its manifest. */
export interface BunMember {
  /** Relative to the lockfile's folder; empty for the root. */
  readonly path: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly dependencies: readonly { readonly name: string; readonly scope: Scope; readonly specifier: string }[];
}

const MEMBER_KEYS = keyWords(
  'name',
  'version',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
);

const SCOPE_OF = {
  dependencies: 'prod',
  devDependencies: 'dev',
  optionalDependencies: 'optional',
  peerDependencies: 'peer',
} as const satisfies Record<string, Scope>;

/** Reads the value of `workspaces`, the root first. The scanner has just entered the object. */
export function readBunWorkspaces(json: JsonScanner): BunMember[] {
  const members = new Map<string, BunMember>();
  while (json.nextKey()) {
    const { start, end } = json;
    const path = json.copy();
    if (members.has(path)) json.report(start, end, 'The workspace member is listed twice; the last one counts');
    if (json.enterObject()) members.set(path, readMember(json, path));
    else json.report(start, end, 'A workspace member has to be an object');
  }
  return [...members.values()].sort((a, b) => Number(a.path !== '') - Number(b.path !== ''));
}

function readMember(json: JsonScanner, path: string): BunMember {
  let name: string | undefined;
  let version: string | undefined;
  const dependencies: BunMember['dependencies'][number][] = [];
  while (json.nextKey()) {
    const key = json.keyAmong(MEMBER_KEYS);
    switch (key) {
      case undefined:
        json.skip();
        break;
      case 'name':
        if (json.readString()) name = json.copy();
        break;
      case 'version':
        if (json.readString()) version = json.copy();
        break;
      default:
        for (const [dependency, specifier] of readTexts(json)) {
          dependencies.push({ name: dependency, scope: SCOPE_OF[key], specifier });
        }
    }
  }
  return { path, name, version, dependencies };
}

/** An entry of a catalog, which says a range and no version. */
export interface BunCatalogEntry {
  readonly catalog: string;
  readonly name: string;
  readonly specifier: string;
}

/** Reads the value of `catalog`. */
export function readBunCatalog(json: JsonScanner, catalog: string): BunCatalogEntry[] {
  return [...readTexts(json)].map(([name, specifier]) => ({ catalog, name, specifier }));
}

/** Reads the value of `catalogs`. */
export function readBunCatalogs(json: JsonScanner): BunCatalogEntry[] {
  const entries: BunCatalogEntry[] = [];
  if (!json.enterObject()) return entries;
  while (json.nextKey()) entries.push(...readBunCatalog(json, json.copy()));
  return entries;
}

/** The texts of an object; of a key that stands twice, the last. */
function readTexts(json: JsonScanner): Map<string, string> {
  const texts = new Map<string, string>();
  if (!json.enterObject()) return texts;
  while (json.nextKey()) {
    const key = json.copy();
    if (json.readString()) texts.set(key, json.copy());
  }
  return texts;
}

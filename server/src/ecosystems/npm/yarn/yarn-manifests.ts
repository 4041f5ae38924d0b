import type { Importer, ImporterDependency, Lockfile, MemberManifest } from '../../../core/lockfile.ts';
import type { Dependency, Manifest } from '../../../core/manifest.ts';
import { growEntry, type GrowingEntry } from '../lockfile/growing-entry.ts';
import { spreadScopes } from '../lockfile/spread-scopes.ts';
import { npmVersions } from '../version.ts';
import { specifierOf, type YarnAsk, type YarnGraph } from './yarn-graph.ts';
import { YarnResolutions } from './yarn-resolutions.ts';

/**
 * A `yarn.lock` with what the manifests say: which packages each member asks for and for what, and where the root's
 * `resolutions` lead. Yarn 1 lists no members at all; later ones list them, and do not tell development dependencies apart.
 */
export function completeYarnLockfile(format: string, graph: YarnGraph, manifests: readonly MemberManifest[]): Lockfile {
  const completer = new Completer(graph, manifests);
  const importers = completer.importers();
  spreadScopes(completer.entries, importers, completer.required);
  return { format, entries: completer.entries, importers, catalogs: [], tools: [], aliases: graph.aliases };
}

class Completer {
  readonly entries: GrowingEntry[];
  readonly required: (number | undefined)[];
  readonly #graph: YarnGraph;
  readonly #manifests: ReadonlyMap<string, Manifest>;
  readonly #resolutions: YarnResolutions;
  /** By name, the entry of a member that the lockfile does not list. */
  readonly #members = new Map<string, number>();
  /** Ranges that the manifests ask for by a key of the lockfile, by `name@range`. */
  readonly #asked = new Set<string>();

  constructor(graph: YarnGraph, manifests: readonly MemberManifest[]) {
    this.#graph = graph;
    this.#manifests = new Map(
      manifests.flatMap(({ importer, manifest }) => (importer === undefined ? [] : [[importer, manifest]])),
    );
    this.#resolutions = new YarnResolutions(graph, manifests);
    for (const { manifest } of manifests) {
      for (const { name, written } of manifest.dependencies) this.#asked.add(`${name}@${written.trim()}`);
    }
    this.entries = graph.entries.map((entry, index) => ({ ...entry, scopes: 0, edges: graph.edges[index] ?? [] }));
    this.required = [...graph.required];
    this.#resolutions.redirect(this.entries, this.required);
    if (!graph.isBerry) this.#addMembers();
  }

  importers(): Importer[] {
    const listed = this.#graph.workspaces.map(({ path, entry, asks }) => {
      const importer = this.#listedImporter(path, entry, asks);
      this.#connectMember(entry, importer);
      return importer;
    });
    const paths = new Set(listed.map(({ path }) => path));
    const declared = [...this.#manifests]
      .filter(([path]) => !paths.has(path))
      .map(([path, manifest]) => this.#declaredImporter(path, manifest));
    const importers = [...listed, ...declared];
    return importers.length > 0 ? importers : [{ path: '.', dependencies: [] }];
  }

  /** An importer that berry's lockfile lists: what it resolved a line to is so until yarn runs again. */
  #listedImporter(path: string, workspace: number, asks: readonly YarnAsk[]): Importer {
    const parent = this.entries[workspace]?.name;
    const lines = linesOf(this.#manifests.get(path));
    const dependencies = asks.flatMap((ask): ImporterDependency[] => {
      const { name, range } = ask;
      const entry = this.#resolutions.find(parent, name, range) ?? this.#findAsked(ask);
      const scopes = lines.filter((line) => line.name === name).map(({ scope }) => scope);
      // Of a name in two groups the lockfile records one, and does not say which.
      const specifier = scopes.length > 1 ? undefined : specifierOf(ask);
      return (scopes.length === 0 ? (['prod'] as const) : scopes).map((scope) => ({ name, scope, specifier, entry }));
    });
    return { path, dependencies };
  }

  /** Where a catalog's line was edited, its range is in no key of the lockfile any more. */
  #findAsked({ name, range, entry }: YarnAsk): number {
    return entry === -1 && range.startsWith('catalog:') ? this.#findEdited(name) : entry;
  }

  /** An importer that the lockfile does not list. */
  #declaredImporter(path: string, manifest: Manifest): Importer {
    const parent = manifest.name;
    const dependencies = linesOf(manifest).map(({ name, scope, written }): ImporterDependency => {
      const range = written.trim();
      const entry = this.#resolutions.find(parent, name, range) ?? this.#findDeclared(name, range);
      return { name, scope, specifier: undefined, entry };
    });
    const member = this.#graph.isBerry ? undefined : this.#members.get(parent ?? '');
    if (member !== undefined) this.#connectMember(member, { path, dependencies });
    return { path, dependencies };
  }

  #findDeclared(name: string, range: string): number {
    const { descriptors, isBerry } = this.#graph;
    const found = descriptors.find(name, range);
    if (found !== -1) return found;
    const member = this.#members.get(name);
    if (member !== undefined) return member;
    return isBerry ? -1 : this.#findEdited(name);
  }

  /**
   * The entry of a line whose range is in no key of the lockfile, most likely because the line was edited: one that nobody
   * asks for any more is what was asked for before; else the newest is taken.
   */
  #findEdited(name: string): number {
    const all = this.#graph.descriptors.findAll(name);
    const left = all.filter(({ range, isAsked }) => !isAsked && !this.#asked.has(`${name}@${range}`));
    const [first, ...others] = (left.length > 0 ? left : all).map(({ entry }) => entry);
    const version = (index: number): string => this.entries[index]?.version ?? '';
    const newest = (best: number, entry: number): number =>
      npmVersions.compare(version(entry), version(best)) > 0 ? entry : best;
    return first === undefined ? -1 : others.reduce(newest, first);
  }

  /** Members of a workspace of yarn 1 are not in the lockfile, so their entries have no place in it. */
  #addMembers(): void {
    for (const [path, { name }] of this.#manifests) {
      if (path === '.' || name === undefined) continue;
      this.#members.set(name, this.entries.push(growEntry(name, '', 'workspace', undefined, 0, 0)) - 1);
    }
  }

  /** A member does not pass its development dependencies on to what depends on it. */
  #connectMember(member: number, { dependencies }: Importer): void {
    const edges = new Set(dependencies.filter(({ scope }) => scope !== 'dev').map(({ entry }) => entry));
    edges.delete(-1);
    const entry = this.entries[member];
    if (entry !== undefined) entry.edges = [...edges];
    this.required[member] = undefined;
  }
}

/** The lines that yarn installs packages for: peers and catalogs only say what else has to hold. */
function linesOf(manifest: Manifest | undefined): readonly Dependency[] {
  return manifest?.dependencies.filter(({ scope, catalog }) => scope !== 'peer' && catalog === undefined) ?? [];
}

import type { Lockfile } from './lockfile.ts';

/** A direct dependency of a workspace member that reaches a package, and the shortest way there. */
export interface DirectRoute {
  /** Index into {@link Lockfile.importers}. */
  readonly importer: number;
  /** Index into the importer's dependencies. */
  readonly dependency: number;
  /** Entry indexes from the direct dependency to the package itself, both included. */
  readonly entries: readonly number[];
}

/** Answers "why is this here" for one lockfile. Made once per lockfile: it holds the graph turned around. */
export class RouteFinder {
  readonly #lockfile: Lockfile;
  readonly #offsets: Uint32Array;
  readonly #parents: Uint32Array;
  readonly #directs: ReadonlyMap<number, readonly { readonly importer: number; readonly dependency: number }[]>;
  readonly #seen: Uint32Array;
  readonly #next: Int32Array;
  #round = 0;

  constructor(lockfile: Lockfile) {
    this.#lockfile = lockfile;
    const { offsets, parents } = turnAround(lockfile);
    this.#offsets = offsets;
    this.#parents = parents;
    this.#directs = directDependencies(lockfile);
    this.#seen = new Uint32Array(lockfile.entries.length);
    this.#next = new Int32Array(lockfile.entries.length);
  }

  /** True when a workspace member names this entry itself. */
  isDirect(entry: number): boolean {
    return this.#directs.has(entry);
  }

  /** The shortest route from every direct dependency that brings in one of the entries, shortest first. Cycles are normal. */
  routesTo(targets: readonly number[]): DirectRoute[] {
    const round = ++this.#round;
    const queue = [...targets];
    for (const target of targets) {
      this.#seen[target] = round;
      this.#next[target] = -1;
    }
    const routes: DirectRoute[] = [];
    for (let head = 0; head < queue.length; head++) {
      const entry = queue[head] ?? 0;
      for (const direct of this.#directs.get(entry) ?? []) routes.push({ ...direct, entries: this.#chainFrom(entry) });
      for (let at = this.#offsets[entry] ?? 0; at < (this.#offsets[entry + 1] ?? 0); at++) {
        const parent = this.#parents[at] ?? 0;
        if (this.#seen[parent] === round) continue;
        this.#seen[parent] = round;
        this.#next[parent] = entry;
        queue.push(parent);
      }
    }
    return routes;
  }

  /** The entries that bring in one of the targets, however deep, and the targets themselves. */
  reaching(targets: readonly number[]): ReadonlySet<number> {
    const found = new Set(targets);
    for (const entry of found) for (const parent of this.parentsOf(entry)) found.add(parent);
    return found;
  }

  /** The entries that ask for an entry themselves. */
  parentsOf(entry: number): Uint32Array {
    return this.#parents.subarray(this.#offsets[entry] ?? 0, this.#offsets[entry + 1] ?? 0);
  }

  /** The names along a route, the direct dependency as its manifest writes it. */
  namesOf(route: DirectRoute): string[] {
    const names = route.entries.map((entry) => this.#lockfile.entries[entry]?.name ?? '');
    const written = this.#lockfile.importers[route.importer]?.dependencies[route.dependency]?.name;
    if (written !== undefined && names.length > 1) names[0] = written;
    return names;
  }

  #chainFrom(entry: number): number[] {
    const chain: number[] = [];
    for (let at = entry; at !== -1; at = this.#next[at] ?? -1) chain.push(at);
    return chain;
  }
}

/** The edges in compressed sparse rows, from child to parents. */
function turnAround(lockfile: Lockfile): { offsets: Uint32Array; parents: Uint32Array } {
  const { entries } = lockfile;
  const offsets = new Uint32Array(entries.length + 1);
  for (const entry of entries) for (const child of entry.edges) offsets[child + 1] = (offsets[child + 1] ?? 0) + 1;
  for (let at = 0; at < entries.length; at++) offsets[at + 1] = (offsets[at + 1] ?? 0) + (offsets[at] ?? 0);
  const parents = new Uint32Array(offsets[entries.length] ?? 0);
  const fill = offsets.slice();
  entries.forEach((entry, index) => {
    for (const child of entry.edges) {
      const at = fill[child] ?? 0;
      parents[at] = index;
      fill[child] = at + 1;
    }
  });
  return { offsets, parents };
}

function directDependencies(lockfile: Lockfile): Map<number, { importer: number; dependency: number }[]> {
  const directs = new Map<number, { importer: number; dependency: number }[]>();
  lockfile.importers.forEach((importer, importerIndex) => {
    importer.dependencies.forEach((dependency, dependencyIndex) => {
      if (dependency.entry < 0) return;
      const list = directs.get(dependency.entry);
      const item = { importer: importerIndex, dependency: dependencyIndex };
      if (list) list.push(item);
      else directs.set(dependency.entry, [item]);
    });
  });
  return directs;
}

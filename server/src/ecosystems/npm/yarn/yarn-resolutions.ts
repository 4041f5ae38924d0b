import { ownsCatalogs, type MemberManifest } from '../../../core/lockfile.ts';
import type { GrowingEntry } from '../lockfile/growing-entry.ts';
import type { YarnGraph } from './yarn-graph.ts';
import { splitDescriptor } from './yarn-key.ts';

/** A rule of the root's `resolutions`, and the entry that its value means. */
interface Rule {
  /** The package that it is limited to; undefined for all. */
  readonly parent: string | undefined;
  readonly name: string;
  /** The range that it is limited to; empty for all. */
  readonly range: string;
  readonly entry: number;
}

/**
 * What manifests put in place of a range that is asked for: the root's `resolutions`, and entries of catalogs.
 * @see https://yarnpkg.com/configuration/manifest#resolutions
 */
export class YarnResolutions {
  readonly #graph: YarnGraph;
  readonly #rules: readonly Rule[];
  readonly #catalogs: ReadonlyMap<string, string>;

  constructor(graph: YarnGraph, manifests: readonly MemberManifest[]) {
    this.#graph = graph;
    this.#rules = rulesOf(graph, manifests);
    this.#catalogs = new Map(
      manifests
        .filter(({ importer }) => ownsCatalogs(importer))
        .flatMap(({ manifest }) =>
          manifest.dependencies.flatMap(({ catalog, name, written }) =>
            catalog === undefined ? [] : [[`${catalog} ${name}`, written] as const],
          ),
        ),
    );
  }

  /** The entry that is installed in place of what `parent` asks for; undefined when nothing takes its place. */
  find(parent: string | undefined, name: string, range: string): number | undefined {
    const rule = this.#rules.findLast(
      (each) =>
        each.name === name &&
        (each.parent === undefined || each.parent === parent) &&
        (each.range === '' || withoutProtocol(each.range) === withoutProtocol(range)),
    );
    if (rule !== undefined) return rule.entry;
    if (!range.startsWith(CATALOG)) return undefined;
    const written = this.#catalogs.get(`${range.slice(CATALOG.length) || 'default'} ${name}`);
    const entry = written === undefined ? -1 : this.#graph.descriptors.find(name, written.trim());
    return entry === -1 ? undefined : entry;
  }

  /** Leads the edges of packages where the rules say. `required` counts, by entry, the edges that are not optional. */
  redirect(entries: readonly GrowingEntry[], required: (number | undefined)[]): void {
    if (this.#rules.length === 0) return;
    for (const { from, name, range } of this.#graph.unanswered) {
      const entry = entries[from];
      const target = this.find(entry?.name, name, range);
      if (entry === undefined || target === undefined || entry.edges.includes(target)) continue;
      entry.edges = [target, ...entry.edges];
      const before = required[from];
      if (before !== undefined) required[from] = before + 1;
    }
    for (const rule of this.#rules) if (rule.parent !== undefined) redirectFrom(rule.parent, rule, entries, required);
  }
}

/** Leads what one package asks for to the rule's entry. */
function redirectFrom(
  parent: string,
  rule: Rule,
  entries: readonly GrowingEntry[],
  required: (number | undefined)[],
): void {
  const replaced = entries[rule.entry]?.name;
  entries.forEach((entry, index) => {
    if (entry.name !== parent || !entry.edges.some((edge) => entries[edge]?.name === replaced)) return;
    const edges = entry.edges.map((edge) => (entries[edge]?.name === replaced ? rule.entry : edge));
    const before = required[index];
    if (before !== undefined) required[index] = new Set(edges.slice(0, before)).size;
    entry.edges = [...new Set(edges)];
  });
}

function rulesOf({ descriptors }: YarnGraph, manifests: readonly MemberManifest[]): Rule[] {
  const root = manifests.find(({ importer }) => importer === '.')?.manifest;
  return (root?.overrides ?? []).flatMap(({ path, value }): Rule[] => {
    const [name, range] = splitDescriptor(path.at(-1) ?? '');
    const parent = path.length < 2 ? undefined : splitDescriptor(path.at(-2) ?? '')[0];
    const entry = descriptors.find(name, value.trim());
    return entry === -1 ? [] : [{ parent, name, range, entry }];
  });
}

function withoutProtocol(range: string): string {
  return range.startsWith('npm:') ? range.slice('npm:'.length) : range;
}

const CATALOG = 'catalog:';

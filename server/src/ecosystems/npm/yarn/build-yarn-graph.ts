import type { LockEntry } from '../../../core/lockfile.ts';
import { copyOf } from '../lockfile/string-table.ts';
import { readBerryBlock, readClassicBlock } from './yarn-block.ts';
import { YarnDescriptors } from './yarn-descriptors.ts';
import type { YarnAsk, YarnGraph, YarnPart } from './yarn-graph.ts';
import { readYarnKey, splitDescriptor } from './yarn-key.ts';

/** Leads what each part asks for to the entry that stands under that name and range. */
export function buildYarnGraph(isBerry: boolean, entries: readonly LockEntry[], parts: readonly YarnPart[]): YarnGraph {
  const builder = new GraphBuilder(isBerry, entries.length);
  for (const part of parts) builder.describe(part);
  for (const part of parts) if (part.block !== '' || part.workspace !== undefined) builder.connect(part);
  const { edges, required, descriptors, workspaces, unanswered } = builder;
  const aliases = new Set(parts.flatMap(({ key, entry }) => aliasesIn(key, entries[entry]?.name)));
  workspaces.sort((a, b) => Number(a.path !== '.') - Number(b.path !== '.'));
  return { isBerry, entries, edges, required, descriptors, workspaces, unanswered, aliases };
}

function aliasesIn(key: string, name: string | undefined): string[] {
  return readYarnKey(key).flatMap((descriptor) => {
    const [installed] = splitDescriptor(descriptor);
    return name === undefined || installed === name ? [] : [copied(installed)];
  });
}

class GraphBuilder {
  readonly edges: (readonly number[])[];
  readonly required: (number | undefined)[];
  readonly descriptors: YarnDescriptors;
  readonly workspaces: YarnGraph['workspaces'][number][] = [];
  readonly unanswered: YarnGraph['unanswered'][number][] = [];
  readonly #isBerry: boolean;

  constructor(isBerry: boolean, entries: number) {
    this.#isBerry = isBerry;
    this.descriptors = new YarnDescriptors(isBerry);
    this.edges = Array.from({ length: entries }, () => NO_EDGES);
    this.required = Array.from({ length: entries }, () => undefined);
  }

  /** Notes under which names and ranges an entry stands. */
  describe({ key, entry }: YarnPart): void {
    for (const descriptor of readYarnKey(key)) {
      const [name, range] = splitDescriptor(descriptor);
      this.descriptors.set(name, range, entry);
      if (!this.#isBerry) continue;
      // Paths are bound to who asks for them (`link:../a::locator=…`); those who ask write the path alone.
      const bound = range.indexOf('::');
      if (bound !== -1 && this.descriptors.find(name, range.slice(0, bound)) === -1) {
        this.descriptors.set(name, range.slice(0, bound), entry);
      }
    }
  }

  connect({ key, block, entry, workspace }: YarnPart): void {
    const { names, ranges, required } = this.#isBerry ? readBerryBlock(block) : readClassicBlock(block);
    const before = this.edges[entry] ?? NO_EDGES;
    const edges = [...before];
    const asks: YarnAsk[] = [];
    // A patched package has two parts. What is optional in one of them may be required in the other.
    if (before.length > 0) this.required[entry] = undefined;
    for (let index = 0; index < names.length; index += 1) {
      if (index === required && before.length === 0) this.required[entry] = edges.length;
      const name = names[index] ?? '';
      const range = ranges[index] ?? '';
      const target = this.#resolve(name, range, workspace, key);
      if (target !== -1 && !edges.includes(target)) edges.push(target);
      if (workspace !== undefined) asks.push({ name: copied(name), range: copied(range), entry: target });
      else if (target === -1) this.unanswered.push({ from: entry, name: copied(name), range: copied(range) });
    }
    this.edges[entry] = edges;
    if (workspace !== undefined) this.workspaces.push({ path: workspace, entry, asks });
  }

  /** Index of the entry that a request means; -1 when there is none. */
  #resolve(name: string, range: string, workspace: string | undefined, key: string): number {
    // A path that two members write means another folder for each.
    if (workspace !== undefined && range.includes(':') && !range.startsWith('npm:')) {
      const [member] = splitDescriptor(key);
      const locator = encodeURIComponent(`${member}@workspace:${workspace}`.toWellFormed());
      const bound = this.descriptors.find(name, `${range}::locator=${locator}`);
      if (bound !== -1) return bound;
    }
    const target = this.descriptors.ask(name, range);
    // `resolutions` and catalogs replace the range that a key is written for.
    return target === -1 ? this.descriptors.findOnly(name) : target;
  }
}

function copied(text: string): string {
  return copyOf(text, 0, text.length);
}

const NO_EDGES: readonly number[] = [];

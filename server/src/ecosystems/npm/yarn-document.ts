import type { Problem, Span } from '../../core/span.ts';
import { growEntry, type GrowingEntry } from './growing-entry.ts';
import { RegistryReader } from './resolved-source.ts';
import { identifyBerry, identifyClassic, type YarnDraft } from './yarn-identity.ts';

/** A dependency of a workspace member, as berry's lockfile lists it. */
export interface YarnWorkspace {
  /** Relative to the lockfile's folder; `.` for the root. */
  readonly path: string;
  readonly entry: number;
  /** Numbers of requests. */
  readonly requests: readonly number[];
}

/** More are not kept. */
const MAX_PROBLEMS = 200;

/**
 * What a `yarn.lock` says, as its readers find it. An entry stands under one or more descriptors (`name@range`), and others
 * ask for it by one of them. Requests, and they alone, may be views of the text: they are let go of with the document.
 */
export class YarnDocument {
  readonly text: string;
  readonly isBerry: boolean;
  /** The version of the format; undefined when the text does not say. */
  version: string | undefined;
  versionSpan: Span;
  readonly problems: Problem[] = [];
  /** Their edges are numbers of requests until the graph is made. */
  readonly entries: GrowingEntry[] = [];
  /** By entry: how many of its edges are not optional. Those come first. Undefined when all are required. */
  readonly required: (number | undefined)[] = [];
  /** The number of each descriptor. */
  readonly descriptors = new Map<string, number>();
  /** By the number of a descriptor: the entry that it stands for. */
  readonly owners: number[] = [];
  readonly workspaces: YarnWorkspace[] = [];
  readonly requestNames: string[] = [];
  readonly requestRanges: string[] = [];
  readonly #registries = new RegistryReader();
  readonly #patches: YarnDraft[] = [];

  constructor(text: string, isBerry: boolean) {
    this.text = text;
    this.isBerry = isBerry;
    this.versionSpan = { start: 0, end: Math.min(1, text.length) };
  }

  /** Where the text begins after a byte order mark. */
  get start(): number {
    return this.text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  }

  report(start: number, end: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ span: { start, end }, message });
  }

  /** Notes that a package is asked for; the answer is the number of the request. */
  addRequest(name: string, range: string): number {
    this.requestNames.push(name);
    return this.requestRanges.push(range) - 1;
  }

  /** Adds what stands under one key. */
  add(draft: YarnDraft): void {
    if (this.isBerry && draft.resolved.includes('@patch:')) this.#patches.push(draft);
    else this.#addEntry(draft);
  }

  /**
   * A patched package is the package at that version: the two entries that berry writes become one, under the descriptors
   * of both. To be called once all entries are there.
   */
  settlePatches(): void {
    if (this.#patches.length === 0) return;
    const originals = new Map(this.entries.map(({ name, version }, index) => [`${name}@${version}`, index]));
    for (const patch of this.#patches) {
      const { name, version } = identifyBerry(patch);
      const original = originals.get(`${name}@${version}`);
      const entry = this.entries[original ?? -1];
      if (original === undefined || entry === undefined) {
        originals.set(`${name}@${version}`, this.#addEntry(patch));
        continue;
      }
      this.#describe(patch.descriptors, original);
      entry.edges = [...new Set([...entry.edges, ...patch.edges])];
      if (this.required[original] !== undefined || patch.required !== undefined) this.required[original] = undefined;
    }
  }

  #addEntry(draft: YarnDraft): number {
    const { start, end } = draft;
    const identity = this.isBerry ? identifyBerry(draft) : identifyClassic(draft, this.#registries);
    const { name, version, source, registry } = identity;
    if (version === '' && source === 'registry') this.report(start, end, `${name} has no version`);
    const entry = growEntry(name, version, source, registry, start, end);
    entry.integrity = draft.integrity;
    entry.edges = draft.edges;
    const index = this.#place(draft, entry);
    this.required[index] = draft.required;
    if (identity.workspace !== undefined) {
      this.workspaces.push({ path: identity.workspace, entry: index, requests: draft.edges });
    }
    return index;
  }

  /** Of two entries with the same first descriptor the last one counts. */
  #place({ descriptors }: YarnDraft, entry: GrowingEntry): number {
    const known = this.descriptors.get(descriptors[0] ?? '');
    const index = known === undefined ? this.entries.length : (this.owners[known] ?? 0);
    if (known !== undefined) {
      this.report(entry.start, entry.end, 'The package is listed twice; the last one counts');
      const workspace = this.workspaces.findIndex((other) => other.entry === index);
      if (workspace !== -1) this.workspaces.splice(workspace, 1);
    }
    this.entries[index] = entry;
    this.#describe(descriptors, index);
    return index;
  }

  #describe(descriptors: readonly string[], entry: number): void {
    for (const descriptor of descriptors) {
      this.#own(descriptor, entry);
      if (!this.isBerry) continue;
      // Paths are bound to who asks for them (`link:../a::locator=…`); those who ask write the path alone.
      const bound = descriptor.indexOf('::');
      if (bound !== -1 && !this.descriptors.has(descriptor.slice(0, bound))) this.#own(descriptor.slice(0, bound), entry);
    }
  }

  #own(descriptor: string, entry: number): void {
    const known = this.descriptors.get(descriptor);
    if (known === undefined) this.descriptors.set(descriptor, this.owners.push(entry) - 1);
    else this.owners[known] = entry;
  }
}

const BYTE_ORDER_MARK = 0xfeff;

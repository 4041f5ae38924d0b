import { SCOPE_BIT } from '../../../core/package.ts';
import type { Problem, Span } from '../../../core/span.ts';
import { growEntry, type GrowingEntry } from '../lockfile/growing-entry.ts';
import { RegistryReader } from '../lockfile/resolved-source.ts';
import type { YarnDraft } from './yarn-draft.ts';
import type { YarnPart } from './yarn-graph.ts';
import { identifyBerry, identifyClassic, type YarnIdentity } from './yarn-identity.ts';

/** More are not kept. */
const MAX_PROBLEMS = 200;

/** As many drafts are made into entries at once: fewer cost more calls, and more outlive the engine's quick collections. */
const BATCH = 128;

/** What a `yarn.lock` says: its readers add drafts, of which entries are made. */
export class YarnDocument {
  readonly text: string;
  readonly isBerry: boolean;
  /** The version of the format; undefined when the text does not say. */
  version: string | undefined;
  versionSpan: Span;
  readonly problems: Problem[] = [];
  readonly entries: GrowingEntry[] = [];
  /** What the graph is made of. A patched package has two parts. */
  readonly parts: YarnPart[] = [];
  readonly #registries = new RegistryReader();
  readonly #patches: YarnPatch[] = [];
  #drafts: YarnDraft[] = [];
  /** Where the last key begins; -1 before the first. */
  #lastKey = -1;
  /** By key, the index of its part. Made when keys are not sorted as yarn does it: then one may stand there twice. */
  #partOf: Map<string, number> | undefined;

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

  add(draft: YarnDraft): void {
    if (this.#drafts.push(draft) === BATCH) this.#addBatch();
  }

  /** To be called once, when all drafts are added. */
  settle(): void {
    this.#addBatch();
    if (this.#patches.length > 0) this.#settlePatches();
  }

  #addBatch(): void {
    // One copy of all that is kept: a copy for each piece takes several times longer.
    const pieces: string[] = [];
    for (const { key, integrity } of this.#drafts) pieces.push(key, integrity);
    const kept = pieces.join('');
    let at = 0;
    for (const draft of this.#drafts) {
      const keyEnd = at + draft.key.length;
      const end = keyEnd + draft.integrity.length;
      this.#addEntry(draft, kept.slice(at, keyEnd), end === keyEnd ? undefined : kept.slice(keyEnd, end));
      at = end;
    }
    this.#drafts = [];
  }

  #addEntry(draft: YarnDraft, key: string, integrity: string | undefined): void {
    const { block } = draft;
    const known = this.#findPart(key, draft);
    if (known !== undefined) this.report(draft.start, draft.end, 'The package is listed twice; the last one counts');
    this.#partOf?.set(key, this.parts.length);
    const identity = this.isBerry ? identifyBerry(draft, key) : identifyClassic(draft, key, this.#registries);
    if (this.isBerry && isPatch(draft, identity)) {
      this.#patches.push({ draft, identity, key, block });
      return;
    }
    const entry = known === undefined ? this.entries.length : this.#forget(known);
    this.entries[entry] = this.#entryOf(draft, identity, integrity);
    this.parts.push({ key, block, entry, workspace: identity.workspace });
  }

  #findPart(key: string, { start, end }: YarnDraft): number | undefined {
    if (this.#partOf === undefined) {
      const last = this.#lastKey;
      this.#lastKey = start;
      if (last === -1 || isSorted(this.text, last, start, end)) return undefined;
      this.#partOf = new Map(this.parts.map((part, index) => [part.key, index]));
    }
    return this.#partOf.get(key);
  }

  #entryOf({ start, end }: YarnDraft, identity: YarnIdentity, integrity: string | undefined): GrowingEntry {
    const { name, version, source, registry } = identity;
    if (version === '' && source === 'registry') this.report(start, end, `${name} has no version`);
    const entry = growEntry(name, version, source, registry, start, end);
    entry.integrity = integrity;
    entry.scopes = SCOPE_BIT.prod;
    return entry;
  }

  /** Drops a part whose key is written a second time. The answer is the place of its entry. */
  #forget(index: number): number {
    const part = this.parts[index];
    if (part === undefined) return this.entries.length;
    this.parts[index] = { ...part, key: '', block: '', workspace: undefined };
    return part.entry;
  }

  /** A patched package is the package at that version: the two that berry writes are one entry, under the keys of both. */
  #settlePatches(): void {
    const names = new Set(this.#patches.map(({ identity }) => identity.name));
    const originals = new Map<string, number>();
    this.entries.forEach(({ name, version }, index) => {
      if (names.has(name)) originals.set(`${name}@${version}`, index);
    });
    for (const { draft, identity, key, block } of this.#patches) {
      const label = `${identity.name}@${identity.version}`;
      let entry = originals.get(label);
      if (entry === undefined) {
        entry = this.entries.push(this.#entryOf(draft, identity, undefined)) - 1;
        originals.set(label, entry);
      }
      this.parts.push({ key, block, entry, workspace: undefined });
    }
  }
}

/** True when a key comes after the one that begins at `last`. Compared in place, which takes less time than as two strings. */
function isSorted(text: string, last: number, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const difference = text.charCodeAt(index) - text.charCodeAt(last + index - start);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function isPatch({ key, resolved }: YarnDraft, { name }: YarnIdentity): boolean {
  return resolved === '' ? key.includes('@patch:') : resolved.startsWith('@patch:', name.length);
}

interface YarnPatch {
  readonly draft: YarnDraft;
  readonly identity: YarnIdentity;
  readonly key: string;
  readonly block: string;
}

const BYTE_ORDER_MARK = 0xfeff;

import { SCOPE_BIT } from '../../core/package.ts';
import type { Problem, Span } from '../../core/span.ts';
import { growEntry, type GrowingEntry } from './growing-entry.ts';
import { RegistryReader } from './resolved-source.ts';
import type { YarnDraft } from './yarn-draft.ts';
import type { YarnPart } from './yarn-graph.ts';
import { identifyBerry, identifyClassic, type YarnIdentity } from './yarn-identity.ts';

/** More are not kept. */
const MAX_PROBLEMS = 200;

/** What a `yarn.lock` says: its readers add drafts, which are made into entries when all are there. */
export class YarnDocument {
  readonly text: string;
  readonly isBerry: boolean;
  /** The version of the format; undefined when the text does not say. */
  version: string | undefined;
  versionSpan: Span;
  readonly problems: Problem[] = [];
  readonly drafts: YarnDraft[] = [];
  readonly entries: GrowingEntry[] = [];
  /** What the graph is made of. A patched package has two parts. */
  readonly parts: YarnPart[] = [];
  readonly #registries = new RegistryReader();

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

  /** Makes the drafts into entries. To be called once, when all drafts are there. */
  settle(): void {
    // One copy of all that is kept: a copy for each piece takes several times longer.
    const pieces: string[] = [];
    for (const { key, integrity } of this.drafts) pieces.push(key, integrity);
    const kept = pieces.join('');
    // Apart, since it is dropped when the graph is made.
    const blocks = this.drafts.map(({ block }) => block).join('');
    // Yarn sorts the keys. In another order one may stand there twice.
    const partOf = isSorted(this.drafts) ? undefined : new Map<string, number>();
    const patches: YarnPatch[] = [];
    let at = 0;
    let blockAt = 0;
    for (const draft of this.drafts) {
      const key = kept.slice(at, at + draft.key.length);
      at += draft.key.length;
      const integrity = draft.integrity === '' ? undefined : kept.slice(at, at + draft.integrity.length);
      at += draft.integrity.length;
      const block = draft.block === '' ? '' : blocks.slice(blockAt, blockAt + draft.block.length);
      blockAt += draft.block.length;
      const known = partOf?.get(key);
      if (known !== undefined) this.report(draft.start, draft.end, 'The package is listed twice; the last one counts');
      partOf?.set(key, this.parts.length);
      const identity = this.isBerry ? identifyBerry(draft, key) : identifyClassic(draft, key, this.#registries);
      if (this.isBerry && isPatch(draft, identity)) {
        patches.push({ draft, identity, key, block });
        continue;
      }
      const entry = known === undefined ? this.entries.length : this.#forget(known);
      this.entries[entry] = this.#entryOf(draft, identity, integrity);
      this.parts.push({ key, block, entry, workspace: identity.workspace });
    }
    if (patches.length > 0) this.#settlePatches(patches);
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
  #settlePatches(patches: readonly YarnPatch[]): void {
    const names = new Set(patches.map(({ identity }) => identity.name));
    const originals = new Map<string, number>();
    this.entries.forEach(({ name, version }, index) => {
      if (names.has(name)) originals.set(`${name}@${version}`, index);
    });
    for (const { draft, identity, key, block } of patches) {
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

function isPatch({ key, resolved }: YarnDraft, { name }: YarnIdentity): boolean {
  return resolved === '' ? key.includes('@patch:') : resolved.startsWith('@patch:', name.length);
}

function isSorted(drafts: readonly YarnDraft[]): boolean {
  let last = '';
  for (const { key } of drafts) {
    // Quotes are not part of what is sorted.
    const bare = key.charCodeAt(0) === QUOTE ? key.slice(1) : key;
    if (bare <= last) return false;
    last = bare;
  }
  return true;
}

interface YarnPatch {
  readonly draft: YarnDraft;
  readonly identity: YarnIdentity;
  readonly key: string;
  readonly block: string;
}

const BYTE_ORDER_MARK = 0xfeff;
const QUOTE = 34;

import type { Ecosystem } from '../core/ecosystem.ts';
import { LineIndex } from '../core/line-index.ts';
import type { Lockfile } from '../core/lockfile.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Files } from '../core/ports.ts';
import type { Parsed } from '../core/span.ts';
import type { ParsedDocument } from './project-input.ts';
import { TextIdentity } from './text-identity.ts';

interface OpenDocument {
  readonly text: string;
  readonly version: number;
  /** Each text that the editor sends has its own: versions begin anew when a document is opened again. */
  readonly ticket: number;
}

interface Cached<T> {
  readonly stamp: string;
  readonly identity: TextIdentity;
  /** Grows with every look at the disk, so that a late answer is told from a newer one. */
  readonly ticket: number;
  readonly document: ParsedDocument<T>;
}

type Cache<T> = Map<string, Cached<T>>;
type Parse<T> = (text: string) => Parsed<T>;

/**
 * The parsed form of every document in use: what the editor holds before what lies on disk, whose text is kept only until
 * a moment of rest.
 * One parse serves all projects that share a document, and a text that is the same as before is not parsed again.
 */
export class DocumentStore {
  readonly #files: Files;
  readonly #open = new Map<string, OpenDocument>();
  readonly #manifests: Cache<Manifest> = new Map();
  readonly #lockfiles: Cache<Lockfile> = new Map();
  #ticket = 0;

  constructor(files: Files) {
    this.#files = files;
  }

  open(path: string, text: string, version: number): void {
    this.#open.set(path, { text, version, ticket: ++this.#ticket });
  }

  close(path: string): void {
    this.#open.delete(path);
  }

  /** Lets go of the texts that were read lately, for a moment of rest. */
  settle(): void {
    for (const cache of [this.#manifests, this.#lockfiles]) {
      for (const { identity } of cache.values()) identity.settle();
    }
  }

  /** The text as the editor holds it; undefined when it is not open. */
  openText(path: string): { readonly text: string; readonly version: number } | undefined {
    return this.#open.get(path);
  }

  /** The manifest as the editor holds it, parsed now; undefined when it is not open. */
  openManifest(path: string, ecosystem: Ecosystem): ParsedDocument<Manifest> | undefined {
    return this.#parseOpen(path, this.#manifests, (text) => ecosystem.parseManifest(path, text));
  }

  /** The lockfile as the editor holds it, parsed now; undefined when it is not open. */
  openLockfile(path: string, ecosystem: Ecosystem): ParsedDocument<Lockfile> | undefined {
    return this.#parseOpen(path, this.#lockfiles, (text) => ecosystem.parseLockfile(path, text));
  }

  async manifest(path: string, ecosystem: Ecosystem): Promise<ParsedDocument<Manifest> | undefined> {
    return this.#load(path, this.#manifests, (text) => ecosystem.parseManifest(path, text));
  }

  async lockfile(path: string, ecosystem: Ecosystem): Promise<ParsedDocument<Lockfile> | undefined> {
    return this.#load(path, this.#lockfiles, (text) => ecosystem.parseLockfile(path, text));
  }

  /** The editor may open the document while the disk is read, and two looks may end in the other order. */
  async #load<T>(path: string, cache: Cache<T>, parse: Parse<T>): Promise<ParsedDocument<T> | undefined> {
    const fromEditor = this.#parseOpen(path, cache, parse);
    if (fromEditor !== undefined) return fromEditor;
    const ticket = ++this.#ticket;
    const stat = await this.#files.stat(path);
    if (stat?.kind !== 'file') {
      if (!this.#open.has(path)) cache.delete(path);
      return this.#parseOpen(path, cache, parse);
    }
    const stamp = `disk:${String(stat.modifiedMs)}:${String(stat.size)}`;
    const held = cache.get(path);
    if (held?.stamp === stamp) return held.document;
    const text = await this.#files.readText(path);
    const opened = this.#parseOpen(path, cache, parse);
    if (opened !== undefined) return opened;
    const newer = cache.get(path);
    if (newer !== undefined && newer.ticket > ticket) return newer.document;
    return text === undefined ? undefined : keep(path, cache, { text, stamp, ticket, version: undefined }, parse);
  }

  #parseOpen<T>(path: string, cache: Cache<T>, parse: Parse<T>): ParsedDocument<T> | undefined {
    const open = this.#open.get(path);
    if (open === undefined) return undefined;
    const held = cache.get(path);
    if (held?.ticket === open.ticket) return held.document;
    return keep(path, cache, { ...open, stamp: 'open' }, parse);
  }
}

interface NewText {
  readonly text: string;
  readonly stamp: string;
  readonly ticket: number;
  readonly version: number | undefined;
}

function keep<T>(
  path: string,
  cache: Cache<T>,
  { text, version, ...marks }: NewText,
  parse: Parse<T>,
): ParsedDocument<T> {
  const held = cache.get(path);
  if (held?.identity.isOf(text) === true) {
    const document = { ...held.document, version };
    cache.set(path, { ...marks, identity: held.identity, document });
    return document;
  }
  const document = { path, lines: new LineIndex(text), version, parsed: parse(text) };
  cache.set(path, { ...marks, identity: new TextIdentity(text), document });
  return document;
}

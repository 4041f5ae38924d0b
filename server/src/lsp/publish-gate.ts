import type { Diagnostic } from 'vscode-languageserver-types';

import type { Clock } from '../core/ports.ts';

/** How long the typing must rest before something new is said about the edited line, in milliseconds. */
const REST_MS = 600;

interface Published {
  readonly hash: string;
  sequence: number;
  readonly diagnostics: readonly Diagnostic[];
  /** The list as it was given, when all of it was sent. */
  source: readonly Diagnostic[] | undefined;
}

interface Held {
  readonly line: number;
  readonly cancel: () => void;
}

export interface PublishRequest {
  readonly uri: string;
  readonly version: number;
  /** Of the snapshot that the diagnostics come from. */
  readonly sequence: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The only caller of publishDiagnostics. Drops what an older snapshot or another version of the text says, does not send
 * the same twice, and keeps what is new on the edited line back until the typing rests.
 */
export class PublishGate {
  readonly #send: (params: { uri: string; version: number; diagnostics: Diagnostic[] }) => void;
  readonly #clock: Clock;
  readonly #versions = new Map<string, number>();
  readonly #published = new Map<string, Published>();
  readonly #held = new Map<string, Held>();

  constructor(send: (params: { uri: string; version: number; diagnostics: Diagnostic[] }) => void, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  /** The document's text moved on. `editedLine` counts from zero; undefined when the change was no typing. */
  noteVersion(uri: string, version: number, editedLine: number | undefined, onRest: () => void): void {
    this.#versions.set(uri, version);
    this.#held.get(uri)?.cancel();
    this.#held.delete(uri);
    if (editedLine === undefined) return;
    const cancel = this.#clock.after(REST_MS, () => {
      this.#held.delete(uri);
      onRest();
    });
    this.#held.set(uri, { line: editedLine, cancel });
  }

  publish({ uri, version, sequence, diagnostics }: PublishRequest): void {
    if (this.#versions.get(uri) !== version) return;
    const before = this.#published.get(uri);
    if (before && before.sequence > sequence) return;
    const isHeld = this.#held.has(uri);
    if (before && before.source === diagnostics && !isHeld) {
      before.sequence = sequence;
      return;
    }
    const source = isHeld ? undefined : diagnostics;
    const shown = this.#withoutNews(uri, diagnostics, before?.diagnostics ?? []);
    const hash = JSON.stringify(shown);
    if (before?.hash === hash) {
      before.sequence = sequence;
      before.source = source;
      return;
    }
    this.#published.set(uri, { hash, sequence, diagnostics: shown, source });
    this.#send({ uri, version, diagnostics: shown });
  }

  /** The document was closed: nothing is said about it any more. */
  clear(uri: string): void {
    this.#held.get(uri)?.cancel();
    this.#held.delete(uri);
    const version = this.#versions.get(uri) ?? 0;
    this.#versions.delete(uri);
    if (this.#published.delete(uri)) this.#send({ uri, version, diagnostics: [] });
  }

  dispose(): void {
    for (const { cancel } of this.#held.values()) cancel();
    this.#held.clear();
  }

  #withoutNews(uri: string, diagnostics: readonly Diagnostic[], before: readonly Diagnostic[]): Diagnostic[] {
    const held = this.#held.get(uri);
    if (held === undefined) return [...diagnostics];
    const known = new Set(before.filter((item) => item.range.start.line === held.line).map(({ code }) => code));
    return diagnostics.filter(({ range, code }) => range.start.line !== held.line || known.has(code));
  }
}

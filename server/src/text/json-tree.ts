import { printParseErrorCode, visit } from 'jsonc-parser';
import type { Problem, Span } from '../core/span.ts';
import type { DocumentEntry, DocumentNode } from './document-tree.ts';
import { legibleText, nestingDepth } from './legible-text.ts';

const MAX_DEPTH = 200;
const MAX_PROBLEMS = 20;

/**
 * Everything that can be read of a JSON text, however broken. Its parser recurses, so a text that is too deep is refused.
 * Comments and a comma at the end of a list are problems, unless the file is one that may have them.
 */
export function readJsonTree(
  text: string,
  { mayHaveComments = false }: { readonly mayHaveComments?: boolean } = {},
): { readonly root: DocumentNode | undefined; readonly problems: Problem[] } {
  const legible = legibleText(text);
  if (nestingDepth(legible.text) > MAX_DEPTH) {
    const message = `it is nested more than ${MAX_DEPTH} levels deep, and is not read`;
    return { root: undefined, problems: [{ span: { start: 0, end: Math.min(1, text.length) }, message }] };
  }
  const builder = new TreeBuilder(legible.text);
  const problems: Problem[] = [...legible.conflicts];
  visit(
    legible.text,
    {
      onObjectBegin: (offset) => builder.open({ kind: 'map', entries: [], span: { start: offset, end: text.length } }),
      onArrayBegin: (offset) => builder.open({ kind: 'list', items: [], span: { start: offset, end: text.length } }),
      onObjectProperty: (name, offset, length) => builder.property(name, offset, length),
      onLiteralValue: (value: unknown, offset, length) => builder.literal(value, offset, length),
      onObjectEnd: (offset) => builder.close(offset + 1),
      onArrayEnd: (offset) => builder.close(offset + 1),
      onError: (code, offset, length) => {
        // A conflict breaks the text at many places. Naming the conflict is enough.
        if (legible.conflicts.length > 0 || problems.length >= MAX_PROBLEMS) return;
        // At the end of the text the parser points behind it.
        const span = { start: Math.min(offset, text.length), end: Math.min(offset + length, text.length) };
        problems.push({ span, message: errorMessage(code) });
      },
    },
    { disallowComments: !mayHaveComments, allowTrailingComma: mayHaveComments },
  );
  return { root: builder.root, problems };
}

function errorMessage(code: Parameters<typeof printParseErrorCode>[0]): string {
  const words = printParseErrorCode(code).replace(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return `the JSON is broken here: ${words.toLowerCase()}`;
}

type MutableEntry = { -readonly [K in keyof DocumentEntry]: DocumentEntry[K] };
type Container =
  | { readonly kind: 'map'; readonly entries: MutableEntry[]; span: Span }
  | { readonly kind: 'list'; readonly items: DocumentNode[]; span: Span };

/** A container that the text never closes reaches to the end of the text. */
class TreeBuilder {
  root: DocumentNode | undefined;
  readonly #text: string;
  readonly #open: Container[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  open(container: Container): void {
    this.#attach(container);
    this.#open.push(container);
  }

  close(end: number): void {
    const container = this.#open.pop();
    if (container) container.span = { start: container.span.start, end: Math.min(end, this.#text.length) };
  }

  property(name: string, offset: number, length: number): void {
    const parent = this.#open.at(-1);
    if (parent?.kind === 'map') {
      parent.entries.push({ name, nameSpan: this.#unquoted(offset, length), value: undefined });
    }
  }

  literal(value: unknown, offset: number, length: number): void {
    this.#attach(
      typeof value === 'string'
        ? { kind: 'text', text: value, span: this.#unquoted(offset, length) }
        : { kind: 'other', value, span: { start: offset, end: offset + length } },
    );
  }

  #attach(node: DocumentNode): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.root ??= node;
    else if (parent.kind === 'list') parent.items.push(node);
    else {
      const entry = parent.entries.at(-1);
      if (entry) entry.value ??= node;
    }
  }

  /** The inside of a string token, whose closing quote may not be typed yet. */
  #unquoted(offset: number, length: number): Span {
    const end = offset + length;
    return { start: offset + 1, end: isClosed(this.#text, offset, end) ? end - 1 : end };
  }
}

function isClosed(text: string, start: number, end: number): boolean {
  if (end - start < 2 || text[end - 1] !== '"') return false;
  let backslashes = 0;
  while (text[end - 2 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 0;
}

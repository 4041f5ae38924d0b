import type * as Yaml from 'yaml';
import type { Problem, Span } from '../core/span.ts';
import type { DocumentEntry, DocumentNode } from './document-tree.ts';
import { legibleText } from './legible-text.ts';
import { loadYaml } from './load-yaml.ts';

const MAX_PROBLEMS = 20;
/** What stands for no value where it has no quotes. */
const NOTHING = /^(?:~|null)?$/i;

/**
 * The first document of a YAML text as a tree with places. Every scalar is a text, as it is written (`1.10` stays
 * `1.10`). What cannot be read becomes a problem at its place, and the rest is read.
 */
export function readYaml(text: string): { readonly root: DocumentNode | undefined; readonly problems: Problem[] } {
  const yaml = loadYaml();
  const legible = legibleText(text);
  try {
    const document = yaml.parseDocument(legible.text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const problems = document.errors
      .filter(({ code }) => code !== 'MULTIPLE_DOCS')
      .slice(0, MAX_PROBLEMS)
      .map(({ pos: [start, end], message }): Problem => ({ span: inside(text, start, end), message }));
    const root = new TreeMaker(yaml, document, problems).node(document.contents);
    return { root, problems: legible.conflicts.length > 0 ? [...legible.conflicts] : problems };
  } catch (error) {
    // The library recurses; a text that is nothing but brackets can exhaust the stack.
    if (!(error instanceof RangeError)) throw error;
    return {
      root: undefined,
      problems: [{ span: { start: 0, end: text.length }, message: 'it is nested too deeply' }],
    };
  }
}

/** The library names the place after the end for what is missing there. */
function inside(text: string, start: number, end: number): Span {
  return { start: Math.min(start, text.length), end: Math.min(end, text.length) };
}

/** Turns the library's nodes into ours. Aliases are followed to scalars only, so that none can grow without bounds. */
class TreeMaker {
  readonly #yaml: typeof Yaml;
  readonly #document: Yaml.Document.Parsed;
  readonly #problems: Problem[];

  constructor(yaml: typeof Yaml, document: Yaml.Document.Parsed, problems: Problem[]) {
    this.#yaml = yaml;
    this.#document = document;
    this.#problems = problems;
  }

  /** Undefined where nothing is written. */
  node(node: unknown): DocumentNode | undefined {
    const yaml = this.#yaml;
    if (yaml.isMap(node)) {
      const entries = node.items.flatMap(({ key, value }) => this.#entry(key, value));
      return { kind: 'map', entries, span: spanOf(node) };
    }
    if (yaml.isSeq(node)) {
      return { kind: 'list', items: node.items.flatMap((item) => this.node(item) ?? []), span: spanOf(node) };
    }
    if (yaml.isAlias(node)) return this.#alias(node);
    return yaml.isScalar(node) ? this.#scalar(node) : undefined;
  }

  #entry(key: unknown, value: unknown): DocumentEntry[] {
    const name = this.#yaml.isScalar(key) ? this.#scalar(key) : undefined;
    if (name?.kind !== 'text') return [];
    return [{ name: name.text, nameSpan: name.span, value: this.node(value) }];
  }

  #scalar(scalar: Yaml.Scalar): DocumentNode | undefined {
    const { value, type } = scalar;
    const { start, end } = spanOf(scalar);
    if (typeof value !== 'string') return undefined;
    const isQuoted = type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE';
    if (!isQuoted && NOTHING.test(value)) return undefined;
    const span = isQuoted && end - start >= 2 ? { start: start + 1, end: end - 1 } : { start, end };
    return { kind: 'text', text: value, span };
  }

  /** The text of the scalar that an alias names, at the place of the alias. */
  #alias(alias: Yaml.Alias): DocumentNode | undefined {
    const target = alias.resolve(this.#document);
    const text = this.#yaml.isScalar(target) ? target.value : undefined;
    const span = spanOf(alias);
    if (typeof text === 'string') return { kind: 'text', text, span };
    this.#problems.push({ span, message: `*${alias.source} does not name a text` });
    return undefined;
  }
}

function spanOf({ range }: { readonly range?: Yaml.Range | null }): Span {
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

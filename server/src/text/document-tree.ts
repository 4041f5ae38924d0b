import type { Problem, Span } from '../core/span.ts';

/** A value of a JSON or YAML document with its place. The span of a text leaves the quotes out. */
export type DocumentNode =
  | { readonly kind: 'map'; readonly entries: readonly DocumentEntry[]; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly DocumentNode[]; readonly span: Span }
  | { readonly kind: 'text'; readonly text: string; readonly span: Span }
  /** Numbers, booleans, null, and what its reader could not make sense of. */
  | { readonly kind: 'other'; readonly value: unknown; readonly span: Span };

export type MapNode = Extract<DocumentNode, { readonly kind: 'map' }>;

export interface DocumentEntry {
  readonly name: string;
  readonly nameSpan: Span;
  /** Undefined where it is not typed yet. */
  readonly value: DocumentNode | undefined;
}

/**
 * The entries of a map, each name once: the last one counts, as in JavaScript, and each earlier one is a problem.
 * Names are looked up in a Map, so that `__proto__` is a name like any other.
 */
export function distinctEntries(node: DocumentNode | undefined, problems: Problem[]): readonly DocumentEntry[] {
  if (node?.kind !== 'map') return [];
  const last = new Map(node.entries.map((entry) => [entry.name, entry]));
  if (last.size === node.entries.length) return node.entries;
  return node.entries.filter((entry) => {
    const counts = last.get(entry.name) === entry;
    if (!counts)
      problems.push({ span: entry.nameSpan, message: `"${entry.name}" stands here twice; the last one counts` });
    return counts;
  });
}

/** The value of a name in a map; the last one when it stands there twice. */
export function valueAt(node: DocumentNode | undefined, name: string): DocumentNode | undefined {
  return node?.kind === 'map' ? node.entries.findLast((entry) => entry.name === name)?.value : undefined;
}

export function textAt(node: DocumentNode | undefined, name: string): string | undefined {
  const value = valueAt(node, name);
  return value?.kind === 'text' ? value.text : undefined;
}

/** The texts of a list; undefined when it is no list. */
export function textsOf(node: DocumentNode | undefined): readonly string[] | undefined {
  return node?.kind === 'list' ? node.items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])) : undefined;
}

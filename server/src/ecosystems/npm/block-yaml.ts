import type { Problem, Span } from '../../core/span.ts';
import type { DocumentEntry, DocumentNode } from './document-tree.ts';
import { legibleText } from './legible-text.ts';
import { YamlCursor, type YamlScalar } from './yaml-cursor.ts';

/**
 * Reads the YAML that people and package managers write in configuration files: block and flow maps and lists, plain
 * and quoted scalars, comments, anchors on scalars; the first document only. What it cannot read becomes a problem at
 * its place, and the rest is read. (A full YAML library takes longer to load than the server has to start.)
 * @see https://yaml.org/spec/1.2.2/
 */
export function readBlockYaml(text: string): { readonly root: DocumentNode | undefined; readonly problems: Problem[] } {
  const legible = legibleText(text);
  const reader = new BlockYamlReader(legible.text);
  const root = reader.document();
  return { root, problems: legible.conflicts.length > 0 ? [...legible.conflicts] : reader.problems };
}

const MAX_DEPTH = 60;
const MAX_PROBLEMS = 20;

class BlockYamlReader {
  readonly problems: Problem[] = [];
  readonly #cursor: YamlCursor;
  readonly #anchors = new Map<string, string>();

  constructor(text: string) {
    this.#cursor = new YamlCursor(text);
  }

  document(): DocumentNode | undefined {
    const cursor = this.#cursor;
    let root: DocumentNode | undefined;
    cursor.enterDocument();
    while (cursor.toContent()) {
      const before = cursor.position;
      const node = this.#block(-1, 0);
      if (root === undefined) root = node;
      else this.#problem(before, 'this line does not belong to what stands above it');
      if (cursor.position === before) cursor.toLineEnd();
    }
    return root;
  }

  #problem(start: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS)
      this.problems.push({ span: { start, end: this.#cursor.lineEnd(start) }, message });
  }

  /** The node at the cursor, where a node may begin. `parent` is the column of the map or list that it belongs to. */
  #block(parent: number, depth: number): DocumentNode | undefined {
    const cursor = this.#cursor;
    if (depth > MAX_DEPTH) return this.#unreadable('it is nested too deeply', parent);
    if (cursor.atListItem()) return this.#list(cursor.column, depth);
    return cursor.atMapKey() ? this.#map(cursor.column, depth) : this.#inline(parent, depth);
  }

  #list(column: number, depth: number): DocumentNode {
    const cursor = this.#cursor;
    const start = cursor.position;
    const items: DocumentNode[] = [];
    while (cursor.toContent() && cursor.column === column && cursor.atListItem()) {
      cursor.skip(1);
      cursor.skipSpaces();
      const item = cursor.atLineEnd() ? this.#nested(column, depth) : this.#block(column, depth + 1);
      if (item) items.push(item);
    }
    return { kind: 'list', items, span: { start, end: cursor.lastContentEnd } };
  }

  #map(column: number, depth: number): DocumentNode {
    const cursor = this.#cursor;
    const start = cursor.position;
    const entries: DocumentEntry[] = [];
    while (cursor.toContent() && cursor.column >= column) {
      if (cursor.column > column || !cursor.atMapKey()) {
        // A list item at the column of the map belongs to a list around it.
        if (cursor.column === column && cursor.atListItem()) break;
        this.#problem(cursor.position, 'this line is neither a name with a value nor a part of one');
        cursor.toLineEnd();
        continue;
      }
      const { text, span } = cursor.scalar(':');
      cursor.skipSpaces();
      cursor.skip(1);
      cursor.skipSpaces();
      entries.push({ name: text, nameSpan: span, value: this.#valueOf(column, depth) });
    }
    return { kind: 'map', entries, span: { start, end: cursor.lastContentEnd } };
  }

  #valueOf(column: number, depth: number): DocumentNode | undefined {
    const cursor = this.#cursor;
    if (!cursor.atLineEnd()) return this.#inline(column, depth);
    // The items of a list may stand at the column of the name that they belong to.
    if (cursor.toContent() && cursor.column === column && cursor.atListItem()) return this.#list(column, depth + 1);
    return this.#nested(column, depth);
  }

  /** A node on the lines below, if they are indented further. */
  #nested(parent: number, depth: number): DocumentNode | undefined {
    const cursor = this.#cursor;
    return cursor.toContent() && cursor.column > parent ? this.#block(parent, depth + 1) : undefined;
  }

  /** A scalar, an alias or a flow collection, and nothing else on its line. */
  #inline(parent: number, depth: number): DocumentNode | undefined {
    const cursor = this.#cursor;
    const { anchor, alias, start } = cursor.properties();
    if (alias !== undefined) return this.#aliased(alias, { start, end: cursor.position });
    if (cursor.atLineEnd()) return this.#nested(parent, depth);
    if (cursor.at('|', '>')) return this.#skipped(parent);
    const node = cursor.at('[', '{') ? this.#flow(depth) : this.#scalar(parent);
    if (anchor !== undefined && node?.kind === 'text') this.#anchors.set(anchor, node.text);
    cursor.skipSpaces();
    if (!cursor.atLineStart() && !cursor.atLineEnd()) {
      this.#problem(cursor.position, 'this does not belong to the value before it');
      cursor.toLineEnd();
    }
    return node;
  }

  /** A plain scalar goes on over the lines that are indented further. */
  #scalar(parent: number): DocumentNode {
    const cursor = this.#cursor;
    const { text, span, quoted, closed } = cursor.scalar('');
    if (!closed) this.#problem(span.start, 'this quote is not closed on its line');
    if (quoted) return { kind: 'text', text, span };
    let end = span.end;
    const words = [text];
    while (cursor.toContent() && cursor.column > parent && !cursor.atMapKey() && !cursor.atListItem()) {
      const more = cursor.scalar('');
      words.push(more.text);
      end = more.span.end;
    }
    return scalarNode({ text: words.join(' '), span: { start: span.start, end }, quoted });
  }

  #aliased(alias: string, span: Span): DocumentNode {
    const text = this.#anchors.get(alias);
    this.#cursor.skipSpaces();
    if (text !== undefined) return { kind: 'text', text, span };
    this.#problem(span.start, `"*${alias}" does not name a text that stands above`);
    return { kind: 'other', value: undefined, span };
  }

  #unreadable(message: string, parent: number): DocumentNode {
    this.#problem(this.#cursor.position, message);
    return this.#skipped(parent);
  }

  /** Leaves out the line and everything that is indented below it: a text block holds nothing that is looked for. */
  #skipped(parent: number): DocumentNode {
    const cursor = this.#cursor;
    const start = cursor.position;
    cursor.toLineEnd();
    while (cursor.toContent() && cursor.column > parent) cursor.toLineEnd();
    return { kind: 'other', value: undefined, span: { start, end: cursor.lineEnd(start) } };
  }

  #flow(depth: number): DocumentNode | undefined {
    const cursor = this.#cursor;
    if (depth > MAX_DEPTH) return this.#unreadable('it is nested too deeply', -1);
    const start = cursor.position;
    const isMap = cursor.at('{');
    const entries: DocumentEntry[] = [];
    const items: DocumentNode[] = [];
    cursor.skip(1);
    while (cursor.toContent() && !cursor.at('}', ']')) {
      const before = cursor.position;
      // What follows a bracket that is never closed begins at the margin.
      if (cursor.column === 0) break;
      if (isMap) entries.push(this.#flowEntry(depth));
      else {
        const item = this.#flowValue(depth);
        if (item) items.push(item);
      }
      if (cursor.toContent() && cursor.at(',')) cursor.skip(1);
      else if (cursor.position === before) break;
    }
    if (cursor.at('}', ']')) cursor.skip(1);
    else this.#problem(start, 'this bracket is never closed');
    const span = { start, end: cursor.position };
    return isMap ? { kind: 'map', entries, span } : { kind: 'list', items, span };
  }

  #flowEntry(depth: number): DocumentEntry {
    const cursor = this.#cursor;
    const { text, span } = cursor.scalar(':,[]{}');
    const hasValue = cursor.toContent() && cursor.at(':');
    if (hasValue) cursor.skip(1);
    const value = hasValue && cursor.toContent() && !cursor.at(',', '}') ? this.#flowValue(depth) : undefined;
    return { name: text, nameSpan: span, value };
  }

  #flowValue(depth: number): DocumentNode | undefined {
    const cursor = this.#cursor;
    const { alias, start } = cursor.properties();
    if (alias !== undefined) return this.#aliased(alias, { start, end: cursor.position });
    return cursor.at('[', '{') ? this.#flow(depth + 1) : scalarNode(cursor.scalar(',[]{}'));
  }
}

/** An unquoted `null`, `true` or `false` is no text. A number is: `1.2` asks for a version. */
function scalarNode({ text, span, quoted }: Pick<YamlScalar, 'text' | 'span' | 'quoted'>): DocumentNode {
  const isWord = !quoted && /^(?:|~|null|true|false)$/i.test(text);
  return isWord ? { kind: 'other', value: text.toLowerCase() === 'true', span } : { kind: 'text', text, span };
}

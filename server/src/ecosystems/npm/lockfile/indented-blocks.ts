import type { LockBlock, LockNeed } from '../../../core/lock-text.ts';
import type { Span } from '../../../core/span.ts';

/** Blocks of lockfiles that are lines: a key, and all lines below it that are indented further, as the tools write it. */
export function indentedBlockOf(text: string, key: Span): LockBlock {
  const start = text.lastIndexOf('\n', key.start - 1) + 1;
  const { indent } = lineAt(text, start);
  let end = Math.max(key.end, lineAt(text, start).end);
  for (const line of linesIn(text, lineAt(text, start).next)) {
    if (isBlank(text, line)) continue;
    // A key of more than a thousand characters has its colon on the line below.
    if (line.indent <= indent && text.charAt(line.start + line.indent) !== ':') break;
    end = line.end;
  }
  return { key, block: { start, end } };
}

/** The lines of the groups that are a block's own, in the form of `pair`. */
export function indentedNeedsIn(
  text: string,
  block: Span,
  groups: ReadonlySet<string>,
  pair: (line: string) => Pair | undefined,
): LockNeed[] {
  const needs: LockNeed[] = [];
  const base = lineAt(text, block.start).indent;
  let isInGroup = false;
  for (const line of linesIn(text, lineAt(text, block.start).next)) {
    if (line.start >= block.end) break;
    if (isBlank(text, line)) continue;
    const from = line.start + line.indent;
    const content = text.slice(from, line.end);
    const depth = line.indent - base;
    if (depth <= GROUP_DEPTH) isInGroup = groups.has(content.replace(/:\s*$/, ''));
    else if (isInGroup && depth === NEED_DEPTH) needs.push(...needOf(pair(content), from));
    else if (isInGroup) extendLast(needs, pair(content), from);
  }
  return needs;
}

/** The blocks directly below a line that is a text and a colon, wherever it stands without indentation. */
export function indentedMembersIn(text: string, section: string): LockBlock[] {
  const blocks: LockBlock[] = [];
  const header = `${section}:`;
  for (let at = text.indexOf(header); at !== -1; at = text.indexOf(header, at + header.length)) {
    if (at > 0 && text.charAt(at - 1) !== '\n') continue;
    let end = 0;
    for (const line of linesIn(text, lineAt(text, at).next)) {
      if (isBlank(text, line) || line.start < end) continue;
      if (line.indent === 0) break;
      const key = keyOn(text, line);
      if (key === undefined) continue;
      const member = indentedBlockOf(text, key);
      blocks.push(member);
      end = member.block.end;
    }
  }
  return blocks;
}

/** The key of the line at an offset, without quotes; undefined where the line has none. */
export function keySpanAt(text: string, offset: number): Span | undefined {
  return keyOn(text, lineAt(text, text.lastIndexOf('\n', offset - 1) + 1));
}

export interface Pair {
  readonly name: string;
  readonly nameStart: number;
  readonly value: string;
  readonly valueStart: number;
}

/** `name: value`, each plain or in quotes; the value may be missing. */
export function colonPair(line: string): Pair | undefined {
  return pairOf(line, COLON_PAIR.exec(line));
}

/** `name value`, each plain or in quotes. */
export function spacePair(line: string): Pair | undefined {
  return pairOf(line, SPACE_PAIR.exec(line));
}

function pairOf(line: string, found: RegExpExecArray | null): Pair | undefined {
  if (found === null) return undefined;
  const [whole, double, single, plain] = found;
  const name = double ?? single ?? plain ?? '';
  const rest = line.slice(whole.length).trimEnd();
  const quote = /^(["']).*\1$/.test(rest) ? 1 : 0;
  return {
    name,
    nameStart: plain === undefined ? 1 : 0,
    value: rest.slice(quote, rest.length - quote),
    valueStart: whole.length + quote,
  };
}

interface Line {
  readonly start: number;
  readonly indent: number;
  /** Without the line end. */
  readonly end: number;
  readonly next: number;
}

function lineAt(text: string, start: number): Line {
  const newline = text.indexOf('\n', start);
  const next = newline === -1 ? text.length : newline + 1;
  const stop = newline === -1 ? text.length : newline;
  const end = text.charAt(stop - 1) === '\r' ? Math.max(start, stop - 1) : stop;
  let indent = 0;
  while (start + indent < end && text.charCodeAt(start + indent) === SPACE) indent += 1;
  return { start, indent, end, next };
}

function* linesIn(text: string, from: number): Generator<Line, undefined> {
  for (let at = from; at < text.length;) {
    const line = lineAt(text, at);
    yield line;
    at = line.next;
  }
}

function isBlank(text: string, { start, indent, end }: Line): boolean {
  return start + indent === end || text.charAt(start + indent) === '#';
}

function keyOn(text: string, { start, indent, end }: Line): Span | undefined {
  const pair = colonPair(text.slice(start + indent, end));
  if (pair === undefined) return undefined;
  const from = start + indent + pair.nameStart;
  return { start: from, end: from + pair.name.length };
}

function needOf(pair: Pair | undefined, offset: number): LockNeed[] {
  if (pair === undefined || pair.name === '') return [];
  const { name, nameStart, value, valueStart } = pair;
  const start = offset + nameStart;
  const nameSpan = { start, end: start + name.length };
  const end = value === '' ? nameSpan.end : offset + valueStart + value.length;
  return [{ name, wanted: value, nameSpan, span: { start, end } }];
}

/** pnpm writes what a member asks for, and its version, on lines below the name. */
function extendLast(needs: LockNeed[], pair: Pair | undefined, offset: number): void {
  const last = needs.at(-1);
  if (last === undefined || pair === undefined) return;
  const wanted = pair.name === 'version' ? pair.value : last.wanted;
  const end = offset + pair.valueStart + pair.value.length;
  needs[needs.length - 1] = { ...last, wanted, span: { start: last.span.start, end } };
}

const COLON_PAIR = /^(?:"([^"]*)"|'([^']*)'|([^\s"':#][^\s:]*)):(?:\s+|$)/;
const SPACE_PAIR = /^(?:"([^"]*)"|'([^']*)'|([^\s"'#]\S*))\s+/;
const GROUP_DEPTH = 2;
const NEED_DEPTH = 4;
const SPACE = 32;

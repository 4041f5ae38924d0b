import type { LockBlock, LockNeed } from '../../../core/lock-text.ts';
import type { Span } from '../../../core/span.ts';

/** Blocks of lockfiles that are JSON: a key with its value. Read token by token, so half-typed text has blocks too. */
export function jsonBlockOf(text: string, key: Span): LockBlock {
  const start = Math.max(0, key.start - 1);
  let depth = 0;
  for (const { value, end } of tokensOf(text, { start: key.end + 1, end: text.length })) {
    if (value === '{' || value === '[') depth += 1;
    else if (value === '}' || value === ']') depth -= 1;
    if (depth < 0) break;
    if (depth === 0 && value !== ':') return { key, block: { start, end } };
  }
  return { key, block: { start, end: depth < 0 ? key.end + 1 : text.length } };
}

/** The members of the groups in a block's own object, which may be an item of a list. */
export function jsonNeedsIn(text: string, block: Span, groups: ReadonlySet<string>): LockNeed[] {
  const needs: LockNeed[] = [];
  let depth = 0;
  let isInGroup = false;
  let last: Token | undefined;
  let key: Token | undefined;
  for (const token of tokensOf(text, block)) {
    if (token.value === ':') {
      key = last;
    } else if (token.value === '{') {
      depth += 1;
      if (depth === 2) isInGroup = key !== undefined && groups.has(contentOf(key));
      key = undefined;
    } else if (token.value === '}') {
      depth -= 1;
    } else if (token.value.startsWith('"')) {
      if (key !== undefined && isInGroup && depth === 2) needs.push(needOf(key, token));
      last = key === undefined ? token : undefined;
      key = undefined;
    } else {
      key = undefined;
    }
  }
  return needs;
}

/** The members of the object that is the value of the first key in a text that matches. */
export function jsonMembersIn(text: string, pattern: RegExp): LockBlock[] {
  const found = pattern.exec(text);
  if (found === null) return [];
  const blocks: LockBlock[] = [];
  let position = found.index + found[0].length;
  for (;;) {
    const token = tokensOf(text, { start: position, end: text.length }).next().value;
    if (token?.value.startsWith('"') !== true) return blocks;
    const member = jsonBlockOf(text, { start: token.start + 1, end: token.start + 1 + contentOf(token).length });
    blocks.push(member);
    position = member.block.end;
  }
}

/** The name that a path of installed names ends with: `a/@s/b` is `@s/b` in the node_modules of `a`. */
export function lastNameOf(key: string): string {
  const slash = key.lastIndexOf('/');
  if (slash === -1) return key;
  const before = key.lastIndexOf('/', slash - 1) + 1;
  return key.slice(key.startsWith('@', before) ? before : slash + 1);
}

interface Token {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

function* tokensOf(text: string, { start, end }: Span): Generator<Token, undefined> {
  const pattern = new RegExp(TOKEN);
  pattern.lastIndex = start;
  for (let found = pattern.exec(text); found !== null && found.index < end; found = pattern.exec(text)) {
    yield { value: found[0], start: found.index, end: pattern.lastIndex };
  }
}

function needOf(key: Token, value: Token): LockNeed {
  const name = contentOf(key);
  const wanted = contentOf(value);
  const start = key.start + 1;
  return {
    name,
    wanted,
    nameSpan: { start, end: start + name.length },
    span: { start, end: value.start + 1 + wanted.length },
  };
}

function contentOf({ value }: Token): string {
  return value.slice(1, value.length > 1 && value.endsWith('"') ? -1 : undefined);
}

/** A string ends with its line at the latest. */
const TOKEN = /"(?:[^"\\\r\n]|\\.)*"?|[{}[\]:]/g;

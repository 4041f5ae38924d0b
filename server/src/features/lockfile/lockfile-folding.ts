import type { FoldingRange } from 'vscode-languageserver-types';

import type { OpenLockfile } from '../../workspace/snapshot.ts';

/** As many as VS Code folds at most. */
const MAX_RANGES = 5_000;

interface Block {
  readonly indent: number;
  readonly line: number;
  last: number;
}

/**
 * What can be folded in a lockfile, by its indentation: every tool that writes one indents it, and an editor that has
 * ranges from a server does not look for any itself. The outer blocks come first where there are too many.
 */
export function lockfileFolding({ text }: OpenLockfile): FoldingRange[] {
  const found: Block[] = [];
  const open: Block[] = [];
  let line = 0;
  for (let at = 0; at <= text.length; line += 1) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const indent = indentOf(text, at, end);
    if (indent !== -1) {
      while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
      for (const block of open) block.last = line;
      const block = { indent, line, last: line };
      open.push(block);
      found.push(block);
    }
    at = end + 1;
  }
  return found
    .filter((block) => block.last > block.line)
    .sort((a, b) => a.indent - b.indent)
    .slice(0, MAX_RANGES)
    .map((block) => ({ startLine: block.line, endLine: block.last }));
}

/** -1 for a line without text. */
function indentOf(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at += 1;
  return at === end || text.charCodeAt(at) === RETURN ? -1 : at - start;
}

const SPACE = 32;
const TAB = 9;
const RETURN = 13;

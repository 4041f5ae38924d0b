import type { Problem } from '../core/span.ts';

/**
 * A text that a parser can be given, every offset as before: the byte order mark and the lines of merge-conflict markers
 * become spaces, so that both sides of a conflict are read. Each conflict is a problem.
 */
export function legibleText(text: string): { readonly text: string; readonly conflicts: readonly Problem[] } {
  const marked = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  if (!marked.includes('<<<<<<<') && !marked.includes('>>>>>>>')) return { text: marked, conflicts: [] };
  const conflicts: Problem[] = [];
  const blanked = marked.replace(MARKER, (line: string, offset: number) => {
    if (line.startsWith('<')) {
      const message = 'an unresolved merge conflict: both sides are read, and the lower one counts';
      conflicts.push({ span: { start: offset, end: offset + line.length }, message });
    }
    return ' '.repeat(line.length);
  });
  return { text: blanked, conflicts };
}

/** Git's markers: seven characters at the start of a line, alone or before a space. */
const MARKER = /^(?:<{7}|>{7}|\|{7}|={7})(?: [^\r\n]*)?$/gm;

/** How deeply the brackets of a JSON text are nested, those in strings left out. Parsers that recurse need a bound. */
export function nestingDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE || code === NEWLINE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

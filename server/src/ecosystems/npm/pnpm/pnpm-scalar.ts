/**
 * The scalar on a line between two offsets; undefined when there is none or it is of another kind than plain or quoted.
 * For the moment only: it may be a view of the whole text.
 */
export function readScalar(text: string, start: number, end: number): string | undefined {
  let from = start;
  while (from < end && text.charCodeAt(from) === SPACE) from += 1;
  if (from >= end) return undefined;
  const first = text.charCodeAt(from);
  const value = text.slice(from, end);
  if (first === SINGLE_QUOTE || first === DOUBLE_QUOTE) return readQuoted(value);
  if (!isLetterOrDigit(first) && NOT_PLAIN.includes(value.charAt(0))) return undefined;
  if (text.charCodeAt(end - 1) !== SPACE && !value.includes('#')) return value;
  const comment = value.indexOf(' #');
  return (comment === -1 ? value : value.slice(0, comment)).trimEnd();
}

function readQuoted(value: string): string | undefined {
  const quote = value.charAt(0);
  const close = value.indexOf(quote, 1);
  const isPlain = quote === "'" || !value.includes('\\');
  // Nearly always the next quote is the last character.
  if (isPlain && close === value.length - 1 && close > 0) return value.slice(1, -1);
  const match = (quote === "'" ? SINGLE_QUOTED : DOUBLE_QUOTED).exec(value);
  if (match === null) return undefined;
  return quote === "'" ? match[1]?.replaceAll("''", "'") : decoded(`"${match[1] ?? ''}"`);
}

/** YAML knows more escapes than JSON; texts with those are left to the fallback. */
function decoded(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
}

const SINGLE_QUOTED = /^'((?:[^']|'')*)'\s*(?:#.*)?$/s;
const DOUBLE_QUOTED = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/s;
/** Signs that begin something else than a plain scalar. */
const NOT_PLAIN = '{}[]&*!|>%@`,#';
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;

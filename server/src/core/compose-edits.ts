import type { Replacement } from './transitive-dialect.ts';

/** Text with all replacements made. They must not overlap. */
export function applyReplacements(text: string, replacements: readonly Replacement[]): string {
  let result = '';
  let at = 0;
  for (const { span, newText } of sorted(replacements)) {
    result += text.slice(at, span.start) + newText;
    at = span.end;
  }
  return result + text.slice(at);
}

/**
 * Two sets of replacements, the second made for the text that the first results in, as one set for the text before both.
 * Where the second touches what the first has written, they become one.
 */
export function composeReplacements(
  first: readonly Replacement[],
  second: readonly Replacement[],
): readonly Replacement[] {
  let composed = sorted(first);
  // From the end, so that what one of them moves lies behind the others.
  for (const replacement of sorted(second).reverse()) composed = addReplacement(composed, replacement);
  return composed;
}

function addReplacement(before: readonly Replacement[], added: Replacement): Replacement[] {
  const untouched: Replacement[] = [];
  const touched: { readonly replacement: Replacement; readonly at: number }[] = [];
  /** How much further behind a place lies in the text that was made than in the text before. */
  let shift = 0;
  let shiftBefore = 0;
  for (const replacement of before) {
    const { span, newText } = replacement;
    const at = span.start + shift;
    shift += newText.length - (span.end - span.start);
    const isBefore = at + newText.length < added.span.start;
    if (isBefore) shiftBefore = shift;
    if (isBefore || at > added.span.end) untouched.push(replacement);
    else touched.push({ replacement, at });
  }
  const [first] = touched;
  const last = touched.at(-1);
  if (first === undefined || last === undefined) {
    const span = { start: added.span.start - shiftBefore, end: added.span.end - shiftBefore };
    return sorted([...untouched, { span, newText: added.newText }]);
  }
  // What lies between the touched ones is removed by the added one, or it would not touch the last.
  const head = first.replacement.newText.slice(0, Math.max(0, added.span.start - first.at));
  const end = last.at + last.replacement.newText.length;
  const tail = last.replacement.newText.slice(last.replacement.newText.length - Math.max(0, end - added.span.end));
  const start = first.replacement.span.start - Math.max(0, first.at - added.span.start);
  const stop = last.replacement.span.end + Math.max(0, added.span.end - end);
  return sorted([...untouched, { span: { start, end: stop }, newText: head + added.newText + tail }]);
}

function sorted(replacements: readonly Replacement[]): Replacement[] {
  return [...replacements].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

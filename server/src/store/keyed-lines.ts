/**
 * Texts of lines, each an id, a tab and a value, in the order of the ids: many small rows of a table in one. A row costs
 * SQLite more than such a value takes, to write and to read. Neither ids nor values hold a tab as an id ends with, or a
 * line break.
 */

export function lineOf(id: string, value: string): string {
  return `${id}\t${value}\n`;
}

/** The value of an id; undefined when no line has it. */
export function valueIn(lines: string, id: string): string | undefined {
  const place = placeIn(lines, id);
  return place && lines.slice(place.start + id.length + 1, place.end);
}

/** The same lines with another value for an id, or none. */
export function withValue(lines: string, id: string, value: string | undefined): string {
  const line = value === undefined ? '' : lineOf(id, value);
  const place = placeIn(lines, id);
  if (place !== undefined) return lines.slice(0, place.start) + line + lines.slice(place.end + 1);
  let start = 0;
  while (start < lines.length && lines.slice(start, lines.indexOf('\t', start)) < id) start = endOf(lines, start) + 1;
  return lines.slice(0, start) + line + lines.slice(start);
}

/** Undefined for a text that is none of such lines. */
export function readLines(lines: string): readonly { readonly id: string; readonly value: string }[] | undefined {
  const read: { id: string; value: string }[] = [];
  for (let start = 0; start < lines.length;) {
    const end = lines.indexOf('\n', start);
    const tab = lines.indexOf('\t', start);
    if (end === -1 || tab === -1 || tab > end) return undefined;
    read.push({ id: lines.slice(start, tab), value: lines.slice(tab + 1, end) });
    start = end + 1;
  }
  return read;
}

/** Two texts of about one length; the second is empty when there is one line only. */
export function halves(lines: string): readonly [string, string] {
  const middle = endOf(lines, lines.length / 2) + 1;
  return [lines.slice(0, middle), lines.slice(middle)];
}

function placeIn(lines: string, id: string): { readonly start: number; readonly end: number } | undefined {
  const start = lines.startsWith(`${id}\t`) ? 0 : lines.indexOf(`\n${id}\t`) + 1;
  return start === 0 && !lines.startsWith(`${id}\t`) ? undefined : { start, end: endOf(lines, start) };
}

function endOf(lines: string, start: number): number {
  const end = lines.indexOf('\n', start);
  return end === -1 ? lines.length : end;
}

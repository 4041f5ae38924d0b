import type { Color, Paint } from './colors.ts';

/** A cell, with the color of its text. */
export type Cell = string | { readonly text: string; readonly color: Color | undefined };

/** Rows with their columns aligned, two blanks between them, none at the end of a line. */
export function alignRows(header: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string[] {
  const all: readonly (readonly Cell[])[] = [header.map((text) => ({ text, color: 'bold' as const })), ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => lengthOf(row[column] ?? ''))));
  return all.map((row) => {
    const last = row.findLastIndex((cell) => textOf(cell) !== '');
    return row
      .slice(0, last + 1)
      .map((cell, column) => {
        const text = textOf(cell);
        const padding = column === last ? '' : ' '.repeat((widths[column] ?? 0) - lengthOf(cell) + 2);
        return paint(typeof cell === 'string' ? undefined : cell.color, text) + padding;
      })
      .join('');
  });
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** In code points: names of packages are ASCII, paths may not be. */
function lengthOf(cell: Cell): number {
  return Array.from(textOf(cell)).length;
}

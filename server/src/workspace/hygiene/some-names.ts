const SHOWN = 3;

/** "a, b, c and 4 more"; each name once. */
export function someNames(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, SHOWN);
  const rest = distinct.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${String(rest)} more`;
}

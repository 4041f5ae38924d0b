/** A text as JSON. Most names and versions have nothing to escape, which is seen sooner than it is written. */
export function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

const PLAIN = /^[\w@/.+-]*$/;

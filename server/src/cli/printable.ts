import { stripVTControlCharacters } from 'node:util';

import { oneLine } from '../features/words.ts';

/** Text from a file or from outside on one line of a terminal: no escape sequence, no control character, cut to a length. */
export function printable(text: string, limit = 200): string {
  return oneLine(stripVTControlCharacters(text.slice(0, limit * 8)), limit);
}

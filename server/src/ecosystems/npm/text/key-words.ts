/** Words to look for among keys, by their length. Made once by {@link keyWords}. */
export type KeyWords<Word extends string> = readonly (readonly Word[])[];

export function keyWords<Word extends string>(...words: readonly Word[]): KeyWords<Word> {
  const longest = Math.max(0, ...words.map((word) => word.length));
  return Array.from({ length: longest + 1 }, (_, length) => words.filter((word) => word.length === length));
}

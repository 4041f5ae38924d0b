/** A half-open range of UTF-16 offsets in one document's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A trouble in the user's text, with the place where it stands. */
export interface Problem {
  readonly span: Span;
  readonly message: string;
}

/** What a parser of user text returns: everything that could be read, and what could not. Parsers never throw. */
export interface Parsed<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

import { arrayAt, field, isObject, textAt } from '../../core/json-fields.ts';

/** What an attestation says. It is not checked yet what it is about, nor whether it is true. */
export interface InTotoStatement {
  readonly predicateType: string;
  readonly predicate: unknown;
  readonly subjects: readonly StatementSubject[];
}

export interface StatementSubject {
  readonly name: string;
  /** Hashes in lower-case hex by algorithm. */
  readonly digest: ReadonlyMap<string, string>;
}

export const IN_TOTO_PAYLOAD = 'application/vnd.in-toto+json';

/**
 * Parses an envelope's payload. Undefined when it is no in-toto statement.
 * @see https://github.com/in-toto/attestation/tree/main/spec
 */
export function readStatement(payload: Uint8Array): InTotoStatement | undefined {
  const statement = parse(payload);
  const type = textAt(statement, '_type');
  const predicateType = textAt(statement, 'predicateType');
  if (type === undefined || !STATEMENT_TYPES.includes(type) || predicateType === undefined) return undefined;
  const subjects = arrayAt(statement, 'subject').map(subjectOf);
  return { predicateType, predicate: field(statement, 'predicate'), subjects };
}

const STATEMENT_TYPES: readonly string[] = ['https://in-toto.io/Statement/v0.1', 'https://in-toto.io/Statement/v1'];

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A broken subject stays, as one that fits nothing: it counts. */
function subjectOf(subject: unknown): StatementSubject {
  const digest = field(subject, 'digest');
  const hashes = Object.entries(isObject(digest) ? digest : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    name: textAt(subject, 'name') ?? '',
    digest: new Map(hashes.map(([algorithm, hash]) => [algorithm, hash.toLowerCase()])),
  };
}

import { SourceError } from '../core/evidence.ts';

/** The JSON of an answer. Throws `bad-answer`: a proxy's login page, for one, comes with status 200. */
export function decodeJson(label: string, body: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return value;
  } catch (cause) {
    throw new SourceError('bad-answer', `${label} sent an answer that is not JSON`, { cause });
  }
}

/** The JSON of a stored answer; undefined when it is damaged, which counts as never stored. */
export function parseStored(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    return undefined;
  }
}

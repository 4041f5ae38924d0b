import { SourceError } from '../core/evidence.ts';
import type { HttpRequest, HttpResponse } from '../core/ports.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { MAXIMUM_EXPORT_BYTES, wholeRequest, type Part } from './osv-export.ts';
import type { Pump } from './pump.ts';

/** Where the parts go. */
export interface PartSink {
  readonly length: number;
  readonly validator: string | undefined;
  restart(validator: string): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
}

export interface PartsRequest {
  readonly pump: Pump;
  readonly requestFor: (part: Part) => HttpRequest;
  readonly sink: PartSink;
  readonly signal: AbortSignal;
  /** Called with how many bytes are there, and of how many; true ends it early. */
  readonly onPart: (done: number, total: number) => boolean;
}

/**
 * Fetches a file part by part, going on where an earlier try ended when the server still has the same version. Resolves when
 * the sink has all of it, or `onPart` has enough; rejects with a SourceError, and keeps what came.
 */
export async function fetchParts(request: PartsRequest): Promise<void> {
  const { sink, onPart } = request;
  for (let restarts = 0; restarts <= MAX_RESTARTS;) {
    const { response, isWhole } = await askForPart(request);
    const validator = validatorOf(response);
    const place = isWhole ? undefined : placeOf(response);
    if (isWhole || place?.from === 0) {
      restarts++;
      await sink.restart(validator);
    } else if (place === undefined || place.from !== sink.length || validator !== sink.validator) {
      // Another version of the file has come between: from the beginning.
      restarts++;
      await sink.restart('');
      continue;
    }
    const total = place?.total ?? response.body.length;
    if (total > MAXIMUM_EXPORT_BYTES) throw new SourceError('too-large', `${LABEL} is larger than it may be`);
    if (response.body.length === 0 && sink.length < total) throw new SourceError('bad-answer', `${LABEL} sent nothing`);
    await sink.append(response.body);
    if (onPart(sink.length, total) || sink.length >= total) return;
  }
  throw new SourceError('bad-answer', `${LABEL} changes while it is read, or sends no part that was asked for`);
}

const LABEL = SOURCE_LABELS['osv-export'];

/** A file may be published anew while it is read, but not again and again. */
const MAX_RESTARTS = 6;

async function askForPart({
  pump,
  requestFor,
  sink,
  signal,
}: PartsRequest): Promise<{ readonly response: HttpResponse; readonly isWhole: boolean }> {
  const canGoOn = sink.validator !== undefined && sink.validator !== '' && sink.length > 0;
  const request = requestFor(canGoOn ? { from: sink.length, validator: sink.validator } : FROM_THE_START);
  const whole = async () => {
    return { response: await pump.ask({ label: LABEL }, wholeRequest(request), signal), isWhole: true };
  };
  try {
    const response = await pump.ask({ label: LABEL, accepts: [416] }, request, signal);
    if (response.status === 416) return await whole();
    const total = placeOf(response)?.total ?? 0;
    // Without a name for its version nobody can tell whether the rest is of the same.
    if (response.status === 206 && validatorOf(response) === '' && total > response.body.length) return await whole();
    return { response, isWhole: response.status === 200 };
  } catch (error) {
    // It sends all of the file whatever is asked for.
    if (error instanceof SourceError && error.code === 'too-large') return whole();
    throw error;
  }
}

const FROM_THE_START: Part = { from: 0, validator: undefined };

/** What `If-Range` takes: a strong ETag, else nothing. */
function validatorOf({ headers }: HttpResponse): string {
  const etag = headers['etag'] ?? '';
  return etag.startsWith('"') ? etag : '';
}

/** `content-range: bytes 0-8388607/123456789`. */
function placeOf({ headers }: HttpResponse): { readonly from: number; readonly total: number } | undefined {
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  return from === undefined || total === undefined ? undefined : { from: Number(from), total: Number(total) };
}

/** A sink in memory, for files that are read from their beginning. */
export function memorySink(): PartSink & { text(): string } {
  let parts: Uint8Array[] = [];
  let validator: string | undefined;
  let length = 0;
  return {
    get length() {
      return length;
    },
    get validator() {
      return validator;
    },
    restart(next) {
      [parts, length, validator] = [[], 0, next];
      return Promise.resolve();
    },
    append(bytes) {
      parts.push(bytes);
      length += bytes.length;
      return Promise.resolve();
    },
    text: () => Buffer.concat(parts, length).toString('utf8'),
  };
}

import { describe, expect, it } from 'vitest';

import { SourceError } from '../../server/src/core/evidence.ts';
import type { HttpRequest, HttpResponse } from '../../server/src/core/ports.ts';
import { fetchParts, memorySink } from '../../server/src/sources/fetch-parts.ts';
import { exportRequest, PART_BYTES } from '../../server/src/sources/osv-export.ts';
import type { Pump } from '../../server/src/sources/pump.ts';

const FILE = Buffer.from(
  Array.from({ length: 25 }, (_, at) => String.fromCharCode(97 + at).repeat(PART_BYTES / 10)).join(''),
);

type Answer = (from: number | undefined, request: HttpRequest) => Partial<HttpResponse>;

/** A part of the file, with the headers of a server that knows parts. */
function part(from: number, etag?: string): Partial<HttpResponse> {
  const body = FILE.subarray(from, from + PART_BYTES);
  const range = `bytes ${String(from)}-${String(from + body.length - 1)}/${String(FILE.length)}`;
  return { status: 206, headers: { 'content-range': range, ...(etag === undefined ? {} : { etag }) }, body };
}

async function check(
  answer: Answer,
  expected: { readonly asked: readonly (number | undefined)[] } | RegExp,
): Promise<void> {
  const asked: (number | undefined)[] = [];
  const pump: Pump = {
    prepare: () => undefined,
    ask: (_source, request) => {
      const range = /^bytes=(\d+)-/.exec(request.headers['range'] ?? '')?.[1];
      const from = range === undefined ? undefined : Number(range);
      asked.push(from);
      if (asked.length > 20) throw new Error('it never ends');
      const response = { status: 200, headers: {}, body: new Uint8Array(), ...answer(from, request) };
      if (response.body.length > request.maxBytes) throw new SourceError('too-large', 'too large');
      return Promise.resolve(response);
    },
  };
  const sink = memorySink();
  const fetched = fetchParts({
    pump,
    sink,
    requestFor: (wanted) => exportRequest('https://export.example/', 'npm', wanted),
    signal: new AbortController().signal,
    onPart: () => false,
  });
  if (expected instanceof RegExp) {
    await expect(fetched).rejects.toThrow(expected);
    return;
  }
  await fetched;
  expect(asked).toEqual(expected.asked);
  expect(sink.text() === FILE.toString()).toBe(true);
}

describe('a file in parts', () => {
  it('is fetched one after the other', () =>
    check((from = 0) => part(from, '"1"'), { asked: [0, PART_BYTES, 2 * PART_BYTES] }));

  it('is fetched whole from a server that sends all of it, whatever is asked for', () =>
    check(() => ({ body: FILE, headers: { etag: '"1"' } }), { asked: [0, undefined] }));

  it.each([undefined, 'W/"1"'])('is fetched whole where parts cannot be told to be of one version: %s', (etag) =>
    check((from) => (from === undefined ? { body: FILE } : part(from, etag)), { asked: [0, undefined] }),
  );

  it('begins anew when another version comes between', () => {
    let requests = 0;
    return check((from = 0) => part(from, ++requests === 1 ? '"1"' : '"2"'), {
      asked: [0, PART_BYTES, 0, PART_BYTES, 2 * PART_BYTES],
    });
  });

  it('is given up when each part is of another version', () => {
    let requests = 0;
    return check((from = 0) => part(from, `"${String(++requests)}"`), /changes while it is read/);
  });

  it('is given up when nothing comes, or something else than was asked for', async () => {
    await check((from = 0) => ({ ...part(from, '"1"'), body: new Uint8Array() }), /sent nothing/);
    await check(() => part(PART_BYTES, '"1"'), /no part that was asked for/);
  });
});

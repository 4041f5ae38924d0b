import { pipeline, type Duplex, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import { SourceError } from '../core/evidence.ts';
import { hostOf } from './connection-error.ts';
import { tooLarge } from './too-large.ts';

/** The encodings that {@link readBody} undoes, as an `accept-encoding` header. */
export const ACCEPTED_ENCODINGS = 'gzip, br';

/**
 * Reads a body and undoes its content encoding. The bound holds for the decoded bytes, so a small answer that unpacks
 * to gigabytes is refused with `too-large` after `maxBytes` of them.
 */
export async function readBody(
  body: Readable,
  encoding: string | undefined,
  request: { readonly url: string; readonly maxBytes: number },
): Promise<Uint8Array> {
  // A body that is given up on reports that as an error, for which nobody else would listen.
  body.on('error', () => undefined);
  const decoded = decodedStream(body, encoding, request.url);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of decoded) {
      if (!(chunk instanceof Uint8Array)) continue;
      length += chunk.length;
      if (length > request.maxBytes) throw tooLarge(request);
      chunks.push(chunk);
    }
  } finally {
    decoded.destroy();
    body.destroy();
  }
  return Buffer.concat(chunks, length);
}

function decodedStream(body: Readable, encoding: string | undefined, url: string): Readable {
  switch (encoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return body;
    case 'gzip':
    case 'x-gzip':
      return piped(body, createGunzip());
    case 'br':
      return piped(body, createBrotliDecompress());
    case 'deflate':
      return piped(body, createInflate());
    default:
      body.destroy();
      throw new SourceError('bad-answer', `${hostOf(url)} sent an answer in an encoding that was not asked for`);
  }
}

/** A failure of either stream surfaces where the last one is read. */
function piped(body: Readable, decoder: Duplex): Readable {
  pipeline(body, decoder, () => undefined);
  return decoder;
}

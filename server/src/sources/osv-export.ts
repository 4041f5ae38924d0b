import type { HttpRequest } from '../core/ports.ts';

/** A part is small enough to be held in memory, and large enough that its request costs little. Bytes. */
export const PART_BYTES = 8 * 1024 * 1024;

/** Which bytes of a file are asked for, and of which version of it. */
export interface Part {
  readonly from: number;
  /** The ETag of the version that the other parts are of; undefined for the first part. */
  readonly validator: string | undefined;
}

/** @see https://google.github.io/osv.dev/data/#data-dumps */
export function exportRequest(base: string, ecosystem: string, part: Part): HttpRequest {
  return partRequest(`${base}${encodeURIComponent(ecosystem)}/all.zip`, part);
}

/** Lines of `<time>,<id>`, the newest first. */
export function modifiedRequest(base: string, ecosystem: string, part: Part): HttpRequest {
  return partRequest(`${base}${encodeURIComponent(ecosystem)}/modified_id.csv`, part);
}

export function exportedRecordRequest(base: string, ecosystem: string, id: string): HttpRequest {
  return {
    method: 'GET',
    url: `${base}${encodeURIComponent(ecosystem)}/${encodeURIComponent(id)}.json`,
    headers: { accept: 'application/json' },
    timeoutMs: 30_000,
    maxBytes: 32 * 1024 * 1024,
  };
}

/** The whole of a file at once, for a server that knows no parts. */
export function wholeRequest({ headers, ...request }: HttpRequest): HttpRequest {
  const kept = Object.entries(headers).filter(([name]) => name !== 'range' && name !== 'if-range');
  return { ...request, headers: Object.fromEntries(kept), timeoutMs: 20 * 60_000, maxBytes: MAXIMUM_EXPORT_BYTES };
}

/** The export of npm has about a tenth of it. Bytes. */
export const MAXIMUM_EXPORT_BYTES = 2 * 1024 * 1024 * 1024;

function partRequest(url: string, { from, validator }: Part): HttpRequest {
  return {
    method: 'GET',
    url,
    headers: {
      // Bytes of a compressed body are not those of the file.
      'accept-encoding': 'identity',
      range: `bytes=${String(from)}-${String(from + PART_BYTES - 1)}`,
      ...(validator === undefined ? {} : { 'if-range': validator }),
    },
    timeoutMs: 5 * 60_000,
    maxBytes: PART_BYTES + 1024,
  };
}

/** One line of `modified_id.csv`. */
export interface ModifiedId {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** The lines that can be read; others are left out, as what they name is part of the next whole export. */
export function readModified(text: string): readonly ModifiedId[] {
  return text.split('\n').flatMap((line): ModifiedId[] => {
    const [, time = '', id] = /^\s*([^,\s]+),([A-Za-z0-9][\w.:-]{2,99})\s*$/.exec(line) ?? [];
    const modified = Date.parse(time);
    return id === undefined || Number.isNaN(modified) ? [] : [{ id, modified }];
  });
}

/** True when each line is as old as the one before it, or older, as the format says. */
export function isNewestFirst(lines: readonly ModifiedId[]): boolean {
  return lines.every(({ modified }, at) => at === 0 || modified <= (lines[at - 1]?.modified ?? Infinity));
}

import { SourceError } from '../core/evidence.ts';
import type { PartFile } from '../core/ports.ts';
import { fetchParts, memorySink } from './fetch-parts.ts';
import {
  exportedRecordRequest,
  exportRequest,
  isNewestFirst,
  modifiedRequest,
  readModified,
  type ModifiedId,
} from './osv-export.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { decodeJson } from './json-answer.ts';
import { textAt } from '../core/json-fields.ts';
import type { Pump } from './pump.ts';

/** What an import did. */
export interface ImportedRecords {
  readonly stored: number;
  readonly withdrawn: number;
  readonly problems: number;
}

export interface ExportWorld {
  readonly pump: Pump;
  /** The base URL of the export. */
  readonly base: string;
  /** The ecosystem's name in OSV. */
  readonly ecosystem: string;
  /** Up to when the local database has read the export, in milliseconds since the epoch; undefined when it never did. */
  readonly stamp: number | undefined;
  /** The download of the whole export, begun or not. */
  readonly openPart: () => Promise<PartFile>;
  /** Rejects when the file is cut or broken; the database is then as it was. */
  readonly importWhole: (path: string, stamp: number) => Promise<ImportedRecords>;
  /** Records as JSON texts of one line; `isAll` is false where some of the changes are missing. */
  readonly importRecords: (texts: readonly string[], stamp: number, isAll: boolean) => Promise<ImportedRecords>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface ExportWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

export type UpdateOutcome =
  | ({ readonly kind: 'whole' | 'increment'; readonly stamp: number; readonly failed: number } & ImportedRecords)
  /** Nothing has changed since. */
  | { readonly kind: 'current'; readonly stamp: number };

/** From so many changes on, the whole export takes less time than its records one by one. */
const MAX_CHANGES = 5_000;
/** Records that are read before they are put into the database, which copies it once. */
const AT_ONCE = 16;
/** How much the clocks of those who write the list may differ, in milliseconds. */
const SLACK_MS = 60 * 60_000;

/**
 * Brings the local database up to what OSV exports: the whole of it the first time, and then what the list of changes names,
 * reports of malware first. Rejects with a SourceError, and with the signal's reason; the database is then as it was.
 */
export async function updateFromExport(world: ExportWorld, watch: ExportWatch): Promise<UpdateOutcome> {
  const { now } = world;
  // A time to come, of a clock that was wrong, would keep everything until then from being read.
  const stamp = world.stamp === undefined ? undefined : Math.min(world.stamp, now);
  watch.onProgress('reading the list of changes');
  const changes = await readChanges(world, stamp ?? Infinity, watch);
  const newest = changes.reduce((latest, { modified }) => Math.max(latest, Math.min(modified, now)), stamp ?? 0);
  const fresh = stamp === undefined ? [] : distinct(changes.filter(({ modified }) => modified > stamp));
  if (stamp !== undefined && fresh.length === 0) return { kind: 'current', stamp };
  if (stamp === undefined || fresh.length > MAX_CHANGES) return takeWhole(world, newest, watch);
  return takeChanges(world, fresh, { from: stamp, to: newest }, watch);
}

/** The list as far as it is newer than the stamp; all of it where it is out of order. */
async function readChanges(world: ExportWorld, since: number, { signal }: ExportWatch): Promise<readonly ModifiedId[]> {
  const { pump, base, ecosystem } = world;
  const sink = memorySink();
  await fetchParts({
    pump,
    sink,
    signal,
    requestFor: (part) => modifiedRequest(base, ecosystem, part),
    onPart: () => {
      const lines = readModified(sink.text());
      const last = lines.at(-1);
      return last !== undefined && isNewestFirst(lines) && (since === Infinity || last.modified < since - SLACK_MS);
    },
  });
  const lines = readModified(sink.text());
  if (lines.length === 0) throw new SourceError('bad-answer', `${LABEL} sent no list of changes`);
  return lines;
}

const LABEL = SOURCE_LABELS['osv-export'];

/** One line for each id, of its newest change. Malware cannot wait. */
function distinct(changes: readonly ModifiedId[]): ModifiedId[] {
  const byId = new Map<string, ModifiedId>();
  for (const change of changes) {
    const before = byId.get(change.id);
    if (before === undefined || change.modified > before.modified) byId.set(change.id, change);
  }
  return [...byId.values()].sort((a, b) => Number(isMalware(b)) - Number(isMalware(a)) || b.modified - a.modified);
}

function isMalware({ id }: ModifiedId): boolean {
  return id.startsWith('MAL-');
}

async function takeWhole(
  world: ExportWorld,
  stamp: number,
  { signal, onProgress }: ExportWatch,
): Promise<UpdateOutcome> {
  const { pump, base, ecosystem } = world;
  const file = await world.openPart();
  await fetchParts({
    pump,
    sink: file,
    signal,
    requestFor: (part) => exportRequest(base, ecosystem, part),
    onPart: (done, total) => {
      onProgress(`downloading: ${megabytes(done)} of ${megabytes(total)} MB`);
      return false;
    },
  });
  onProgress('importing');
  try {
    const imported = await world.importWhole(file.path, stamp);
    return { kind: 'whole', stamp, failed: 0, ...imported };
  } finally {
    // What was imported is of no more use, and what could not be would not be the next time.
    await file.remove();
  }
}

async function takeChanges(
  world: ExportWorld,
  changes: readonly ModifiedId[],
  { from, to }: { readonly from: number; readonly to: number },
  { signal, onProgress }: ExportWatch,
): Promise<UpdateOutcome> {
  const { pump, base, ecosystem } = world;
  const texts: string[] = [];
  const failed: ModifiedId[] = [];
  let firstError: SourceError | undefined;
  const waiting = changes.values();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const change of waiting) {
      try {
        const request = exportedRecordRequest(base, ecosystem, change.id);
        const response = await pump.ask({ label: LABEL, accepts: [404] }, request, signal);
        // It is listed and was removed since.
        if (response.status !== 404) texts.push(recordText(response.body, change.id));
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        firstError ??= error;
        failed.push(change);
      }
      onProgress(`reading changes: ${String(++done)} of ${String(changes.length)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  signal.throwIfAborted();
  if (texts.length === 0) {
    if (firstError !== undefined) throw firstError;
    return { kind: 'current', stamp: from };
  }
  // What could not be read is asked for again the next time.
  const stamp = failed.reduce((earliest, { modified }) => Math.min(earliest, modified - 1), to);
  const imported = await world.importRecords(texts, stamp, failed.length === 0);
  return { kind: 'increment', stamp, failed: failed.length, ...imported };
}

/** A page of somebody else's in place of the record must not pass for it. */
function recordText(body: Uint8Array, id: string): string {
  const value = decodeJson(LABEL, body);
  if (textAt(value, 'id') !== id) throw new SourceError('bad-answer', `${LABEL} sent something else for ${id}`);
  return JSON.stringify(value);
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

import { basename } from 'node:path';
import type { DatabaseInfo } from '../core/advisory-database.ts';
import { decodeOsvRecord } from '../sources/osv-record.ts';
import { AdvisoryDatabaseBuilder } from '../store/build-advisory-database.ts';
import { readRecords } from './read-records.ts';
import type { RecordItem } from './record-source.ts';

export interface ImportJob {
  /** Absolute paths of OSV data: `.zip`, folders, `.json`, `.jsonl`, `.jsonl.gz`. */
  readonly inputs: readonly string[];
  /** Absolute path of the generation to make. */
  readonly target: string;
  /** A generation to extend. */
  readonly previous?: string | undefined;
  /** OSV names of the ecosystems of which the inputs hold everything. */
  readonly complete: readonly string[];
  /** The time of the export, where it is known better than by its newest record. Milliseconds since the epoch. */
  readonly asOf?: number | undefined;
  /** True when the inputs hold everything, so that the generation is built anew. */
  readonly isWhole?: boolean;
  /** Up to when OSV's export was read, in milliseconds since the epoch. An export that is cut is then imported not at all. */
  readonly exportStamp?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface ImportProgress {
  /** File name of the input that is being read. */
  readonly input: string;
  /** Of all inputs, 0 to 1; does not move while a folder is read. */
  readonly fraction: number;
  readonly records: number;
}

export interface ImportReport {
  /** Records that were understood. */
  readonly records: number;
  readonly stored: number;
  readonly withdrawn: number;
  /** Not newer than what the previous generation, or an earlier input, says. */
  readonly older: number;
  readonly problems: number;
  /** The first ten, each with its place: `npm.jsonl:17`, `all.zip/GHSA-….json`. */
  readonly firstProblems: readonly { readonly place: string; readonly message: string }[];
  /** Undefined when no record was understood: nothing was written then. */
  readonly database: DatabaseInfo | undefined;
}

export interface ImportWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ImportProgress) => void;
}

const NAMED_PROBLEMS = 10;
const RECORDS_PER_REPORT = 500;

/**
 * Builds a generation from OSV data. What cannot be read is counted and left out; where a whole input or its end is
 * missing, no ecosystem becomes complete by this import. Rejects with the signal's reason when it is aborted, and when
 * the disk refuses; the target is then as it was.
 */
export async function importAdvisories(job: ImportJob, watch: ImportWatch): Promise<ImportReport> {
  watch.signal.throwIfAborted();
  const builder = new AdvisoryDatabaseBuilder({
    target: job.target,
    now: job.now,
    ...(job.previous === undefined ? {} : { previous: job.previous }),
    isWhole: job.isWhole === true,
  });
  const tally = new Tally();
  try {
    if (builder.previousTrouble !== undefined) tally.problem(basename(job.previous ?? ''), builder.previousTrouble);
    for (const [index, input] of job.inputs.entries()) {
      for await (const items of readRecords(input)) {
        for (const item of items) {
          watch.signal.throwIfAborted();
          take(item, builder, tally);
          if (tally.items % RECORDS_PER_REPORT !== 0) continue;
          // Some inputs are read without a pause, in which the word to stop could not arrive.
          await new Promise((resolve) => setImmediate(resolve));
          watch.onProgress({
            input: basename(input),
            fraction: (index + item.fraction) / job.inputs.length,
            records: tally.records,
          });
        }
      }
    }
  } catch (error) {
    builder.discard();
    throw error;
  }
  const { exportStamp } = job;
  if (tally.records === 0 || (exportStamp !== undefined && tally.isCut)) {
    builder.discard();
    return tally.report(undefined);
  }
  const complete = tally.isCut ? [] : job.complete;
  return tally.report(
    builder.finish({
      complete,
      ...(job.asOf === undefined ? {} : { asOf: job.asOf }),
      ...(exportStamp === undefined ? {} : { exportStamp }),
    }),
  );
}

function take(item: RecordItem, builder: AdvisoryDatabaseBuilder, tally: Tally): void {
  tally.items += 1;
  if ('trouble' in item) {
    tally.problem(item.place, item.trouble);
    if (item.cut) tally.isCut = true;
    return;
  }
  const { record, problem } = decodeOsvRecord(item.value);
  if (problem !== undefined) tally.problem(item.place, problem);
  if (record !== undefined) tally.outcomes[builder.add(record)] += 1;
}

class Tally {
  readonly outcomes = { stored: 0, withdrawn: 0, older: 0 };
  items = 0;
  isCut = false;
  #problems = 0;
  readonly #firstProblems: { place: string; message: string }[] = [];

  get records(): number {
    return this.outcomes.stored + this.outcomes.withdrawn + this.outcomes.older;
  }

  problem(place: string, message: string): void {
    this.#problems += 1;
    if (this.#firstProblems.length < NAMED_PROBLEMS) this.#firstProblems.push({ place, message });
  }

  report(database: DatabaseInfo | undefined): ImportReport {
    return {
      records: this.records,
      ...this.outcomes,
      problems: this.#problems,
      firstProblems: this.#firstProblems,
      database,
    };
  }
}

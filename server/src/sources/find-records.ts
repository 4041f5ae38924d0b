import type { AdvisoryRecord } from '../core/advisory.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { decodeRecord, recordRequest } from './osv.ts';
import type { Pump } from './pump.ts';

export interface RecordSources {
  /** The local database, by an advisory's id or alias. */
  readonly local: (id: string) => readonly AdvisoryRecord[];
  /** The base URL of OSV; undefined when it may not be asked. */
  readonly osv: string | undefined;
  readonly pump: Pump;
}

/** OSV's record of a CVE often knows no packages, and names the record that does. */
const MAX_ALIASES = 10;

/**
 * What is known of one advisory: its record, and those that are the same by their aliases. The local database answers where
 * it names packages; else OSV is asked, if it may be. Empty when nobody knows it; rejects with a SourceError when OSV could
 * not say.
 */
export async function findRecords(
  id: string,
  { local: localRecords, osv, pump }: RecordSources,
  signal: AbortSignal,
): Promise<readonly AdvisoryRecord[]> {
  const local = localRecords(id);
  if (osv === undefined || local.some(({ affected }) => affected.length > 0)) return local;
  const ask = async (wanted: string): Promise<AdvisoryRecord | undefined> => {
    const response = await pump.ask({ label: SOURCE_LABELS.osv, accepts: [404] }, recordRequest(osv, wanted), signal);
    return response.status === 404 ? undefined : decodeRecord(response.body, wanted).record;
  };
  const record = await ask(id);
  if (record === undefined) return local;
  const aliases = record.advisory.aliases.filter((alias) => alias !== id).slice(0, MAX_ALIASES);
  const others = await Promise.all(aliases.map(ask));
  return [record, ...others].flatMap((found) => found ?? []);
}

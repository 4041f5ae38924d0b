import type { HistoryPoint } from '../workspace/exposure.ts';
import type { ExposureResult } from './exposure-result.ts';
import { jsonText } from './json.ts';

/** The result as `schemaVersion` 1; docs/json.md describes it. */
export function exposedJson({ sought, documents, isComplete }: ExposureResult): string {
  return jsonText({
    schemaVersion: 1,
    sought: { id: sought.id, aliases: sought.aliases, ...(sought.summary === '' ? {} : { summary: sought.summary }) },
    complete: isComplete,
    documents: documents.map(({ document, versions, unreadable, periods }) => ({
      document,
      versions,
      unreadable: unreadable.map(pointJson),
      periods: periods.map(({ from, until, packages }) => ({
        from: pointJson(from),
        until: until === undefined ? null : pointJson(until),
        packages,
      })),
    })),
  });
}

function pointJson({ commit, committedAt }: HistoryPoint): object {
  return { commit, date: new Date(committedAt).toISOString() };
}

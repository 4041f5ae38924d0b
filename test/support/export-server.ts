import { osvText } from './advisory-records.ts';
import { startFaultServer, type Behavior, type CapturedRequest, type FaultServer } from './fault-server.ts';
import { zipOf } from './zip-writer.ts';

/** An advisory as the export has it: about `package-ID`, all versions below 1.3.0. */
export interface ExportedRecord {
  readonly id: string;
  /** ISO time. */
  readonly modified: string;
  readonly withdrawn?: string;
}

export interface ExportServer {
  readonly server: FaultServer;
  /** Replaces what is exported. */
  publish(records: readonly ExportedRecord[]): void;
  /** Answers in place of the export; undefined leaves a request to it. */
  interfere: (request: CapturedRequest) => Behavior | undefined;
  /** True for one that answers with whole files only. */
  ignoresRanges: boolean;
}

/** OSV's export of npm on loopback: `all.zip` in parts, `modified_id.csv`, and each record by itself. */
export async function startExportServer(): Promise<ExportServer> {
  let files = new Map<string, { readonly body: Buffer; readonly etag: string }>();
  let version = 0;
  const exported: ExportServer = {
    server: await startFaultServer((request) => exported.interfere(request) ?? answer(request)),
    interfere: () => undefined,
    ignoresRanges: false,
    publish(records) {
      const newestFirst = records.toSorted((a, b) => (a.modified < b.modified ? 1 : -1));
      const texts = Object.fromEntries(records.map((record) => [`${record.id}.json`, textOf(record)]));
      version++;
      const all = {
        ...texts,
        'all.zip': zipOf(texts),
        'modified_id.csv': newestFirst.map(({ id, modified }) => `${modified},${id}\n`).join(''),
      };
      files = new Map(
        Object.entries(all).map(([name, body]) => [name, { body: Buffer.from(body), etag: `"v${String(version)}"` }]),
      );
    },
  };
  return exported;

  function answer({ path, headers }: CapturedRequest): Behavior {
    const file = files.get(decodeURIComponent(path.split('/').at(-1) ?? ''));
    if (file === undefined) return { kind: 'answer', status: 404, body: '{}' };
    const { body, etag } = file;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
    if (exported.ignoresRanges || from === undefined || !isSame) return { kind: 'answer', headers: { etag }, body };
    const part = body.subarray(Number(from), Number(to) + 1);
    const last = Number(from) + part.length - 1;
    const range = `bytes ${from}-${String(last)}/${String(body.length)}`;
    return { kind: 'answer', status: 206, headers: { etag, 'content-range': range }, body: part };
  }
}

function textOf({ id, modified, withdrawn }: ExportedRecord): string {
  const affected = [
    {
      package: { ecosystem: 'npm', name: `package-${id}` },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.3.0' }] }],
    },
  ];
  return osvText(id, { modified, affected, ...(withdrawn === undefined ? {} : { withdrawn }) });
}

/** So many records, a minute apart, the newest last. */
export function manyRecords(count: number, from = 0): ExportedRecord[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `GHSA-${String(from + at).padStart(6, '0')}`,
    modified: new Date(Date.UTC(2026, 0, 1) + (from + at) * 60_000).toISOString(),
  }));
}

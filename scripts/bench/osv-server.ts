import { createServer } from 'node:http';
import type { SyntheticAdvisory } from './generate-workspace.ts';

export interface OsvServer {
  readonly url: string;
  readonly batches: () => number;
  readonly records: () => number;
  close(): Promise<void>;
}

/** Plays OSV.dev on loopback, every reply after the same time. */
export async function startOsvServer(advisories: readonly SyntheticAdvisory[], latencyMs: number): Promise<OsvServer> {
  const byName = new Map<string, { id: string; modified: string }[]>();
  for (const { name, id } of advisories) {
    byName.set(name, [...(byName.get(name) ?? []), { id, modified: '2026-01-02T03:04:05Z' }]);
  }
  const byId = new Map(advisories.map(({ id, record }) => [id, JSON.stringify(record)]));
  let batches = 0;
  let records = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const url = request.url ?? '';
      const reply = (status: number, text: string): void => {
        setTimeout(() => {
          response.writeHead(status, { 'content-type': 'application/json' }).end(text);
        }, latencyMs);
      };
      if (url.endsWith('/v1/querybatch')) {
        batches++;
        const { queries } = JSON.parse(body) as { queries: { package: { name: string } }[] };
        const results = queries.map((query) => {
          const vulns = byName.get(query.package.name);
          return vulns ? { vulns } : {};
        });
        reply(200, JSON.stringify({ results }));
        return;
      }
      const record = byId.get(decodeURIComponent(url.split('/').at(-1) ?? ''));
      if (record !== undefined) records++;
      reply(record === undefined ? 404 : 200, record ?? '{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${String(port)}/`,
    batches: () => batches,
    records: () => records,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

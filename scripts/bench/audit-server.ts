import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { SyntheticProject } from './generate-workspace.ts';

export interface AuditServer {
  readonly url: string;
  readonly audits: () => number;
  close(): Promise<void>;
}

interface Locked {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Plays what `npm audit` asks a registry on loopback: advisories in bulk, and the packuments of affected packages. */
export async function startAuditServer(project: SyntheticProject): Promise<AuditServer> {
  const bulk = new Map(project.advisories.map(({ name, id }, index) => [name, advisoryOf(name, id, index)]));
  const { packages } = JSON.parse(project.lockfile) as { packages: Record<string, Locked> };
  let audits = 0;
  const server = createServer((request, response) => {
    void answer(request).then((text) => {
      response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(text ?? '{}');
    });
  });
  const answer = async (request: IncomingMessage): Promise<string | undefined> => {
    const body = await buffer(request);
    const path = decodeURIComponent(request.url ?? '').slice(1);
    if (path === '-/npm/v1/security/advisories/bulk') {
      audits += 1;
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const names = Object.keys(JSON.parse(text.toString()) as object);
      return JSON.stringify(
        Object.fromEntries(names.flatMap((name) => (bulk.has(name) ? [[name, [bulk.get(name)]]] : []))),
      );
    }
    const locked = packages[`node_modules/${path}`];
    return locked && JSON.stringify(packumentOf(path, locked));
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${String(port)}/`,
    audits: () => audits,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

function advisoryOf(name: string, id: string, index: number): object {
  return {
    id: 1_000_000 + index,
    url: `https://advisory.example/${id}`,
    title: `Prototype pollution in ${name}`,
    severity: 'high',
    vulnerable_versions: '<99.0.0',
    cwe: ['CWE-1321'],
    cvss: { score: 8.2, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N' },
  };
}

function packumentOf(name: string, { version = '1.0.0', dependencies = {} }: Locked): object {
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dependencies } } };
}

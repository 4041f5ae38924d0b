/**
 * A server on loopback that plays the npm registry, OSV.dev, CISA's catalog and the Scorecard API with the facts of
 * `examples/`, so that every surface shows something without the network. Run by itself, it prints its hosts and stays.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerBatch } from './example-osv.ts';
import { packument, versionDocument } from './example-registry.ts';
import { mockSigstore, type MockSigstore } from '../../test/support/sigstore-mock.ts';
import { npmAttestations } from '../../test/support/npm-attestations.ts';
import { createExampleSigner, trustDocumentOf, type ExampleSigner } from './example-signer.ts';
import { readExampleWorld, type ExampleWorld } from './example-world.ts';

export interface ExampleServerOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** How long each answer takes at least, in milliseconds. */
  readonly latencyMs?: number;
  /** How many hits OSV answers a query with before it gives a token to ask on with. */
  readonly osvPageSize?: number;
  /** Other facts than those of `examples/`. */
  readonly world?: ExampleWorld;
}

export interface ExampleServer {
  /** With a slash at its end. */
  readonly url: string;
  /** The base URLs for `--host NAME=URL` and for `provender.network.hosts`. */
  readonly hosts: Readonly<Record<'npm' | 'osv' | 'kev' | 'epss' | 'scorecard', string>>;
  /** The keys and the root that the registry's signatures and attestations are to be trusted by, as `PROVENDER_TRUSTED_KEYS` takes them. */
  readonly trustDocument: object;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Scene {
  readonly world: ExampleWorld;
  readonly signer: ExampleSigner;
  readonly sigstore: MockSigstore;
  readonly osvPageSize: number;
  /** The base URL of the registry. */
  readonly registry: string;
}

const NOT_FOUND: Answer = { status: 404, body: { error: 'Not found' } };

export async function startExampleServer(options: ExampleServerOptions = {}): Promise<ExampleServer> {
  const world = options.world ?? (await readExampleWorld());
  const signer = createExampleSigner();
  const sigstore = await mockSigstore();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const scene: Scene = {
      world,
      signer,
      sigstore,
      osvPageSize: options.osvPageSize ?? Infinity,
      registry: `${urlOf(server)}npm/`,
    };
    respond(scene, request, response, options.latencyMs ?? 0).catch((error: unknown) => {
      // A path that is no path (`%zz`) must not end the demo.
      response.writeHead(400).end(String(error));
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port ?? 0, '127.0.0.1', done);
  });
  const url = urlOf(server);
  return {
    url,
    hosts: {
      npm: `${url}npm/`,
      osv: `${url}osv/`,
      kev: `${url}kev/`,
      epss: `${url}epss/`,
      scorecard: `${url}scorecard/`,
    },
    trustDocument: trustDocumentOf([signer.key], sigstore),
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function urlOf(server: ReturnType<typeof createServer>): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The example server has no port');
  return `http://127.0.0.1:${address.port}/`;
}

async function respond(
  scene: Scene,
  request: IncomingMessage,
  response: ServerResponse,
  latencyMs: number,
): Promise<void> {
  const [answer] = await Promise.all([answerTo(scene, request), latencyMs > 0 ? sleep(latencyMs) : undefined]);
  const body = JSON.stringify(answer.body);
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json', etag }).end(body);
}

/** Every source has a folder of its own; what follows is the path that the real one has. */
async function answerTo(scene: Scene, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [source, ...parts] = pathname.split('/').filter((part) => part !== '');
  switch (source) {
    case 'npm':
      return parts[2] === 'v1' && parts[3] === 'attestations'
        ? answerAttestations(scene, decodeURIComponent(parts[4] ?? ''))
        : answerRegistry(scene, parts.map(decodeURIComponent).join('/'), request.headers.accept ?? '');
    case 'osv':
      return parts.join('/') === 'v1/querybatch'
        ? answerBatch(scene.world.advisories, parseJson(await readText(request)), scene.osvPageSize)
        : answerVulnerability(scene, parts);
    case 'kev':
      return answerKev(scene, parts.at(-1));
    case 'epss':
      return { status: 200, body: { data: [] } };
    case 'scorecard':
      return answerScorecard(scene, parts);
    default:
      return NOT_FOUND;
  }
}

function answerRegistry({ world, signer, registry }: Scene, path: string, accept: string): Answer {
  if (path === '-/npm/v1/keys') return { status: 200, body: { keys: [signer.key] } };
  const whole = world.packages.get(path);
  if (whole !== undefined) {
    const isAbbreviated = accept.includes('application/vnd.npm.install-v1+json');
    return { status: 200, body: packument(registry, path, whole, signer, isAbbreviated) };
  }
  const slash = path.lastIndexOf('/');
  const name = path.slice(0, Math.max(slash, 0));
  const found = world.packages.get(name);
  const document =
    found === undefined ? undefined : versionDocument(registry, name, path.slice(slash + 1), found, signer);
  return document === undefined ? NOT_FOUND : { status: 200, body: document };
}

async function answerAttestations({ world, sigstore }: Scene, id: string): Promise<Answer> {
  const at = id.lastIndexOf('@');
  const [name, version] = [id.slice(0, at), id.slice(at + 1)];
  const facts = world.packages.get(name)?.versions.get(version);
  if (facts?.builtFrom === undefined) return NOT_FOUND;
  const about = { name, version, integrity: facts.integrity };
  return ok(parseJson(await npmAttestations(sigstore, about, facts.builtFrom)));
}

function answerVulnerability({ world }: Scene, parts: readonly string[]): Answer {
  const id = parts[0] === 'v1' && parts[1] === 'vulns' ? parts[2] : undefined;
  const found = world.advisories.find((advisory) => advisory['id'] === id);
  return found === undefined ? { status: 404, body: { code: 5, message: 'Bug not found.' } } : ok(found);
}

function answerKev({ world }: Scene, file: string | undefined): Answer {
  if (file !== 'known_exploited_vulnerabilities.json') return NOT_FOUND;
  return ok({
    title: 'Example of a catalog of known exploited vulnerabilities',
    catalogVersion: '2026.11.20',
    dateReleased: '2026-11-20T15:00:00.000Z',
    count: world.kev.length,
    vulnerabilities: world.kev,
  });
}

function answerScorecard({ world }: Scene, parts: readonly string[]): Answer {
  if (parts[0] !== 'projects') return NOT_FOUND;
  const name = parts.slice(1).map(decodeURIComponent).join('/');
  const found = world.scorecards.get(name);
  return found === undefined ? NOT_FOUND : ok({ repo: { name, commit: '0'.repeat(40) }, ...found, metadata: null });
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const server = await startExampleServer({ port: Number(process.argv[2] ?? 0) });
  for (const [name, url] of Object.entries(server.hosts)) console.log(`--host ${name}=${url}`);
}

import { createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  startExampleServer,
  type ExampleServer,
  type ExampleServerOptions,
} from '../../scripts/demo/example-server.ts';
import { isObject, listOf, objectOf, readExampleWorld } from '../../scripts/demo/example-world.ts';
import { npm as ecosystem } from '../../server/src/ecosystems/npm/index.ts';
import { checkNpmAttestations } from '../../server/src/evidence/attestations/check-npm-attestations.ts';
import { embeddedTrust, withTrustDocument } from '../../server/src/evidence/trust/trust-material.ts';
import { repositoryRoot } from '../../scripts/vscode/tools-cache.ts';

const running: ExampleServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function start(options: ExampleServerOptions = {}): Promise<ExampleServer> {
  const server = await startExampleServer(options);
  running.push(server);
  return server;
}

async function get(url: string, init: RequestInit = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, init);
  return { status: response.status, body: { ...objectOf(await response.json()) } };
}

async function query(server: ExampleServer, queries: readonly object[]): Promise<{ status: number; body: object }> {
  return get(`${server.hosts.osv}v1/querybatch`, { method: 'POST', body: JSON.stringify({ queries }) });
}

function npm(name: string, version: string): object {
  return { package: { ecosystem: 'npm', name }, version };
}

/** The integrity of every `name@version` that the example's lockfile pins. */
async function lockedIntegrity(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(repositoryRoot, 'examples/workspace/pnpm-lock.yaml'), 'utf8');
  const entries = text.matchAll(/^ {2}'?(\S+?)'?:\n {4}resolution: \{integrity: (\S+)\}$/gm);
  return new Map([...entries].map(([, key = '', integrity = '']) => [key, integrity]));
}

/** What the registry's signature of a version says of the bytes that the lockfile pins. */
async function signatureState(server: ExampleServer, name: string, version: string, pinned: string): Promise<string> {
  const { body } = await get(`${server.hosts.npm}${encodeURIComponent(name)}/${version}`);
  const dist = objectOf(body['dist']);
  const [signature] = listOf(dist['signatures'] ?? []);
  if (!isObject(signature)) return 'unsigned';
  const trusted = withTrustDocument(embeddedTrust(), server.trustDocument).signatureKeys.find(
    ({ keyid }) => keyid === signature['keyid'],
  );
  const key = createPublicKey({ key: Buffer.from(trusted?.spki ?? '', 'base64'), format: 'der', type: 'spki' });
  const message = Buffer.from(`${name}@${version}:${pinned}`);
  const isValid = verify('sha256', message, key, Buffer.from(String(signature['sig']), 'base64'));
  return isValid ? 'signed' : 'invalid';
}

describe('the example registry', () => {
  it('has every package that the lockfile pins and signs its bytes, but for the two that show a bad state', async () => {
    const server = await start();
    const states = new Map<string, string[]>();
    for (const [key, pinned] of await lockedIntegrity()) {
      const at = key.lastIndexOf('@');
      const name = key.slice(0, at);
      if (name.startsWith('@acme/')) continue;
      const state = await signatureState(server, name, key.slice(at + 1), pinned);
      states.set(state, [...(states.get(state) ?? []), key]);
    }
    expect(states.get('signed')?.length).toBeGreaterThan(100);
    expect(states.get('unsigned')).toEqual(['provender-demo-unsigned@1.0.0']);
    expect(states.get('invalid')).toEqual(['provender-demo-invalid@1.2.0']);
  });

  it('attests what it says is attested', async () => {
    const server = await start();
    const trust = withTrustDocument(embeddedTrust(), server.trustDocument);
    for (const [name, version] of [
      ['provender-demo-provenance', '2.4.0'],
      ['provender-demo-lost', '3.0.0'],
    ] as const) {
      const document = await get(`${server.hosts.npm}${name}/${version}`);
      const { integrity, attestations } = objectOf(document.body['dist']);
      const response = await (await fetch(String(objectOf(attestations)['url']))).text();
      const outcome = checkNpmAttestations({ name, version, integrity: String(integrity), response, trust });
      expect([outcome.publish.verdict, outcome.provenance.verdict]).toEqual(['verified', 'verified']);
    }
    expect(await get(`${server.hosts.npm}-/npm/v1/attestations/provender-demo-lost@3.0.1`)).toMatchObject({
      status: 404,
    });
  });

  it('names the highest version as the latest and leaves times out of the short form', async () => {
    const server = await start();
    const whole = await get(`${server.hosts.npm}semver`);
    const short = await get(`${server.hosts.npm}semver`, {
      headers: { accept: 'application/vnd.npm.install-v1+json' },
    });
    expect(whole.body['dist-tags']).toEqual({ latest: '7.7.3' });
    expect(whole.body['time']).toMatchObject({ '7.5.1': '2023-05-12T12:00:00.000Z' });
    expect(short.body).not.toHaveProperty('time');
  });

  it('does not know private packages', async () => {
    const server = await start();
    expect(await get(`${server.hosts.npm}@acme%2fdesign-tokens`)).toMatchObject({ status: 404 });
  });

  it('answers 304 to who has the same document already', async () => {
    const server = await start();
    const first = await fetch(`${server.hosts.npm}lodash`);
    const etag = first.headers.get('etag') ?? '';
    await first.text();
    const second = await fetch(`${server.hosts.npm}lodash`, { headers: { 'if-none-match': etag } });
    expect(second.status).toBe(304);
  });

  it('survives a path that is no path', async () => {
    const server = await start();
    expect((await fetch(`${server.hosts.npm}%zz`)).status).toBe(400);
    expect((await fetch(`${server.hosts.npm}lodash`)).status).toBe(200);
  });
});

describe('the example OSV', () => {
  it('answers in the order of the queries and leaves withdrawn records out', async () => {
    const server = await start();
    const { body } = await query(server, [npm('kleur', '4.1.5'), npm('jsonwebtoken', '8.5.1'), npm('xlsx', '0.18.5')]);
    expect(body).toEqual({
      results: [
        {},
        {
          vulns: [
            { id: 'GHSA-8cf7-32gw-wr33', modified: '2024-06-24T00:00:00Z' },
            { id: 'GHSA-qwph-4952-7xr6', modified: '2025-02-13T00:00:00Z' },
          ],
        },
        {
          vulns: [
            { id: 'GHSA-4r6h-8v6p-xvw6', modified: '2025-09-19T00:00:00Z' },
            { id: 'GHSA-5pgg-2g8v-p4x9', modified: '2025-09-19T00:00:00Z' },
          ],
        },
      ],
    });
  });

  it('gives a token with a full page and the rest for the token', async () => {
    const server = await start({ osvPageSize: 3 });
    const first = await query(server, [npm('lodash', '4.17.20')]);
    expect(first.body).toMatchObject({ results: [{ next_page_token: '3' }] });
    const second = await query(server, [{ ...npm('lodash', '4.17.20'), page_token: '3' }]);
    expect(second.body).toEqual({
      results: [
        {
          vulns: [
            { id: 'GHSA-r5fr-rjxr-66jc', modified: '2026-04-01T00:00:00Z' },
            { id: 'GHSA-f23m-r3pf-42rh', modified: '2026-04-01T00:00:00Z' },
          ],
        },
      ],
    });
  });

  it('refuses more than a thousand queries and queries without a name', async () => {
    const server = await start();
    const many = Array.from({ length: 1001 }, () => npm('lodash', '4.17.20'));
    expect(await query(server, many)).toMatchObject({ status: 400 });
    expect(await query(server, [{ package: { ecosystem: 'npm' }, version: '1.0.0' }])).toMatchObject({ status: 400 });
  });

  it('answers a query without a version with all that concerns the package', async () => {
    const server = await start();
    const { body } = await query(server, [{ package: { ecosystem: 'npm', name: 'react' } }, npm('react', '18.2.0')]);
    expect(body).toEqual({
      results: [{ vulns: [{ id: 'GHSA-g53w-52xc-2j85', modified: '2023-05-22T00:00:00Z' }] }, {}],
    });
  });

  it('answers records by id, withdrawn ones too', async () => {
    const server = await start();
    const found = await get(`${server.hosts.osv}v1/vulns/GHSA-27h2-hvpr-p74q`);
    expect(found.body).toMatchObject({ id: 'GHSA-27h2-hvpr-p74q', withdrawn: '2023-01-27T00:00:00Z' });
    expect((await get(`${server.hosts.osv}v1/vulns/GHSA-0000-0000-0000`)).status).toBe(404);
  });
});

describe('the other example sources', () => {
  it('list the jQuery advisory as exploited', async () => {
    const server = await start();
    const { body } = await get(`${server.hosts.kev}sites/default/files/feeds/known_exploited_vulnerabilities.json`);
    expect(body['vulnerabilities']).toMatchObject([{ cveID: 'CVE-2020-11023' }]);
  });

  it('score some repositories and answer 404 for the others', async () => {
    const server = await start();
    const found = await get(`${server.hosts.scorecard}projects/github.com/lodash/lodash`);
    expect(found.body).toMatchObject({ repo: { name: 'github.com/lodash/lodash' }, score: 5.6 });
    expect((await get(`${server.hosts.scorecard}projects/github.com/lukeed/kleur`)).status).toBe(404);
  });

  it('note every request', async () => {
    const server = await start();
    await fetch(`${server.hosts.npm}lodash`);
    expect(server.requests).toEqual(['GET /npm/lodash']);
  });
});

describe('the examples', () => {
  it('have about forty advisories, each with an id of its own and one key per event', async () => {
    const { advisories } = await readExampleWorld();
    const ids = advisories.map((advisory) => advisory['id']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(35);
    const events = JSON.stringify(advisories).match(/"events":\[[^\]]*\]/g) ?? [];
    for (const text of events) expect(text).toMatch(/^"events":\[(\{"\w+":"[^"]+"\},?)+\]$/);
  });

  it.each(['workspace/pnpm-lock.yaml', 'workspace-npm/package-lock.json'])(
    'have %s read without a problem',
    async (path) => {
      const file = join(repositoryRoot, 'examples', path);
      const { value, problems } = ecosystem.parseLockfile(file, await readFile(file, 'utf8'));
      expect(problems).toEqual([]);
      const missing = value.importers.flatMap(({ dependencies }) => dependencies.filter(({ entry }) => entry === -1));
      expect(missing).toEqual([]);
    },
  );

  it('name no host in the lockfiles but that of the git dependency', async () => {
    for (const path of ['workspace/pnpm-lock.yaml', 'workspace-npm/package-lock.json']) {
      const text = await readFile(join(repositoryRoot, 'examples', path), 'utf8');
      const hosts = new Set([...text.matchAll(/https?:\/\/([^/\s"}]+)/g)].map(([, host]) => host));
      expect([...hosts].filter((host) => host !== 'codeload.github.com')).toEqual([]);
    }
  });
});

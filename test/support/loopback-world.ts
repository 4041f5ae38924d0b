import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

import { startFaultServer, type Behavior, type CapturedRequest, type FaultServer } from './fault-server.ts';
import { osvRecord } from './fake-world.ts';

/** An advisory about a package below a version. */
export interface LoopbackAdvisory {
  readonly id: string;
  readonly name: string;
  /** The first version that it is about; all of them where it does not say. */
  readonly introduced?: string;
  readonly fixed: string;
}

export interface LoopbackWorld {
  readonly server: FaultServer;
  /** The arguments that point every source at the server. */
  readonly hostArguments: readonly string[];
  /** Holds up every request whose path or body holds the text, until the promise is there. */
  holdUp(text: string, gate: Promise<unknown>): void;
}

/** OSV, KEV, Scorecard and a registry on loopback. Everything that is asked of them is kept. It ends with the test. */
export async function startLoopbackWorld(
  advisories: readonly LoopbackAdvisory[],
  registry: Readonly<Record<string, readonly string[]>> = {},
): Promise<LoopbackWorld> {
  const gates = new Map<string, Promise<unknown>>();
  const server = await startFaultServer((request) => {
    const body = JSON.stringify(answerTo(request, advisories, registry) ?? null);
    const held = [...gates].find(([text]) => request.path.includes(text) || request.body.includes(text));
    if (held) return { kind: 'gate', gate: held[1], body };
    return body === 'null' ? { kind: 'answer', status: 404, body: '{}' } : answer(body);
  });
  onTestFinished(() => server.close());
  return {
    server,
    hostArguments: ['npm', 'osv', 'osv-export', 'kev', 'epss', 'scorecard', 'tuf'].flatMap((name) => [
      '--host',
      `${name}=${server.base}${name}/`,
    ]),
    holdUp: (text, gate) => void gates.set(text, gate),
  };
}

function answer(body: string): Behavior {
  return { kind: 'answer', headers: { 'content-type': 'application/json' }, body };
}

function answerTo(
  { path, body }: CapturedRequest,
  advisories: readonly LoopbackAdvisory[],
  registry: Readonly<Record<string, readonly string[]>>,
): unknown {
  const [source, ...rest] = path.split('/').filter((part) => part !== '');
  const last = decodeURIComponent(rest.at(-1) ?? '');
  if (source === 'kev') return { vulnerabilities: [] };
  if (source === 'epss') return { data: [] };
  if (source === 'npm') return packument(last, registry[last]);
  if (source !== 'osv') return undefined;
  if (last === 'querybatch') return { results: queriesIn(body).map((query) => hitsFor(query, advisories)) };
  const found = advisories.find(({ id }) => id === last);
  return found && recordOf(found);
}

function recordOf({ id, name, introduced = '0', fixed }: LoopbackAdvisory): object {
  const ranges = [{ type: 'SEMVER', events: [{ introduced }, { fixed }] }];
  return osvRecord(id, name, fixed, {
    affected: [{ package: { ecosystem: 'npm', name }, ranges }],
    database_specific: { severity: 'HIGH' },
  });
}

interface Query {
  readonly package: { readonly name: string };
  readonly version?: string;
}

function queriesIn(body: string): readonly Query[] {
  return (JSON.parse(body) as { readonly queries: readonly Query[] }).queries;
}

function hitsFor({ package: { name }, version }: Query, advisories: readonly LoopbackAdvisory[]): object {
  const hits = advisories.filter(
    (it) => it.name === name && (version === undefined || (version >= (it.introduced ?? '') && version < it.fixed)),
  );
  return hits.length === 0 ? {} : { vulns: hits.map(({ id }) => ({ id, modified: '2026-01-01T00:00:00Z' })) };
}

function packument(name: string, versions: readonly string[] | undefined): object | undefined {
  if (versions === undefined) return undefined;
  return {
    name,
    'dist-tags': { latest: versions.at(-1) },
    time: Object.fromEntries(versions.map((version) => [version, '2021-01-01T00:00:00.000Z'])),
    versions: Object.fromEntries(versions.map((version) => [version, { name, version, dist: {} }])),
  };
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

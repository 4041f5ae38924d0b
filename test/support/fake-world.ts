import type { AdvisoryDatabase } from '../../server/src/core/advisory-database.ts';
import type { Ecosystem } from '../../server/src/core/ecosystem.ts';
import type { RefreshRequest, Subject } from '../../server/src/core/knowledge.ts';
import type { AnswerStore, HttpRequest } from '../../server/src/core/ports.ts';
import type { RegistryPackage, RegistryVersion } from '../../server/src/core/registry-package.ts';
import type { RegistryPolicy } from '../../server/src/core/registry-policy.ts';
import type { AdvisoryMatch } from '../../server/src/core/advisory.ts';
import { SourceError, type Evidence } from '../../server/src/core/evidence.ts';
import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import { npmReleases } from '../../server/src/ecosystems/npm/registry/releases.ts';
import { embeddedTrust, type TrustMaterial } from '../../server/src/evidence/trust/trust-material.ts';
import type { KnowledgeConfiguration } from '../../server/src/sources/knowledge-configuration.ts';
import type { TrustRepository } from '../../server/src/sources/held-trust.ts';
import { LiveKnowledge } from '../../server/src/sources/live-knowledge.ts';
import { decodeOsvRecord } from '../../server/src/sources/osv-record.ts';
import { createPump } from '../../server/src/sources/pump.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { fakeHttp, type FakeAnswer, type FakeHttp } from './fake-http.ts';
import { inlineVerifier } from './inline-verifier.ts';
import { memoryAnswers } from './memory-answers.ts';
import { publishedVersion } from './published-version.ts';
import { recordingLog } from './recording-log.ts';

export const PUBLIC_REGISTRY = 'https://registry.example/';

export const HOSTS = {
  npm: PUBLIC_REGISTRY,
  osv: 'https://osv.example/',
  kev: 'https://kev.example/',
  epss: 'https://epss.example/',
  scorecard: 'https://scorecard.example/',
  tuf: 'https://tuf.example/',
};

/** An ecosystem with npm's versions and a registry that answers with what tests write. */
export const ECOSYSTEM: Ecosystem = {
  id: 'npm',
  purlType: 'npm',
  osvName: 'npm',
  manifestNames: [],
  lockfileNames: [],
  configNames: [],
  versions: npmVersions,
  registry: {
    publicBase: PUBLIC_REGISTRY,
    request: (base, name) => ({
      method: 'GET',
      url: `${base}${encodeURIComponent(name)}`,
      headers: {},
      timeoutMs: 60_000,
      maxBytes: 1e6,
    }),
    page: () => '',
    decode(_name, body) {
      try {
        return { value: JSON.parse(body) as RegistryPackage, problems: [] };
      } catch {
        return { value: undefined, problems: [{ span: { start: 0, end: 0 }, message: 'not JSON' }] };
      }
    },
    releases: npmReleases,
  },
  discover: () => Promise.resolve([]),
  parseManifest: () => unused(),
  parseLockfile: () => unused(),
  lockText: () => unused(),
  readPolicy: () => unused(),
  setVersion: () => undefined,
  letThrough: () => undefined,
  transitive: {
    request: () => undefined,
    updateCommand: () => undefined,
    pruneCommand: () => 'install',
    override: () => undefined,
    readOverride: () => undefined,
    removeOverride: () => unused(),
    raiseOverride: () => undefined,
    lock: () => undefined,
  },
  imports: {
    isSource: () => false,
    isOutput: () => false,
    isTest: () => false,
    importedBy: () => new Set(),
    importedAs: () => undefined,
  },
};

function unused(): never {
  throw new Error('no test of knowledge parses');
}

/** The outside world: what each source says. A SourceError is a source that cannot be reached. */
export interface World {
  /** By `name@version`, or by name for questions without a version: ids. */
  osv: Record<string, readonly string[]> | SourceError;
  records: Record<string, unknown>;
  kev: FakeAnswer | SourceError;
  packages: Record<string, unknown>;
  /** Documents of one version, by `name@version`. */
  releases: Record<string, unknown>;
  /** Answers about attestations, by `name@version`. */
  attestations: Record<string, unknown>;
  scorecards: Record<string, unknown>;
  /** What an answer waits for, by the request as {@link Kit.sent} describes it. */
  hold?: (request: string) => Promise<unknown> | undefined;
}

export interface Setting extends KnowledgeConfiguration {
  readonly answers: AnswerStore;
  readonly trust: TrustMaterial;
  /** Where newer trust material comes from. */
  readonly repository: TrustRepository;
  readonly clock: FakeClock;
}

export interface Kit {
  readonly knowledge: LiveKnowledge;
  readonly world: World;
  readonly http: FakeHttp;
  readonly clock: FakeClock;
  readonly changes: readonly string[];
  readonly configuration: KnowledgeConfiguration;
  refresh(request?: Partial<RefreshRequest>): Promise<void>;
  /** What was sent since the last call: `host/path`, with the names that a question holds. */
  sent(): string[];
}

/** Knowledge in a world that a test makes up: nothing known, nobody affected, the network on. */
export function knowledgeKit(said: Partial<World> = {}, changes: Partial<Setting> = {}): Kit {
  const world: World = {
    osv: {},
    records: {},
    kev: { body: { vulnerabilities: [] } },
    packages: {},
    releases: {},
    attestations: {},
    scorecards: {},
    ...said,
  };
  const http = fakeHttp(async (request) => {
    await world.hold?.(describeRequest(request));
    return answerOf(world, request);
  });
  const { clock = fakeClock(), trust = embeddedTrust(), repository, answers = memoryAnswers(clock), ...rest } = changes;
  const configuration: KnowledgeConfiguration = {
    network: 'on',
    source: 'auto',
    database: undefined,
    hosts: HOSTS,
    ...rest,
  };
  const told: string[] = [];
  const knowledge = new LiveKnowledge({
    ecosystems: [ECOSYSTEM],
    answers,
    pump: createPump({ http, clock, log: recordingLog() }),
    clock,
    defaultHosts: HOSTS,
    configuration,
    verifier: inlineVerifier,
    trust: { initial: () => trust, repository },
    onChange: (kind) => void told.push(kind),
  });
  let seen = 0;
  return {
    knowledge,
    world,
    http,
    clock,
    changes: told,
    configuration,
    refresh: (request = {}) => knowledge.refresh(refreshRequest(request), new AbortController().signal),
    sent() {
      const fresh = http.requests.slice(seen);
      seen = http.requests.length;
      return fresh.map(describeRequest).sort();
    },
  };
}

export function refreshRequest(changes: Partial<RefreshRequest> = {}): RefreshRequest {
  return {
    direct: [],
    transitive: [],
    policy: policy(),
    force: false,
    signatures: 'none',
    health: false,
    onProgress: () => undefined,
    ...changes,
  };
}

export function policy(changes: Partial<RegistryPolicy> = {}): RegistryPolicy {
  return {
    registryOf: () => PUBLIC_REGISTRY,
    withheld: () => undefined,
    access: () => ({ headers: {}, connection: undefined }),
    mayAsk: () => true,
    requestBase: (registry) => registry,
    ageGate: undefined,
    ...changes,
  };
}

/** `name@version`. */
export function subject(text: string, changes: Partial<Subject> = {}): Subject {
  const at = text.lastIndexOf('@');
  return {
    ecosystem: 'npm',
    name: text.slice(0, at),
    version: text.slice(at + 1),
    integrity: undefined,
    registry: PUBLIC_REGISTRY,
    isPublicRegistry: true,
    withheld: undefined,
    ...changes,
  };
}

/** An OSV record of a package that is affected below a version. */
export function osvRecord(id: string, name: string, fixed: string, changes: object = {}): object {
  return {
    id,
    modified: '2026-01-01T00:00:00Z',
    summary: `trouble in ${name}`,
    affected: [
      { package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }] },
    ],
    ...changes,
  };
}

/** A local database of such records. */
export function localDatabase(records: readonly object[], complete: boolean, asOf: number): AdvisoryDatabase {
  const decoded = records.flatMap((record) => decodeOsvRecord(record).record ?? []);
  return {
    info: {
      label: complete ? 'npm.db' : 'sample.db',
      ecosystems: [{ name: 'npm', complete, asOf, advisories: decoded.length, packages: decoded.length }],
    },
    expect: () => undefined,
    affected: (ecosystem, name) =>
      decoded.flatMap(({ advisory, affected }) =>
        affected
          .filter((entry) => entry.ecosystem === ecosystem && entry.name === name)
          .map((entry) => ({ id: advisory.id, affected: entry })),
      ),
    advisory: (id) => decoded.find(({ advisory }) => advisory.id === id)?.advisory,
  };
}

export function registryPackage(
  name: string,
  versions: readonly Partial<RegistryVersion>[],
  changes: Partial<RegistryPackage> = {},
): RegistryPackage {
  return {
    name,
    tags: {},
    repository: undefined,
    hasTimes: true,
    versions: versions.map(publishedVersion),
    ...changes,
  };
}

/** Two packages, of which `left` is affected below 1.2.0. */
export const LEFT = subject('left@1.0.0');
export const RIGHT = subject('right@1.0.0');

export const AFFECTED = {
  osv: { 'left@1.0.0': ['GHSA-left'] },
  records: { 'GHSA-left': osvRecord('GHSA-left', 'left', '1.2.0') },
};

/** `none`, the ids, or the code of what is unknown. */
export function said(evidence: Evidence<readonly AdvisoryMatch[]>): string {
  if (!evidence.known) return evidence.code;
  return evidence.value.length === 0 ? 'none' : evidence.value.map(({ advisory }) => advisory.id).join(' ');
}

interface Question {
  readonly package: { readonly name: string };
  readonly version?: string;
}

function questionsIn(request: HttpRequest): string[] {
  const { queries } = JSON.parse(request.body ?? '{"queries":[]}') as { readonly queries: readonly Question[] };
  return queries.map(({ package: { name }, version }) => (version === undefined ? name : `${name}@${version}`));
}

function describeRequest(request: HttpRequest): string {
  const { host, pathname } = new URL(request.url);
  const questions = questionsIn(request);
  return questions.length === 0 ? `${host}${pathname}` : `${host} ${questions.join(' ')}`;
}

function answerOf(world: World, request: HttpRequest): FakeAnswer | SourceError {
  const { origin, pathname } = new URL(request.url);
  const last = decodeURIComponent(pathname.split('/').at(-1) ?? '');
  switch (`${origin}/`) {
    case HOSTS.osv:
      if (world.osv instanceof SourceError) return world.osv;
      return pathname === '/v1/querybatch'
        ? batchAnswer(world.osv, questionsIn(request))
        : answered(world.records[last]);
    case HOSTS.kev:
      return world.kev;
    case HOSTS.scorecard:
      return answered(world.scorecards[pathname.slice('/projects/'.length)]);
    default:
      return registryAnswer(world, decodeURIComponent(pathname).slice(1));
  }
}

const ATTESTATIONS = '-/npm/v1/attestations/';

/** The path is a package's name, perhaps with a version behind it, or asks for attestations, or belongs to a mirror. */
function registryAnswer(world: World, path: string): FakeAnswer | SourceError {
  if (path.startsWith(ATTESTATIONS)) return answered(world.attestations[path.slice(ATTESTATIONS.length)]);
  const [, name = path, version = ''] = /^((?:@[^/]+\/)?[^@/]+)\/([^/]+)$/.exec(path) ?? [];
  return answered(world.releases[`${name}@${version}`] ?? world.packages[path] ?? world.packages[version]);
}

function answered(value: unknown): FakeAnswer | SourceError {
  if (value instanceof SourceError) return value;
  return value === undefined ? { status: 404 } : { body: value };
}

function batchAnswer(osv: Record<string, readonly string[]>, questions: readonly string[]): FakeAnswer {
  const results = questions.map((question) => {
    const vulns = (osv[question] ?? []).map((id) => ({ id, modified: '2026-01-01T00:00:00Z' }));
    return vulns.length === 0 ? {} : { vulns };
  });
  return { body: { results } };
}

import type { Advisory, AdvisoryMatch, Epss, KevEntry } from '../../server/src/core/advisory.ts';
import {
  known,
  unknown,
  type Evidence,
  type Scorecard,
  type SignatureEvidence,
} from '../../server/src/core/evidence.ts';
import type { Knowledge, Learner, RefreshRequest, SourceStatus, Subject } from '../../server/src/core/knowledge.ts';
import { matchAdvisories } from '../../server/src/core/match-advisories.ts';
import { mergeAliases } from '../../server/src/core/merge-aliases.ts';
import {
  NO_NEEDS,
  type Release,
  type RegistryNeeds,
  type RegistryPackage,
  type RegistryVersion,
} from '../../server/src/core/registry-package.ts';
import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import { advisory, affected } from './advisory-records.ts';
import { publishedVersion } from './published-version.ts';

/** An advisory about one package. */
export interface AdvisoryFact extends Partial<Omit<Advisory, 'id'>> {
  readonly id: string;
  readonly package: string;
  /** As {@link affected} reads it: `>=1.0.0 <1.2.0`, `>=0`. */
  readonly versions: string;
}

export type VersionFact = string | (Partial<RegistryVersion & RegistryNeeds> & { readonly version: string });

export interface PackageFact extends Partial<Omit<RegistryPackage, 'versions'>> {
  readonly versions: readonly VersionFact[];
}

/** All that is known, in few words. What is left out is not known. */
export interface Facts {
  readonly advisories?: readonly AdvisoryFact[];
  /** Why nothing was learned of a package's advisories, by name. `*` stands for every package. */
  readonly unknown?: Readonly<Record<string, string>>;
  /** What the registry publishes by name: versions, oldest first. */
  readonly registry?: Readonly<Record<string, readonly VersionFact[] | PackageFact>>;
  /** By `name@version`. */
  readonly signatures?: Readonly<Record<string, Pick<SignatureEvidence, 'verdict' | 'message' | 'source'>>>;
  readonly releases?: Readonly<Record<string, Release>>;
  /** The score by `github.com/owner/name`. */
  readonly scorecards?: Readonly<Record<string, number>>;
  /** CVE ids of CISA's catalog. */
  readonly kev?: readonly string[];
  readonly epss?: readonly Epss[];
  readonly sources?: readonly SourceStatus[];
}

export interface FakeKnowledge extends Knowledge, Learner {
  /** How often each question was asked. */
  readonly calls: { readonly advisories: number; readonly knownMatches: number; readonly registryPackage: number };
  readonly refreshes: readonly RefreshRequest[];
  readonly learned: readonly string[];
  /** Replaces what is known, as when answers came in. */
  set(facts: Facts): void;
  /** What happens while a refresh runs; it ends when this resolves. */
  duringRefresh: (request: RefreshRequest, signal: AbortSignal) => Promise<void>;
}

/** When everything in {@link Facts} was learned: the start of a fake clock. */
export const LEARNED_AT = Date.parse('2026-01-15T12:00:00Z');

export const DAY_MS = 86_400_000;

/** Knowledge that holds what a test says. Packages without an advisory are known to have none. */
export function fakeKnowledge(initial: Facts = {}): FakeKnowledge {
  let facts = initial;
  let revision = 1;
  const calls = { advisories: 0, knownMatches: 0, registryPackage: 0 };
  const refreshes: RefreshRequest[] = [];
  const learned: string[] = [];
  const fake: FakeKnowledge = {
    calls,
    refreshes,
    learned,
    duringRefresh: () => Promise.resolve(),
    set(next) {
      facts = next;
      revision++;
    },
    get revision() {
      return revision;
    },
    expect: () => undefined,
    advisories(subject) {
      calls.advisories++;
      if (subject.withheld !== undefined) return unknown('withheld', subject.withheld);
      const reason = ownValue(facts.unknown, subject.name) ?? ownValue(facts.unknown, '*');
      if (reason !== undefined) return unknown('offline', reason);
      if (subject.version === '') return unknown('no-version', 'the lockfile names no version');
      return known(matchesOf(facts, subject), 'OSV.dev', LEARNED_AT);
    },
    knownMatches(subject) {
      calls.knownMatches++;
      return matchesOf(facts, subject);
    },
    registryPackage({ name }) {
      calls.registryPackage++;
      const fact = ownValue(facts.registry, name);
      return fact ? known(packageOf(name, fact), 'the registry', LEARNED_AT) : unknown('offline', 'offline');
    },
    signature: ({ name, version }) => signatureOf(ownValue(facts.signatures, `${name}@${version}`)),
    release: ({ name, version }) => ownValue(facts.releases, `${name}@${version}`),
    scorecard: (repository) => scorecardOf(repository, ownValue(facts.scorecards, repository)),
    kev: (cves): KevEntry | undefined => {
      const cve = cves.find((candidate) => facts.kev?.includes(candidate));
      return cve === undefined ? undefined : { cve, dateAdded: '2025-11-03', ransomware: false };
    },
    epss: (cves) => facts.epss?.find(({ cve }) => cves.includes(cve)),
    sources: () => facts.sources ?? [],
    recall: () => Promise.resolve(),
    verify: () => Promise.resolve(),
    async refresh(request, signal) {
      refreshes.push(request);
      await fake.duringRefresh(request, signal);
      signal.throwIfAborted();
    },
    learn({ name, version }) {
      learned.push(`${name}@${version}`);
      revision++;
      return Promise.resolve();
    },
  };
  return fake;
}

function ownValue<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}

function matchesOf({ advisories = [] }: Facts, { name, version }: Subject): AdvisoryMatch[] {
  const about = advisories.filter((fact) => fact.package === name);
  const candidates = about.map(({ id, versions }) => ({ id, affected: affected(versions, { name }) }));
  const matched = matchAdvisories(version, candidates, npmVersions).map(({ id, affected: entries }) => {
    return {
      advisory: advisory(
        id,
        about.find((fact) => fact.id === id),
      ),
      affected: entries,
    };
  });
  return mergeAliases(version, matched, npmVersions);
}

export function packageOf(name: string, fact: readonly VersionFact[] | PackageFact): RegistryPackage {
  const { versions, ...more }: PackageFact = 'versions' in fact ? fact : { versions: fact };
  const published = versions.map(versionOf);
  const latest = published.at(-1)?.version;
  return {
    name,
    tags: latest === undefined ? {} : { latest },
    repository: undefined,
    hasTimes: published.some(({ publishedAt }) => publishedAt !== undefined),
    ...more,
    versions: published,
  };
}

function versionOf(fact: VersionFact): RegistryVersion {
  const {
    dependencies = {},
    optionalDependencies = {},
    ...rest
  }: Partial<RegistryNeeds> & { version: string } = typeof fact === 'string' ? { version: fact } : fact;
  return publishedVersion({ needs: { ...NO_NEEDS, dependencies, optionalDependencies }, ...rest });
}

function signatureOf(
  fact: Pick<SignatureEvidence, 'verdict' | 'message' | 'source'> | undefined,
): Evidence<SignatureEvidence> {
  if (fact === undefined) return unknown('not-asked', 'the registry has not been asked yet');
  const reason = { code: fact.verdict, message: fact.message };
  return known({ ...fact, ...reason, reasons: [reason] }, 'the registry', LEARNED_AT);
}

function scorecardOf(repository: string, score: number | undefined): Evidence<Scorecard> {
  if (score === undefined) return unknown('not-found', `OpenSSF Scorecard has not scanned ${repository}`);
  return known({ score, date: '2026-01-12', repository, checks: [] }, 'OpenSSF Scorecard', LEARNED_AT);
}

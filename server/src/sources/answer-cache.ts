import type { AdvisoryRecord, Epss, KevEntry } from '../core/advisory.ts';
import type { Scorecard } from '../core/evidence.ts';
import type { AnswerStore, Clock, StoredAnswer, TufReading } from '../core/ports.ts';
import type { RegistryPackage, Release } from '../core/registry-package.ts';
import type { AttestationsOutcome } from '../evidence/attestations-outcome.ts';
import type { TrustedKey } from '../evidence/trust/trusted-keys.ts';
import type { AnsweringHost, AnsweringHosts } from './hosts.ts';
import { epssOf } from './epss.ts';
import { parseStored } from './json-answer.ts';
import { decodeStoredKev, encodeKev } from './kev.ts';
import { decodeStoredRefs, encodeRefs, type AdvisoryRef, type OsvQuery } from './osv.ts';
import { decodeOsvRecord } from './osv-record.ts';
import { decodeStoredPackage, encodeRegistryPackage } from './registry-answer.ts';
import { encodeRegistryKeys, registryKeysOf } from './registry-keys.ts';
import { decodeStoredOutcome, decodeStoredRelease } from './release-answer.ts';
import { scorecardOf } from './scorecard.ts';
import { tufReadingOf } from './tuf-reading.ts';

/** A stored answer, decoded. */
export interface Dated<T> {
  readonly value: T;
  readonly fetchedAt: number;
  readonly etag: string | undefined;
}

/** How long an answer counts as new, in milliseconds. After that it is still shown, with its age, while it is asked again. */
export const FRESH_MS = {
  osv: 60 * 60_000,
  kev: 24 * 60 * 60_000,
  epss: 24 * 60 * 60_000,
  npm: 24 * 60 * 60_000,
  scorecard: 7 * 24 * 60 * 60_000,
  tuf: 24 * 60 * 60_000,
} as const satisfies Record<AnsweringHost, number>;

/**
 * The store of answers with the types of our sources.
 * The answers of an overridden host are kept apart: a mirror's, or a test's, are never taken for the usual host's.
 */
export class AnswerCache {
  readonly #store: AnswerStore;
  readonly #clock: Clock;
  readonly #defaults: AnsweringHosts;
  #hosts: AnsweringHosts;
  /** Decoded advisories by id and modified, shared by all packages that they affect. */
  readonly #records = new Map<string, AdvisoryRecord>();
  /** Until when this process holds them. */
  readonly #leases = new Map<string, number>();

  constructor(store: AnswerStore, clock: Clock, defaults: AnsweringHosts) {
    this.#store = store;
    this.#clock = clock;
    this.#defaults = defaults;
    this.#hosts = defaults;
  }

  useHosts(hosts: AnsweringHosts): void {
    this.#hosts = hosts;
    this.#records.clear();
  }

  isFresh(host: AnsweringHost, fetchedAt: number | undefined): boolean {
    if (fetchedAt === undefined) return false;
    const ageMs = this.#clock.now() - fetchedAt;
    return ageMs >= 0 && ageMs < FRESH_MS[host];
  }

  advisoryRefs(query: OsvQuery): Dated<readonly AdvisoryRef[]> | undefined {
    return this.#read('osv', queryKey(query), decodeStoredRefs);
  }

  /** Says that {@link advisoryRefs} will be asked for all of these next. */
  expectAdvisoryRefs(queries: readonly OsvQuery[]): void {
    this.#store.expect?.(this.#sourceOf('osv'), queries.map(queryKey));
  }

  putAdvisoryRefs(query: OsvQuery, refs: readonly AdvisoryRef[]): void {
    this.#write('osv', queryKey(query), encodeRefs(refs));
  }

  record(ref: AdvisoryRef): AdvisoryRecord | undefined {
    const key = recordKey(ref);
    const known = this.#records.get(key);
    if (known !== undefined) return known;
    const record = this.#read('osv', key, (stored) => decodeOsvRecord(stored).record)?.value;
    if (record !== undefined) this.#remember(key, record);
    return record;
  }

  putRecord(ref: AdvisoryRef, record: AdvisoryRecord, stored: string): void {
    this.#write('osv', recordKey(ref), stored);
    this.#remember(recordKey(ref), record);
  }

  kev(): Dated<ReadonlyMap<string, KevEntry>> | undefined {
    return this.#read('kev', 'catalog', decodeStoredKev);
  }

  putKev(entries: readonly KevEntry[], etag: string | undefined): void {
    this.#write('kev', 'catalog', encodeKev(entries), etag);
  }

  /** The value is `missing` when it was never scored. */
  epss(cve: string): Dated<Epss | 'missing'> | undefined {
    return this.#read('epss', cve, (stored) => (stored === null ? 'missing' : epssOf(stored)));
  }

  putEpss(cve: string, value: Epss | 'missing'): void {
    this.#write('epss', cve, value === 'missing' ? 'null' : JSON.stringify(value));
  }

  /** The value is `missing` when the registry said that it has no such package. */
  registryPackage(registry: string, name: string): Dated<RegistryPackage | 'missing'> | undefined {
    return this.#read('npm', packageKey(registry, name), (stored) =>
      stored === null ? 'missing' : decodeStoredPackage(stored),
    );
  }

  putRegistryPackage(registry: string, name: string, value: RegistryPackage | 'missing', etag?: string): void {
    const body = value === 'missing' ? 'null' : encodeRegistryPackage(value);
    this.#write('npm', packageKey(registry, name), body, etag);
  }

  /** The value is `missing` when the registry said that it has no such version. */
  storedRelease(key: ReleaseKey): Dated<Release | 'missing'> | undefined {
    return this.#read('npm', releaseKey(key), (stored) => (stored === null ? 'missing' : decodeStoredRelease(stored)));
  }

  /** Says that {@link storedRelease} will be asked for all of these next. */
  expectReleases(keys: readonly ReleaseKey[]): void {
    this.#store.expect?.(this.#sourceOf('npm'), keys.map(releaseKey));
  }

  putRelease(key: ReleaseKey, value: Release | 'missing'): void {
    this.#write('npm', releaseKey(key), value === 'missing' ? 'null' : JSON.stringify(value));
  }

  /** The keys that a registry says it signs with; none when it has none. */
  registryKeys(registry: string): Dated<readonly TrustedKey[]> | undefined {
    return this.#read('npm', `keys ${registry}`, registryKeysOf);
  }

  putRegistryKeys(registry: string, keys: readonly TrustedKey[]): void {
    this.#write('npm', `keys ${registry}`, encodeRegistryKeys(keys));
  }

  /** The registry's answer as it came; {@link NO_ATTESTATIONS} when it has none. */
  attestations(key: ReleaseKey): Dated<string> | undefined {
    const answer = this.#get('npm', `attestations ${releaseKey(key)}`);
    return answer === undefined ? undefined : { value: answer.body, fetchedAt: answer.fetchedAt, etag: undefined };
  }

  putAttestations(key: ReleaseKey, body: string): void {
    this.#write('npm', `attestations ${releaseKey(key)}`, body);
  }

  /** What checking the attestations against this trust material gave. */
  attestationsOutcome(key: ReleaseKey, trustDigest: string): AttestationsOutcome | undefined {
    return this.#read('npm', outcomeKey(key, trustDigest), decodeStoredOutcome)?.value;
  }

  putAttestationsOutcome(key: ReleaseKey, trustDigest: string, outcome: AttestationsOutcome): void {
    this.#write('npm', outcomeKey(key, trustDigest), JSON.stringify(outcome));
  }

  /** The value is `missing` when the repository was never scanned. */
  scorecard(repository: string): Dated<Scorecard | 'missing'> | undefined {
    return this.#read('scorecard', repository, (stored) =>
      stored === null ? 'missing' : scorecardOf(stored, repository),
    );
  }

  putScorecard(repository: string, value: Scorecard | 'missing'): void {
    this.#write('scorecard', repository, value === 'missing' ? 'null' : JSON.stringify(value));
  }

  /** What the TUF repository gave last. */
  trust(): Dated<TufReading> | undefined {
    return this.#read('tuf', 'trust', tufReadingOf);
  }

  putTrust(reading: TufReading): void {
    this.#write('tuf', 'trust', JSON.stringify(reading));
  }

  /** When something was stored, without decoding it. */
  fetchedAt(what: 'kev' | OsvQuery | { readonly registry: string; readonly name: string }): number | undefined {
    if (what === 'kev') return this.#get('kev', 'catalog')?.fetchedAt;
    if ('registry' in what) return this.#get('npm', packageKey(what.registry, what.name))?.fetchedAt;
    return this.#get('osv', queryKey(what))?.fetchedAt;
  }

  /** A lease that this process holds already is granted again: a refresh that was aborted may start anew at once. */
  async lease(name: string, durationMs: number): Promise<boolean> {
    const now = this.#clock.now();
    if ((this.#leases.get(name) ?? 0) > now) return true;
    const granted = await this.#store.lease(name, durationMs);
    if (granted) this.#leases.set(name, now + durationMs);
    return granted;
  }

  /** Gives a lease back that this process holds, once what was learned under it is on disk for the others. */
  async release(name: string): Promise<void> {
    if (!this.#leases.delete(name)) return;
    await this.#store.flush();
    await this.#store.lease(name, 0);
  }

  /** Forgets what is held in memory, after the store was cleared. */
  forget(): void {
    this.#records.clear();
    this.#leases.clear();
  }

  #read<T>(host: AnsweringHost, key: string, decode: (stored: unknown) => T | undefined): Dated<T> | undefined {
    const answer = this.#get(host, key);
    if (answer === undefined) return undefined;
    const value = decode(parseStored(answer.body));
    return value === undefined ? undefined : { value, fetchedAt: answer.fetchedAt, etag: answer.etag };
  }

  #get(host: AnsweringHost, key: string): StoredAnswer | undefined {
    return this.#store.get(this.#sourceOf(host), key);
  }

  #write(host: AnsweringHost, key: string, body: string, etag?: string): void {
    this.#store.put(this.#sourceOf(host), key, { body, etag, fetchedAt: this.#clock.now() });
  }

  #sourceOf(host: AnsweringHost): string {
    return this.#hosts[host] === this.#defaults[host] ? host : `${host} ${this.#hosts[host]}`;
  }

  #remember(key: string, record: AdvisoryRecord): void {
    if (this.#records.size >= MAXIMUM_RECORDS) this.#records.clear();
    this.#records.set(key, record);
  }
}

/** A project has a few hundred; more come from a long session over many. */
const MAXIMUM_RECORDS = 2000;

function queryKey({ ecosystem, name, version }: OsvQuery): string {
  return version === undefined ? `of ${ecosystem} ${name}` : `of ${ecosystem} ${name} ${version}`;
}

function recordKey({ id, modified }: AdvisoryRef): string {
  return `record ${id} ${modified}`;
}

/** One version, pinned to its bytes: with another hash in the lockfile it is another question. */
export interface ReleaseKey {
  readonly registry: string;
  readonly name: string;
  readonly version: string;
  /** The lockfile's hashes as evidence/integrity.ts gives them, joined by a blank. */
  readonly pin: string;
}

export const NO_ATTESTATIONS = 'missing';

function releaseKey({ registry, name, version, pin }: ReleaseKey): string {
  return `release ${registry} ${name} ${version} ${pin}`;
}

function outcomeKey(key: ReleaseKey, trustDigest: string): string {
  return `outcome ${trustDigest.slice(0, 16)} ${releaseKey(key)}`;
}

/** Keyed by what is kept of the document too: an answer without dependencies is none to who needs them. */
function packageKey(registry: string, name: string): string {
  return `${registry} ${name} with dependencies and trust`;
}

import type { AdvisoryMatch, Epss, KevEntry } from './advisory.ts';
import type { Evidence, Scorecard, SignatureEvidence } from './evidence.ts';
import type { RegistryPackage, Release } from './registry-package.ts';
import type { RegistryPolicy } from './registry-policy.ts';

/** One installed package, and what may be said of it to others. */
export interface Subject {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  /** The lockfile's Subresource Integrity string. */
  readonly integrity: string | undefined;
  /** The base URL of the registry it belongs to, with a slash at its end. */
  readonly registry: string;
  /** True when that is the public registry of the ecosystem. */
  readonly isPublicRegistry: boolean;
  /** Why its name may not be sent to public services; undefined when it may. */
  readonly withheld: string | undefined;
  /** The host that the lockfile takes it from, where that is another than its registry's. */
  readonly downloadedFrom?: string | undefined;
}

/** What has been used, and how old it is. */
export interface SourceStatus {
  readonly name: string;
  /** Milliseconds since the epoch; undefined when it never answered. */
  readonly asOf: number | undefined;
  readonly complete: boolean;
  /** What went wrong last, in words; undefined when nothing did. */
  readonly trouble: string | undefined;
}

/**
 * What is known now, read synchronously from stored answers. Nothing here waits for the network.
 * `revision` grows whenever an answer may have changed.
 */
export interface Knowledge {
  readonly revision: number;
  /** Says that {@link Knowledge.advisories} will be asked after all of these next, which is faster when it is known. */
  expect(subjects: readonly Subject[]): void;
  advisories(subject: Subject): Evidence<readonly AdvisoryMatch[]>;
  /** The matches among the records at hand. An empty answer says nothing: ask {@link Knowledge.advisories} whether all were looked at. */
  knownMatches(subject: Subject): readonly AdvisoryMatch[];
  registryPackage(subject: Pick<Subject, 'ecosystem' | 'name' | 'registry'>): Evidence<RegistryPackage>;
  signature(subject: Subject): Evidence<SignatureEvidence>;
  /** What the registry said of this version when its signature was checked; undefined when it was not. */
  release(subject: Subject): Release | undefined;
  /** `repository` is `github.com/owner/name`. */
  scorecard(repository: string): Evidence<Scorecard>;
  kev(cves: readonly string[]): KevEntry | undefined;
  /** The highest of the scores that are known. */
  epss(cves: readonly string[]): Epss | undefined;
  sources(): readonly SourceStatus[];
}

/** The side of knowledge that asks the world. */
export interface Learner {
  /** Verifies what is stored about the signatures of these packages. Asks nobody. Rejects only when aborted. */
  recall(subjects: readonly Subject[], signal: AbortSignal): Promise<void>;
  /**
   * As {@link Learner.refresh}, for signatures and attestations alone: it asks the packages' registries, the repository of
   * trust material, and nobody else. Of direct dependencies also how their versions were published so far.
   */
  verify(request: VerifyRequest, signal: AbortSignal): Promise<void>;
  /**
   * Asks what is missing or stale for these packages, direct dependencies first, and calls `onChange` as answers arrive.
   * Resolves when nothing more can be learned now; what failed is known as unknown. Rejects only when aborted.
   */
  refresh(request: RefreshRequest, signal: AbortSignal): Promise<void>;
  /**
   * Asks all there is to know of one package in every version (its registry document, the advisories by name), so that
   * {@link Knowledge.advisories} answers for versions that are not installed.
   */
  learn(subject: Subject, access: RegistryPolicy, signal: AbortSignal): Promise<void>;
}

export type VerifyRequest = Pick<RefreshRequest, 'direct' | 'transitive' | 'policy' | 'force' | 'onProgress'>;

/** Of which packages the signatures are looked up. */
export type SignatureScope = 'none' | 'direct' | 'all';

export interface RefreshRequest {
  readonly direct: readonly Subject[];
  readonly transitive: readonly Subject[];
  readonly policy: RegistryPolicy;
  /** True to ask again for what is still fresh. */
  readonly force: boolean;
  readonly signatures: SignatureScope;
  readonly health: boolean;
  /** True to ask for the scores of the vulnerabilities that are found. */
  readonly epss?: boolean;
  /** Called with how far it is: numbers of look-ups. */
  readonly onProgress: (done: number, total: number) => void;
}

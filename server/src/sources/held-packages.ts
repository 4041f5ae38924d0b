import { known, unknown, type Evidence, type SignatureEvidence } from '../core/evidence.ts';
import type { Subject } from '../core/knowledge.ts';
import type { RegistryPackage } from '../core/registry-package.ts';
import { verifyRegistrySignature } from '../evidence/npm-signature.ts';
import type { TrustedKey } from '../evidence/trust/trusted-keys.ts';
import type { AnswerCache } from './answer-cache.ts';
import { packageLookup } from './failures.ts';
import { registryLabel } from './hosts.ts';

export type PackageKey = Pick<Subject, 'ecosystem' | 'name' | 'registry'>;

export interface HeldPackagesOptions {
  readonly cache: AnswerCache;
  readonly trustedKeys: () => readonly TrustedKey[];
  readonly isPublic: (subject: PackageKey) => boolean;
  /** Why nothing is stored under a key of failures.ts. */
  readonly notAnswered: (key: string) => Evidence<never>;
}

interface HeldPackage {
  readonly evidence: Evidence<RegistryPackage>;
  /** By version and lockfile hash: a verification takes longer than all the rest of a look-up. */
  readonly signatures: Map<string, Evidence<SignatureEvidence>>;
}

/** Decoded answers of registries, and the signatures that were verified with them. */
export class HeldPackages {
  readonly #options: HeldPackagesOptions;
  readonly #held = new Map<string, HeldPackage>();
  #keys: readonly TrustedKey[] | undefined;

  constructor(options: HeldPackagesOptions) {
    this.#options = options;
  }

  registryPackage(subject: PackageKey): Evidence<RegistryPackage> {
    return this.#get(subject).evidence;
  }

  signature(subject: Subject): Evidence<SignatureEvidence> {
    const { evidence, signatures } = this.#get(subject);
    if (!evidence.known) return evidence;
    const key = `${subject.version}\n${subject.integrity ?? ''}`;
    const held = signatures.get(key);
    if (held !== undefined) return held;
    const version = evidence.value.versions.find((candidate) => candidate.version === subject.version);
    if (version === undefined) {
      return unknown('not-found', `${evidence.source} does not list ${subject.name} ${subject.version}`);
    }
    const verdict = verifyRegistrySignature({
      name: subject.name,
      version: subject.version,
      lockIntegrity: subject.integrity,
      registryIntegrity: version.integrity,
      signatures: version.signatures,
      publishedAt: version.publishedAt,
      keys: (this.#keys ??= this.#options.trustedKeys()),
      registryIsPublic: this.#options.isPublic(subject),
    });
    const result = known(verdict, evidence.source, evidence.asOf);
    signatures.set(key, result);
    return result;
  }

  *held(): Iterable<Evidence<RegistryPackage>> {
    for (const { evidence } of this.#held.values()) yield evidence;
  }

  forget(key: string): void {
    this.#held.delete(key);
  }

  clear(): void {
    this.#held.clear();
  }

  #get(subject: PackageKey): HeldPackage {
    const key = packageLookup(subject.registry, subject.name);
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    const { cache, isPublic, notAnswered } = this.#options;
    const stored = cache.registryPackage(subject.registry, subject.name);
    if (stored === undefined) return { evidence: notAnswered(key), signatures: new Map() };
    const label = registryLabel({ registry: subject.registry, isPublicRegistry: isPublic(subject) });
    const evidence: Evidence<RegistryPackage> =
      stored.value === 'missing'
        ? unknown('not-found', `${label} has no package ${subject.name}`)
        : known(stored.value, label, stored.fetchedAt);
    const made: HeldPackage = { evidence, signatures: new Map() };
    this.#held.set(key, made);
    return made;
  }
}

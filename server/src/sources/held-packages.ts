import { known, unknown, type Evidence } from '../core/evidence.ts';
import type { Subject } from '../core/knowledge.ts';
import type { RegistryPackage } from '../core/registry-package.ts';
import type { AnswerCache } from './answer-cache.ts';
import { packageLookup } from './failures.ts';
import { registryLabel } from './hosts.ts';

export type PackageKey = Pick<Subject, 'ecosystem' | 'name' | 'registry'>;

export interface HeldPackagesOptions {
  readonly cache: AnswerCache;
  readonly isPublic: (subject: PackageKey) => boolean;
  /** Why nothing is stored under a key of failures.ts. */
  readonly notAnswered: (key: string) => Evidence<never>;
}

/** Decoded answers of registries. */
export class HeldPackages {
  readonly #options: HeldPackagesOptions;
  readonly #held = new Map<string, Evidence<RegistryPackage>>();

  constructor(options: HeldPackagesOptions) {
    this.#options = options;
  }

  get(subject: PackageKey): Evidence<RegistryPackage> {
    const key = packageLookup(subject.registry, subject.name);
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    const { cache, isPublic, notAnswered } = this.#options;
    const stored = cache.registryPackage(subject.registry, subject.name);
    if (stored === undefined) return notAnswered(key);
    const label = registryLabel({ registry: subject.registry, isPublicRegistry: isPublic(subject) });
    const evidence: Evidence<RegistryPackage> =
      stored.value === 'missing'
        ? unknown('not-found', `${label} has no package ${subject.name}`)
        : known(stored.value, label, stored.fetchedAt);
    this.#held.set(key, evidence);
    return evidence;
  }

  *held(): Iterable<Evidence<RegistryPackage>> {
    yield* this.#held.values();
  }

  forget(key: string): void {
    this.#held.delete(key);
  }

  clear(): void {
    this.#held.clear();
  }
}

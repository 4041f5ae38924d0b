import { field } from '../core/json-fields.ts';
import type { ReadTuf, TufReading } from '../core/ports.ts';
import { trustMaterialOf, type TrustMaterial } from '../evidence/trust/trust-material.ts';
import type { AnswerCache } from './answer-cache.ts';
import { parseStored } from './json-answer.ts';
import { rootVersionOf } from './tuf-reading.ts';

/** Where trust material comes from. */
export interface TrustSource {
  /** What there is before anybody was asked. */
  readonly initial: () => TrustMaterial;
  /** Absent: nothing newer is asked for. */
  readonly repository?: TrustRepository | undefined;
}

/** A TUF repository that publishes trust material. */
export interface TrustRepository {
  /** The text of the root metadata that all trust in it begins with. */
  readonly root: () => string;
  /** The name of the target that holds the npm registry's keys. */
  readonly keysTarget: string;
  readonly read: ReadTuf;
}

const ROOT_TARGET = 'trusted_root.json';

/** The names of the targets that make up the material. */
export function trustTargets({ keysTarget }: TrustRepository): readonly string[] {
  return [ROOT_TARGET, keysTarget];
}

/** The material that everything is verified against now: the newest that is at hand. */
export class HeldTrust {
  readonly repository: TrustRepository | undefined;
  readonly #initial: TrustSource['initial'];
  readonly #cache: AnswerCache;
  #current: TrustMaterial | undefined;

  constructor({ initial, repository }: TrustSource, cache: AnswerCache) {
    this.repository = repository;
    this.#initial = initial;
    this.#cache = cache;
  }

  current(): TrustMaterial {
    if (this.#current === undefined) {
      const reading = this.reading();
      this.#current = (reading && this.materialOf(reading)) ?? this.#initial();
    }
    return this.#current;
  }

  /** When the repository gave what is stored, in milliseconds since the epoch. */
  get asOf(): number | undefined {
    return this.repository && this.#cache.trust()?.fetchedAt;
  }

  /** What the repository gave last. A newer version of this program brings a newer root: nothing then rests on the older one. */
  reading(): TufReading | undefined {
    const stored = this.repository && this.#cache.trust()?.value;
    const isOlder = rootVersionOf(stored?.metadata['root.json']) < rootVersionOf(this.repository?.root());
    return isOlder ? undefined : stored;
  }

  /** Undefined when a target cannot be read as what it should be: a newer form is for a newer version of this program. */
  materialOf({ targets }: TufReading): TrustMaterial | undefined {
    const root = parseStored(targets[ROOT_TARGET] ?? '');
    const isRoot = ['certificateAuthorities', 'tlogs', 'ctlogs'].every((name) => Array.isArray(field(root, name)));
    const material = trustMaterialOf(root, parseStored(targets[this.repository?.keysTarget ?? ''] ?? ''));
    return isRoot && material.signatureKeys.length > 0 ? material : undefined;
  }

  /** What is stored is read anew, by whomever it was stored. */
  forget(): void {
    this.#current = undefined;
  }
}

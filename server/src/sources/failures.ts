import type { SourceError, UnknownCode } from '../core/evidence.ts';
import type { Subject } from '../core/knowledge.ts';
import type { HostName } from './hosts.ts';

export interface Failure {
  readonly code: UnknownCode;
  /** One sentence for people. */
  readonly reason: string;
}

/** Which look-ups failed, so that they are told from those that were never made. Held in memory only. */
export class Failures {
  readonly #failures = new Map<string, Failure>();
  readonly #troubles = new Map<HostName, string>();

  note(host: HostName, key: string, error: SourceError): void {
    this.#failures.set(`${host}\n${key}`, { code: error.code, reason: error.message });
    if (!NO_TROUBLE.has(error.code)) this.#troubles.set(host, error.message);
  }

  /** The look-up was answered, so the source is well again. */
  clear(host: HostName, key: string): void {
    this.#failures.delete(`${host}\n${key}`);
    this.#troubles.delete(host);
  }

  of(host: HostName, key: string): Failure | undefined {
    return this.#failures.get(`${host}\n${key}`);
  }

  /** What went wrong last with a source; undefined when it has answered since. */
  troubleOf(host: HostName): string | undefined {
    return this.#troubles.get(host);
  }

  reset(): void {
    this.#failures.clear();
    this.#troubles.clear();
  }
}

/** What was not asked on purpose, or is not there, says nothing against the source. */
const NO_TROUBLE: ReadonlySet<UnknownCode> = new Set(['withheld', 'not-found']);

/** The key of a look-up of advisories. */
export function advisoryLookup(name: string, version: string | undefined): string {
  return `${name}\n${version ?? ''}`;
}

export function packageLookup(registry: string, name: string): string {
  return `${registry}\n${name}`;
}

type Release = Pick<Subject, 'registry' | 'name' | 'version'>;

export function releaseLookup({ registry, name, version }: Release): string {
  return `${registry}\n${name}\n${version}`;
}

export function attestationsLookup(release: Release): string {
  return `attestations\n${releaseLookup(release)}`;
}

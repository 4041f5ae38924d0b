import type { AdvisoryDatabase } from '../core/advisory-database.ts';
import type { AnsweringHosts } from './hosts.ts';

/** What decides who is asked. It may change while the program runs. */
export interface KnowledgeConfiguration {
  /** `off` when the user wants nothing sent, `no-consent` while nobody has said yes. */
  readonly network: 'on' | 'off' | 'no-consent';
  /** `auto`: a complete local database under a day old, else OSV.dev. `offline`: the local database and no stored answers. */
  readonly source: 'auto' | 'online' | 'offline';
  readonly database: AdvisoryDatabase | undefined;
  readonly hosts: AnsweringHosts;
}

/** A local database that is older is asked only where OSV.dev cannot be. */
const DATABASE_FRESH_MS = 24 * 60 * 60_000;

/** What the local database holds of one ecosystem. */
export interface LocalCoverage {
  readonly label: string;
  readonly complete: boolean;
  readonly asOf: number;
}

export function localCoverage(configuration: KnowledgeConfiguration, osvName: string): LocalCoverage | undefined {
  const { database } = configuration;
  const held = database?.info.ecosystems.find(({ name }) => name === osvName);
  if (database === undefined || held === undefined) return undefined;
  return { label: database.info.label, complete: held.complete, asOf: held.asOf };
}

/** True when the local database answers for an ecosystem and OSV.dev is neither asked nor read. */
export function localDecides(
  configuration: KnowledgeConfiguration,
  coverage: LocalCoverage | undefined,
  now: number,
): boolean {
  if (configuration.source === 'offline') return true;
  if (configuration.source === 'online' || coverage?.complete !== true) return false;
  return now - coverage.asOf < DATABASE_FRESH_MS;
}

import type { Evidence } from '../core/evidence.ts';
import type { SourceStatus } from '../core/knowledge.ts';
import type { Failures } from './failures.ts';
import { ANSWERING_HOSTS, SOURCE_LABELS, type AnsweringHost } from './hosts.ts';
import type { KnowledgeConfiguration } from './knowledge-configuration.ts';

/** The local database, ecosystem by ecosystem of those that are read here (by their names in OSV), and then the outside sources with their age and last trouble. */
export function sourceStatuses(
  configuration: KnowledgeConfiguration,
  failures: Failures,
  ecosystems: ReadonlySet<string>,
  asOf: Readonly<Record<AnsweringHost, number | undefined>>,
): readonly SourceStatus[] {
  const info = configuration.database?.info;
  const held = (info?.ecosystems ?? []).filter(({ name }) => ecosystems.has(name));
  const local = held.map(({ asOf: date, complete }) => ({
    name: info?.label ?? '',
    asOf: date,
    complete,
    trouble: undefined,
  }));
  const outside = ANSWERING_HOSTS.map((host) => ({
    name: SOURCE_LABELS[host],
    asOf: asOf[host],
    // Silence of one that was not heard says nothing.
    complete: asOf[host] !== undefined,
    trouble: failures.troubleOf(host),
  }));
  return [...local, ...outside];
}

/** The oldest answer that is in use, since a whole is as old as its oldest part. Milliseconds since the epoch. */
export function oldest(items: Iterable<Evidence<unknown>>, source?: string): number | undefined {
  let result: number | undefined;
  for (const item of items) {
    if (!item.known || (source !== undefined && item.source !== source)) continue;
    if (result === undefined || item.asOf < result) result = item.asOf;
  }
  return result;
}

/** When the oldest of the answers in use was given; undefined when there is none. */
export function oldestOf(answers: Iterable<{ readonly fetchedAt: number }>): number | undefined {
  let result: number | undefined;
  for (const { fetchedAt } of answers) if (result === undefined || fetchedAt < result) result = fetchedAt;
  return result;
}

import type { Advisory, AdvisoryMatch } from '../core/advisory.ts';
import type { Ecosystem } from '../core/ecosystem.ts';
import { known, SourceError, unknown, type Evidence } from '../core/evidence.ts';
import { findAdvisories } from '../core/find-advisories.ts';
import type { Subject } from '../core/knowledge.ts';
import { matchAdvisories } from '../core/match-advisories.ts';
import { mergeAliases, type MatchedAdvisory } from '../core/merge-aliases.ts';
import type { AnswerCache, Dated } from './answer-cache.ts';
import { advisoryLookup, type Failure, type Failures } from './failures.ts';
import { SOURCE_LABELS } from './hosts.ts';
import {
  localCoverage,
  localDecides,
  type KnowledgeConfiguration,
  type LocalCoverage,
} from './knowledge-configuration.ts';
import type { AdvisoryRef } from './osv.ts';

/** What an answer about advisories rests on. */
export interface AdvisoryView {
  readonly configuration: KnowledgeConfiguration;
  readonly cache: AnswerCache;
  readonly failures: Failures;
  readonly now: number;
  /** True while look-ups are under way. */
  readonly busy: boolean;
}

export type Matches = readonly AdvisoryMatch[];

/**
 * What is known of a package's advisories. In this order: the local database where it decides, OSV's answer, an older
 * local database with its age; else unknown, with the reason. A withheld name is looked up in the local database only.
 */
export function advisoryEvidence(view: AdvisoryView, ecosystem: Ecosystem, subject: Subject): Evidence<Matches> {
  try {
    return firstAnswer(view, ecosystem, subject);
  } catch (error) {
    // A damaged database throws where it is read.
    if (error instanceof SourceError) return unknown(error.code, error.message);
    throw error;
  }
}

/** Reads at once what {@link advisoryEvidence} will ask for one by one. */
export function expectAdvisories(view: AdvisoryView, ecosystem: Ecosystem, subjects: readonly Subject[]): void {
  const { configuration, cache, now } = view;
  const { osvName } = ecosystem;
  configuration.database?.expect(
    osvName,
    subjects.map(({ name }) => name),
  );
  if (localDecides(configuration, localCoverage(configuration, osvName), now)) return;
  const open = subjects.filter(({ withheld }) => withheld === undefined);
  const exact = open.map(({ name, version }) => ({ ecosystem: osvName, name, version }));
  const all = [...new Set(open.map(({ name }) => name))].map((name) => ({
    ecosystem: osvName,
    name,
    version: undefined,
  }));
  cache.expectAdvisoryRefs([...exact, ...all]);
}

function firstAnswer(view: AdvisoryView, ecosystem: Ecosystem, subject: Subject): Evidence<Matches> {
  if (subject.version === '') {
    return subject.withheld === undefined ? unknown('no-version', 'the lockfile names no version') : unwilling(subject);
  }
  const coverage = localCoverage(view.configuration, ecosystem.osvName);
  const local = (): Evidence<Matches> | undefined => localEvidence(view, coverage, ecosystem, subject);
  if (subject.withheld !== undefined) {
    // A complete database of public packages is silent on a private name, which is no all-clear.
    return namedLocally(view, ecosystem, subject) ? (local() ?? unwilling(subject)) : unwilling(subject);
  }
  if (localDecides(view.configuration, coverage, view.now)) return local() ?? notInSample(coverage);
  const online = onlineEvidence(view, ecosystem, subject);
  const asking = view.configuration.network === 'on';
  if (online !== undefined) {
    const older = coverage?.complete === true && online.known && !asking && coverage.asOf > online.asOf;
    return older ? (local() ?? online) : online;
  }
  if (coverage?.complete === true || !asking) {
    const fallback = local();
    if (fallback !== undefined) return fallback;
  }
  return notAnswered(view, coverage, ecosystem, subject);
}

/** The matches among all records at hand, local and stored, whether or not they make an answer. */
export function matchesAtHand(view: AdvisoryView, ecosystem: Ecosystem, subject: Subject): Matches {
  const { database, source } = view.configuration;
  const id = { ...subject, ecosystem: ecosystem.osvName };
  const local =
    database === undefined
      ? NO_MATCHES
      : (readable(() => findAdvisories(database, id, ecosystem.versions)) ?? NO_MATCHES);
  if (subject.withheld !== undefined || source === 'offline') return local;
  const stored = storedRefs(view, ecosystem, subject);
  if (stored === undefined) return local;
  const online = onlineMatches(view, ecosystem, subject, stored).matches;
  const seen = new Set(online.flatMap((match) => [match.advisory.id, ...match.aliases]));
  return [...online, ...local.filter((match) => ![match.advisory.id, ...match.aliases].some((id) => seen.has(id)))];
}

function localEvidence(
  view: AdvisoryView,
  coverage: LocalCoverage | undefined,
  ecosystem: Ecosystem,
  subject: Subject,
): Evidence<Matches> | undefined {
  const { database } = view.configuration;
  if (database === undefined || coverage === undefined) return undefined;
  if (!coverage.complete && !namedLocally(view, ecosystem, subject)) return undefined;
  const matches = findAdvisories(database, { ...subject, ecosystem: ecosystem.osvName }, ecosystem.versions);
  return known(matches, coverage.label, coverage.asOf);
}

function namedLocally(view: AdvisoryView, ecosystem: Ecosystem, subject: Subject): boolean {
  return (view.configuration.database?.affected(ecosystem.osvName, subject.name).length ?? 0) > 0;
}

function onlineEvidence(view: AdvisoryView, ecosystem: Ecosystem, subject: Subject): Evidence<Matches> | undefined {
  const stored = storedRefs(view, ecosystem, subject);
  if (stored === undefined) return undefined;
  const { matches, missing, unread } = onlineMatches(view, ecosystem, subject, stored);
  if (missing > 0 && view.busy) {
    return unknown('pending', `${missing === 1 ? 'an advisory is' : `${missing} advisories are`} being read`);
  }
  // Whether an advisory affects this version stands in its text, unless OSV was asked for the version.
  if (unread !== undefined && !stored.exact) return unknown(unread.code, unread.reason);
  return known(matches, SOURCE_LABELS.osv, stored.fetchedAt);
}

interface StoredRefs extends Dated<readonly AdvisoryRef[]> {
  /** True when OSV was asked for this very version, so that each advisory affects it. */
  readonly exact: boolean;
}

/** The newer of the answers for this version and for the package in every version. */
function storedRefs(view: AdvisoryView, ecosystem: Ecosystem, subject: Subject): StoredRefs | undefined {
  const query = { ecosystem: ecosystem.osvName, name: subject.name };
  const exact = view.cache.advisoryRefs({ ...query, version: subject.version });
  if (exact !== undefined && view.cache.isFresh('osv', exact.fetchedAt)) return { ...exact, exact: true };
  const all = view.cache.advisoryRefs({ ...query, version: undefined });
  if (all !== undefined && all.fetchedAt > (exact?.fetchedAt ?? 0)) return { ...all, exact: false };
  return exact === undefined ? undefined : { ...exact, exact: true };
}

function onlineMatches(
  view: AdvisoryView,
  ecosystem: Ecosystem,
  subject: Subject,
  stored: StoredRefs,
): { readonly matches: Matches; readonly missing: number; readonly unread: Failure | undefined } {
  if (stored.value.length === 0) return { matches: NO_MATCHES, missing: 0, unread: undefined };
  const matched: MatchedAdvisory[] = [];
  let missing = 0;
  let unread: Failure | undefined;
  for (const ref of stored.value) {
    const record = view.cache.record(ref);
    if (record === undefined) {
      const failure = view.failures.of('osv', ref.id);
      if (failure === undefined) missing++;
      unread ??= failure ?? { code: 'not-asked', reason: `${ref.id} has not been read yet` };
      // OSV says that it affects this version. That is worth telling when its text will not come.
      const stand = localRecord(view, ecosystem, subject, ref.id);
      if (stored.exact && stand !== undefined) matched.push(stand);
      else if (stored.exact && (failure !== undefined || !view.busy)) {
        matched.push({ advisory: unreadAdvisory(ref, failure?.reason), affected: [] });
      }
      continue;
    }
    if (record.withdrawn !== undefined) continue;
    const affected = record.affected.filter(
      (entry) => entry.ecosystem === ecosystem.osvName && entry.name === subject.name,
    );
    const ranges = affected.map((entry) => ({ id: ref.id, affected: entry }));
    // Without ranges that can be read there is OSV's own word only.
    if (ranges.length === 0) unread ??= { code: 'bad-answer', reason: `the versions of ${ref.id} cannot be read` };
    const affects =
      ranges.length === 0 ? stored.exact : matchAdvisories(subject.version, ranges, ecosystem.versions).length > 0;
    if (affects) matched.push({ advisory: record.advisory, affected });
  }
  return { matches: mergeAliases(subject.version, matched, ecosystem.versions), missing, unread };
}

/** The local database's copy of an advisory whose text OSV has not answered yet. */
function localRecord(
  { configuration: { database } }: AdvisoryView,
  ecosystem: Ecosystem,
  subject: Subject,
  id: string,
): MatchedAdvisory | undefined {
  return readable(() => {
    const advisory = database?.advisory(id);
    if (database === undefined || advisory === undefined) return undefined;
    const entries = database.affected(ecosystem.osvName, subject.name).filter((entry) => entry.id === id);
    return { advisory, affected: entries.map(({ affected }) => affected) };
  });
}

/** Undefined where the database is damaged. Only for what adds to an answer: alone it would look like safety. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

const NO_MATCHES: Matches = [];

function unreadAdvisory(ref: AdvisoryRef, reason: string | undefined): Advisory {
  const malware = ref.id.startsWith('MAL-');
  return {
    id: ref.id,
    kind: malware ? 'malware' : 'vulnerability',
    aliases: [],
    modified: ref.modified,
    published: undefined,
    summary: `its text was not read${reason === undefined ? '' : `: ${reason}`}`,
    severity: malware ? 'malware' : 'unknown',
    cvss: undefined,
    cwes: [],
    references: [],
  };
}

function unwilling(subject: Subject): Evidence<never> {
  return unknown('withheld', subject.withheld ?? 'private');
}

function notInSample(coverage: LocalCoverage | undefined): Evidence<never> {
  if (coverage === undefined) return unknown('offline', 'there is no local advisory database for it');
  return unknown('not-in-sample', `not in the sample ${coverage.label}`);
}

function notAnswered(
  view: AdvisoryView,
  coverage: LocalCoverage | undefined,
  ecosystem: Ecosystem,
  subject: Subject,
): Evidence<never> {
  const { network } = view.configuration;
  if (network !== 'on') {
    if (coverage !== undefined) return notInSample(coverage);
    return network === 'off'
      ? unknown('offline', 'offline, and there is no local advisory database')
      : unknown('not-asked', `${SOURCE_LABELS.osv} is asked only if you agree`);
  }
  const failure = view.failures.of('osv', advisoryLookup(subject.name, subject.version));
  if (failure !== undefined) return unknown(failure.code, failure.reason);
  if (!isAskable(ecosystem, subject)) return unknown('no-version', 'its name or version cannot be looked up');
  if (view.busy) return unknown('pending', `${SOURCE_LABELS.osv} is being asked`);
  return unknown('not-asked', `${SOURCE_LABELS.osv} has not been asked yet`);
}

/** OSV rejects a whole batch for one query that it cannot read, so what is no name or version is not sent. */
export function isAskable(ecosystem: Ecosystem, subject: Subject): boolean {
  return (
    /^[\x21-\x7e]{1,214}$/.test(subject.name) &&
    subject.version.length <= 256 &&
    ecosystem.versions.isVersion(subject.version)
  );
}

import type { AdvisoryMatch } from '../core/advisory.ts';
import type { Knowledge, Subject } from '../core/knowledge.ts';
import type { RegistryVersion } from '../core/registry-package.ts';
import type { UpgradeStep, VersionScheme } from '../core/version-scheme.ts';
import { STEP_SIZES } from './upgrade-steps.ts';

/** What is asked of the planner for one dependency. */
export interface UpgradeQuestion {
  /** The installed version. */
  readonly subject: Subject;
  /** The declared range; undefined when the specifier has none. */
  readonly range: string | undefined;
  /** What affects the installed version. */
  readonly matches: readonly AdvisoryMatch[];
  /** What other packages and the runtime must allow; undefined when the candidate fits, else a sentence. */
  readonly conflict: (candidate: RegistryVersion) => string | undefined;
  /** No step is larger than this one; undefined allows all. */
  readonly largest?: UpgradeStep | undefined;
}

/** A version to go to. */
export interface UpgradeCandidate {
  readonly version: string;
  readonly step: UpgradeStep | undefined;
  /** A major step, or a minor one below 1.0.0, may break. */
  readonly breaking: boolean;
  /** Within the declared range: the manifest's line allows it already. */
  readonly inRange: boolean;
  readonly clears: readonly string[];
  readonly leaves: readonly string[];
  /** True when the registry has it, not deprecated, and every advisory about the package was looked at. */
  readonly verified: boolean;
}

/** The smallest step that clears everything or as much as can be, and the breaking one apart. */
export interface UpgradePlan {
  readonly smallest: UpgradeCandidate | undefined;
  /** Set when only a breaking step clears more than the smallest one. */
  readonly major: UpgradeCandidate | undefined;
}

/**
 * The smallest version with no known advisory, within the range if there is one, else within the major, and the major
 * step apart. From what is known now: the registry's list when it is at hand, else the fixed versions that the advisories
 * name. A version that is deprecated or a prerelease is not considered, unless the installed one is so too.
 */
export function planUpgrade(question: UpgradeQuestion, knowledge: Knowledge, versions: VersionScheme): UpgradePlan {
  const { subject, matches } = question;
  if (matches.length === 0 || subject.version === '') return { smallest: undefined, major: undefined };
  const gentle: UpgradeCandidate[] = [];
  const breaking: UpgradeCandidate[] = [];
  let hasClean = false;
  // Ascending, and no further than the first that leaves nothing: a package may have thousands of versions.
  for (const version of candidateVersions(question, knowledge, versions)) {
    // Behind it only a version that the line allows already would be better.
    if (hasClean && !isInRange(version, question, versions)) continue;
    const candidate = judge(version, question, knowledge, versions);
    // What clears one advisory and brings another mends nothing.
    if (candidate.leaves.length < matches.length) (candidate.breaking ? breaking : gentle).push(candidate);
    hasClean ||= candidate.leaves.length === 0;
    if (candidate.breaking ? hasClean : candidate.leaves.length === 0 && candidate.inRange) break;
  }
  const smallest = best(
    gentle.filter(({ inRange }) => inRange),
    gentle,
  );
  const remaining = smallest?.leaves.length ?? matches.length;
  const major = remaining === 0 ? undefined : fewestLeft(breaking);
  return { smallest, major: major && major.leaves.length < remaining ? major : undefined };
}

/** In the range when that clears as much as any gentle step does. */
function best(inRange: readonly UpgradeCandidate[], gentle: readonly UpgradeCandidate[]): UpgradeCandidate | undefined {
  const near = fewestLeft(inRange);
  const far = fewestLeft(gentle);
  return near && far && near.leaves.length <= far.leaves.length ? near : far;
}

/** The lowest version among those that leave the fewest advisories. Candidates come in ascending order. */
function fewestLeft(candidates: readonly UpgradeCandidate[]): UpgradeCandidate | undefined {
  let found: UpgradeCandidate | undefined;
  for (const candidate of candidates) {
    if (found === undefined || candidate.leaves.length < found.leaves.length) found = candidate;
    if (found.leaves.length === 0) break;
  }
  return found;
}

function candidateVersions(
  { subject, matches, conflict, largest }: UpgradeQuestion,
  knowledge: Knowledge,
  versions: VersionScheme,
): Iterable<string> {
  const isLater = (version: string): boolean =>
    versions.compare(version, subject.version) > 0 &&
    (largest === undefined || isWithin(versions.step(subject.version, version), largest));
  const allowsPrerelease = versions.isPrerelease(subject.version);
  const isStable = (version: string): boolean => allowsPrerelease || !versions.isPrerelease(version);
  const answer = knowledge.registryPackage(subject);
  if (answer.known) {
    const { versions: published } = answer.value;
    const installed = published.find(({ version }) => version === subject.version);
    const allowsDeprecated = installed?.deprecated !== undefined;
    return publishedAfter(published, (item) => {
      if (item.deprecated !== undefined && !allowsDeprecated) return false;
      return isStable(item.version) && isLater(item.version) && conflict(item) === undefined;
    });
  }
  const fixed = new Set(matches.flatMap((match) => (match.fixed === undefined ? [] : [match.fixed])));
  return [...fixed].filter((version) => isStable(version) && isLater(version)).sort((a, b) => versions.compare(a, b));
}

function isWithin(step: UpgradeStep | undefined, largest: UpgradeStep): boolean {
  return step !== undefined && STEP_SIZES.indexOf(step) <= STEP_SIZES.indexOf(largest);
}

/** One at a time, so that what is never reached is never looked at. */
function* publishedAfter(
  published: readonly RegistryVersion[],
  isCandidate: (version: RegistryVersion) => boolean,
): Generator<string> {
  for (const item of published) if (isCandidate(item)) yield item.version;
}

function isInRange(version: string, { range }: UpgradeQuestion, versions: VersionScheme): boolean {
  return range !== undefined && versions.satisfies(version, range);
}

function judge(
  version: string,
  question: UpgradeQuestion,
  knowledge: Knowledge,
  versions: VersionScheme,
): UpgradeCandidate {
  const { subject, matches } = question;
  const target: Subject = { ...subject, version, integrity: undefined };
  const evidence = knowledge.advisories(target);
  const leaves = evidence.known
    ? evidence.value.map(({ advisory }) => advisory.id)
    : proposedLeaves(version, matches, knowledge.knownMatches(target), versions);
  const step = versions.step(subject.version, version);
  return {
    version,
    step,
    breaking: isBreaking(subject.version, step),
    inRange: isInRange(version, question, versions),
    clears: matches.map(({ advisory }) => advisory.id).filter((id) => !leaves.includes(id)),
    leaves,
    verified: evidence.known && knowledge.registryPackage(subject).known,
  };
}

/** As long as nobody was asked about the version itself: what is at hand, and what is fixed later than that version only. */
function proposedLeaves(
  version: string,
  matches: readonly AdvisoryMatch[],
  atHand: readonly AdvisoryMatch[],
  versions: VersionScheme,
): string[] {
  const later = matches.filter(({ fixed }) => fixed === undefined || versions.compare(version, fixed) < 0);
  return [...new Set([...atHand, ...later].map(({ advisory }) => advisory.id))];
}

/** Below 1.0.0 a minor step may break, as Semantic Versioning 2.0.0 §4 and the caret range say. */
export function isBreaking(from: string, step: UpgradeStep | undefined): boolean {
  return step === 'major' || step === undefined || (step === 'minor' && from.startsWith('0.'));
}

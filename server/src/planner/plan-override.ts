import type { RegistryNeeds, RegistryVersion } from '../core/registry-package.ts';
import type { OverrideParent, OverrideRule } from '../core/transitive-dialect.ts';
import { judgeTree } from './judge-tree.ts';
import { isBreaking } from './plan-upgrade.ts';
import { rangesFor } from './plan-refresh.ts';
import { possibleTree } from './possible-tree.ts';
import type { AffectedPackage, Planned, TransitiveFix, TransitiveWorld } from './transitive-world.ts';

export interface OverrideFix extends TransitiveFix {
  readonly rules: readonly OverrideRule[];
}

/** Trees that are looked at for one package. Versions that ask for the same share one. */
const MAX_TREES = 20;

/** The lowest version without an advisory that a rule could put in the place of the installed one, whatever is asked for. */
export function planOverride(affected: AffectedPackage, world: TransitiveWorld): Planned<OverrideFix> {
  const { subject } = affected;
  const rules = (to: string): readonly OverrideRule[] => rulesFor(affected, to, world);
  if (world.isOverridden(subject.name)) return { fix: undefined, unknown: [] };
  const registry = world.registryPackage(subject.name);
  if (registry === undefined) {
    const fix = proposedFix(affected, world);
    return { fix: fix && { ...fix, rules: rules(fix.to) }, unknown: [subject] };
  }
  const refused = new Set<RegistryNeeds>();
  for (const candidate of registry.versions) {
    if (!isCandidate(candidate, affected, world) || refused.has(candidate.needs)) continue;
    if (refused.size >= MAX_TREES) break;
    const fix = fixAt(candidate.version, affected, world);
    if (fix !== undefined) return { fix: { ...fix, rules: rules(fix.to) }, unknown: [] };
    refused.add(candidate.needs);
  }
  return { fix: undefined, unknown: [] };
}

function isCandidate(
  candidate: RegistryVersion,
  { subject, matches }: AffectedPackage,
  { versions, knowledge, subjectOf, conflict }: TransitiveWorld,
): boolean {
  const { version } = candidate;
  if (versions.compare(version, subject.version) <= 0 || candidate.deprecated !== undefined) return false;
  if (versions.isPrerelease(version) && !versions.isPrerelease(subject.version)) return false;
  const evidence = knowledge.advisories(subjectOf({ name: subject.name, version }));
  const isClean = evidence.known
    ? evidence.value.length === 0
    : matches.every(({ fixed }) => fixed !== undefined && versions.compare(version, fixed) >= 0);
  return isClean && conflict(candidate, subject.name) === undefined;
}

function fixAt(version: string, affected: AffectedPackage, world: TransitiveWorld): TransitiveFix | undefined {
  const { subject, matches } = affected;
  const tree = possibleTree([{ name: subject.name, version }], world);
  const verdict = judgeTree(tree, matches, world);
  if (verdict.refusal !== undefined) return undefined;
  return { ...plainFix(affected, version, world), brings: verdict.brings, unknown: verdict.unknown };
}

/** Before the registry was asked: the version that the advisories say is fixed. */
function proposedFix(affected: AffectedPackage, world: TransitiveWorld): TransitiveFix | undefined {
  const { subject, matches } = affected;
  const { versions } = world;
  const fixed = matches.flatMap((match) => (match.fixed === undefined ? [] : [match.fixed]));
  const to = fixed.sort((a, b) => versions.compare(a, b)).at(-1);
  if (to === undefined || fixed.length < matches.length || versions.compare(to, subject.version) <= 0) return undefined;
  return plainFix(affected, to, world);
}

function plainFix({ subject, matches }: AffectedPackage, to: string, { versions }: TransitiveWorld): TransitiveFix {
  const step = versions.step(subject.version, to);
  return {
    to,
    step,
    breaking: isBreaking(subject.version, step),
    clears: matches.map(({ advisory }) => advisory.id),
    brings: [],
    unknown: [subject],
  };
}

/**
 * As narrow as it can be: the one parent where there is one, else the ranges as they are asked for. Where the package is
 * installed in other versions too, whose ranges may overlap, or a manifest names it, each parent gets a rule of its own.
 */
function rulesFor(affected: AffectedPackage, to: string, world: TransitiveWorld): OverrideRule[] {
  const { subject, entries } = affected;
  const parents = parentsOf(entries, world);
  const isAlone = world.entriesOf(subject.name).length === entries.length;
  const isNamed = world.entriesOf(subject.name).some((entry) => world.routes.isDirect(entry));
  const mayBeForAll = isAlone && !isNamed;
  const rule = { package: subject.name, to, parent: undefined, range: undefined, mayBeForAll };
  if (parents.length === 1 || !mayBeForAll) return parents.map((parent) => ({ ...rule, parent }));
  const { ranges, unknown } = rangesFor(affected, world);
  if (unknown.length > 0 || ranges.length === 0) return [rule];
  return ranges.map(({ kind, wanted }) => ({ ...rule, range: kind === 'range' ? wanted : undefined }));
}

function parentsOf(entries: readonly number[], { routes, lockfile, entriesOf }: TransitiveWorld): OverrideParent[] {
  const parents = new Map<string, OverrideParent>();
  for (const dependent of new Set(entries.flatMap((entry) => [...routes.parentsOf(entry)]))) {
    const entry = lockfile.entries[dependent];
    if (entry === undefined) continue;
    const isOnlyVersion = entriesOf(entry.name).every((other) => lockfile.entries[other]?.version === entry.version);
    const version = isOnlyVersion ? undefined : entry.version;
    parents.set(`${entry.name}@${version ?? ''}`, { name: entry.name, version });
  }
  return [...parents.values()];
}

import type { RegistryPackage, RegistryVersion } from '../core/registry-package.ts';
import type { RegistryRequest } from '../core/transitive-dialect.ts';
import { judgeTree } from './judge-tree.ts';
import { isBreaking } from './plan-upgrade.ts';
import { possibleTree, requestsOf, type NamedVersion } from './possible-tree.ts';
import type { AffectedPackage, Planned, TransitiveFix, TransitiveWorld } from './transitive-world.ts';

export interface Refresh extends TransitiveFix {
  /** Set when the lockfile alone can be changed, since all that the version needs is in its place already. */
  readonly inLockfile: RegistryVersion | undefined;
}

/** A fixed version inside every range that asks for the package. Nothing but the lockfile has to change for it. */
export function planRefresh(affected: AffectedPackage, world: TransitiveWorld): Planned<Refresh> {
  const { subject } = affected;
  const registry = world.registryPackage(subject.name);
  const { ranges, unknown, isClosed } = rangesFor(affected, world);
  if (!isClosed || world.isOverridden(subject.name)) return { fix: undefined, unknown: [] };
  const missing = registry === undefined ? [subject] : [];
  if (unknown.length > 0 || registry === undefined) {
    const dependents = unknown.map((item) => world.subjectOf(item));
    return { fix: undefined, unknown: [...missing, ...dependents] };
  }
  const inLockfile = lockVersion(affected, registry, ranges, world);
  if (inLockfile !== undefined) {
    const fix = fixOf(affected, [inLockfile.version], world);
    if (fix !== undefined) return { fix: { ...fix, inLockfile }, unknown: [] };
  }
  // The package manager takes the newest of each range.
  const fetched = ranges.flatMap((range) => world.fresh(range, registry));
  const isLater = fetched.every((version) => world.versions.compare(version, subject.version) > 0);
  const isInAll = fetched.every((version) => ranges.every((range) => isInside(version, range, world)));
  const fix = fetched.length > 0 && isLater && isInAll ? fixOf(affected, [...new Set(fetched)], world) : undefined;
  return { fix: fix && { ...fix, inLockfile: undefined }, unknown: [] };
}

interface AskedRanges {
  readonly ranges: readonly RegistryRequest[];
  /** Dependents whose manifest must be looked up first. */
  readonly unknown: readonly NamedVersion[];
  /** False when something asks for it in a way that no registry tells. */
  readonly isClosed: boolean;
}

/** Who asks for the package, and for what: the manifests that were published of its dependents, and those of the workspace. */
export function rangesFor({ subject, entries }: AffectedPackage, world: TransitiveWorld): AskedRanges {
  const ranges = new Map<string, RegistryRequest>();
  const unknown: NamedVersion[] = [];
  let isClosed = true;
  const note = (name: string, specifier: string): boolean => {
    const request = world.request(name, specifier);
    if (request?.packageName !== subject.name) return false;
    ranges.set(`${request.kind} ${request.wanted}`, request);
    return true;
  };
  for (const dependent of dependentsOf(entries, world)) {
    const entry = world.lockfile.entries[dependent];
    const registry = entry?.source === 'registry' ? world.registryPackage(entry.name) : undefined;
    if (entry?.source !== 'registry') isClosed = false;
    else if (registry === undefined) unknown.push(entry);
    const version = registry?.versions.find((candidate) => candidate.version === entry?.version);
    // The lockfile says that it asks, so a manifest that names no range is not the whole truth.
    const asked = (version === undefined ? [] : requestsOf(version)).filter((request) => note(...request));
    if (registry !== undefined && asked.length === 0) isClosed = false;
  }
  for (const { dependencies } of world.lockfile.importers) {
    for (const { name, specifier, entry } of dependencies) {
      if (!entries.includes(entry)) continue;
      if (specifier === undefined || world.request(name, specifier) === undefined) isClosed = false;
      else note(name, specifier);
    }
  }
  return { ranges: [...ranges.values()], unknown, isClosed };
}

function dependentsOf(entries: readonly number[], { routes }: TransitiveWorld): Set<number> {
  return new Set(entries.flatMap((entry) => [...routes.parentsOf(entry)]));
}

function fixOf(
  { subject, matches }: AffectedPackage,
  targets: readonly string[],
  world: TransitiveWorld,
): TransitiveFix | undefined {
  const to = targets.at(-1) ?? '';
  const published = world.registryPackage(subject.name)?.versions ?? [];
  const isUsable = targets.every((target) => {
    const found = published.find(({ version }) => version === target);
    return found !== undefined && isAllowed(found, subject.name, world);
  });
  const tree = possibleTree(
    targets.map((version) => ({ name: subject.name, version })),
    world,
  );
  const verdict = judgeTree(tree, matches, world);
  if (!isUsable || verdict.refusal !== undefined || isAnyAffected(subject.name, targets, matches, world))
    return undefined;
  const step = world.versions.step(subject.version, to);
  return {
    to,
    step,
    breaking: isBreaking(subject.version, step),
    clears: matches.map(({ advisory }) => advisory.id),
    brings: verdict.brings,
    unknown: verdict.unknown,
  };
}

/** Also of versions that are installed beside the affected one, which no tree counts as added. */
function isAnyAffected(
  name: string,
  targets: readonly string[],
  matches: AffectedPackage['matches'],
  { knowledge, subjectOf, versions }: TransitiveWorld,
): boolean {
  return targets.some((version) => {
    const evidence = knowledge.advisories(subjectOf({ name, version }));
    if (evidence.known) return evidence.value.length > 0;
    return matches.some(({ fixed }) => fixed === undefined || versions.compare(version, fixed) < 0);
  });
}

function isAllowed(candidate: RegistryVersion, name: string, world: TransitiveWorld): boolean {
  return candidate.deprecated === undefined && world.conflict(candidate, name) === undefined;
}

function isInside(version: string, { kind, wanted }: RegistryRequest, { versions }: TransitiveWorld): boolean {
  return kind === 'range' && versions.satisfies(version, wanted);
}

/** The lowest version that can take the place of the installed one in the lockfile, with nothing else to change. */
function lockVersion(
  affected: AffectedPackage,
  { versions: published }: RegistryPackage,
  ranges: readonly RegistryRequest[],
  world: TransitiveWorld,
): RegistryVersion | undefined {
  const { subject, entries, matches } = affected;
  const installed = published.find(({ version }) => version === subject.version);
  if (installed === undefined) return undefined;
  return published.find(
    (candidate) =>
      world.versions.compare(candidate.version, subject.version) > 0 &&
      (!world.versions.isPrerelease(candidate.version) || world.versions.isPrerelease(subject.version)) &&
      ranges.every((range) => isInside(candidate.version, range, world)) &&
      candidate.integrity !== undefined &&
      candidate.tarball !== undefined &&
      candidate.lockTraits === installed.lockTraits &&
      isAllowed(candidate, subject.name, world) &&
      entries.every((entry) => isMet(candidate, installed, entry, world)) &&
      !isAnyAffected(subject.name, [candidate.version], matches, world),
  );
}

/** True when the entry has the same dependencies by name, and those that are installed are inside the new ranges. */
function isMet(candidate: RegistryVersion, installed: RegistryVersion, at: number, world: TransitiveWorld): boolean {
  if (candidate.needs === installed.needs) return true;
  const { entries } = world.lockfile;
  const named = (version: RegistryVersion): string =>
    [Object.keys(version.needs.dependencies).sort(), Object.keys(version.needs.optionalDependencies).sort()].join('\n');
  if (named(candidate) !== named(installed)) return false;
  const edges = (entries[at]?.edges ?? []).flatMap((edge) => entries[edge] ?? []);
  return requestsOf(candidate).every(([name, specifier]) => {
    const request = world.request(name, specifier);
    const met = edges.filter((edge) => edge.name === request?.packageName);
    return request !== undefined && met.length > 0 && met.every(({ version }) => isInside(version, request, world));
  });
}

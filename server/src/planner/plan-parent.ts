import type { Subject } from '../core/knowledge.ts';
import type { RegistryNeeds, RegistryPackage, RegistryVersion } from '../core/registry-package.ts';
import { judgeTree } from './judge-tree.ts';
import { isBreaking } from './plan-upgrade.ts';
import { possibleTree, requestsOf } from './possible-tree.ts';
import type { AffectedPackage, Planned, TransitiveFix, TransitiveWorld } from './transitive-world.ts';

/** A direct dependency, and the affected packages that it brings in. */
export interface ParentQuestion {
  readonly subject: Subject;
  /** The name as the manifest writes it. */
  readonly name: string;
  /** The range that the line would ask for with a version; undefined when its form cannot be changed. */
  readonly rangeFor: (version: string) => string | undefined;
  readonly affected: readonly AffectedPackage[];
}

/** Versions whose trees are looked at for one line. */
const MAX_TREES = 40;

/**
 * The smallest bump of a direct dependency whose own tree holds no affected version. The tree is the widest that a package
 * manager may make of the range that would be written, what is installed already included.
 */
export function planParent(question: ParentQuestion, world: TransitiveWorld): Planned<TransitiveFix> {
  const { subject, affected } = question;
  const registry = world.registryPackage(subject.name);
  if (registry === undefined) return { fix: undefined, unknown: [subject] };
  if (!tellsWhatIsInstalled(subject, registry, world)) return { fix: undefined, unknown: [] };
  const avoided = world.routes.reaching(affected.flatMap(({ entries }) => entries));
  const refused = new Set<RegistryNeeds>();
  let looked = 0;
  for (const candidate of registry.versions) {
    if (refused.has(candidate.needs) || !isCandidate(candidate, subject, world)) continue;
    const roots = rootsFor(candidate, question, registry, world);
    if (roots.some(({ needs }) => refused.has(needs))) continue;
    if (++looked > MAX_TREES) break;
    const keeping = roots.find((root) => reachesAny(root, subject.name, avoided, world));
    if (keeping !== undefined) refused.add(keeping.needs);
    const outcome = keeping === undefined ? offer(candidate, roots, question, world) : undefined;
    if (outcome !== undefined) return outcome;
  }
  return { fix: undefined, unknown: [] };
}

/** False where the lockfile has dependencies that the registry does not tell: other versions may have such too. */
function tellsWhatIsInstalled({ name, version }: Subject, registry: RegistryPackage, world: TransitiveWorld): boolean {
  const { entries } = world.lockfile;
  const published = registry.versions.find((candidate) => candidate.version === version);
  const asked = (published === undefined ? [] : requestsOf(published)).map(
    ([alias, specifier]) => world.request(alias, specifier)?.packageName ?? alias,
  );
  const installed = world.entriesOf(name).filter((entry) => entries[entry]?.version === version);
  const brought = installed.flatMap((entry) => entries[entry]?.edges ?? []);
  return brought.every((edge) => asked.includes(entries[edge]?.name ?? ''));
}

function reachesAny(
  { version }: RegistryVersion,
  name: string,
  avoided: ReadonlySet<number>,
  world: TransitiveWorld,
): boolean {
  for (const entry of possibleTree([{ name, version }], world).reused) if (avoided.has(entry)) return true;
  return false;
}

/** Undefined when the next version must be looked at. What is not known yet may still refuse it, and is not offered. */
function offer(
  { version }: RegistryVersion,
  roots: readonly RegistryVersion[],
  { subject, affected }: ParentQuestion,
  world: TransitiveWorld,
): Planned<TransitiveFix> | undefined {
  const matches = affected.flatMap((item) => item.matches);
  const named = roots.map((root) => ({ name: subject.name, version: root.version }));
  const tree = possibleTree(named, world);
  const { refusal, brings, unknown } = judgeTree(tree, matches, world);
  if (refusal !== undefined) return undefined;
  if (tree.missing.length > 0) return { fix: undefined, unknown };
  const step = world.versions.step(subject.version, version);
  const clears = [...new Set(matches.map(({ advisory }) => advisory.id))];
  const breaking = isBreaking(subject.version, step);
  return { fix: { to: version, step, breaking, clears, brings, unknown }, unknown: [] };
}

/** The version itself, and what package managers make of the range that asks for it. */
function rootsFor(
  candidate: RegistryVersion,
  { name: asked, rangeFor }: ParentQuestion,
  registry: RegistryPackage,
  world: TransitiveWorld,
): RegistryVersion[] {
  const range = rangeFor(candidate.version);
  const request = range === undefined ? undefined : world.request(asked, range);
  const fetched = request ? world.fresh(request, registry) : [];
  return registry.versions.filter((item) => item === candidate || fetched.includes(item.version));
}

function isCandidate(
  candidate: RegistryVersion,
  subject: Subject,
  { versions, conflict, knowledge, subjectOf }: TransitiveWorld,
): boolean {
  const { version } = candidate;
  if (versions.compare(version, subject.version) <= 0 || candidate.deprecated !== undefined) return false;
  if (versions.isPrerelease(version) && !versions.isPrerelease(subject.version)) return false;
  if (knowledge.knownMatches(subjectOf({ name: subject.name, version })).length > 0) return false;
  return conflict(candidate, subject.name) === undefined;
}

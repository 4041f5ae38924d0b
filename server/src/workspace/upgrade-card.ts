import { isAdvisoryFinding } from '../core/finding.ts';
import type { RegistryVersion } from '../core/registry-package.ts';
import { possibleTree } from '../planner/possible-tree.ts';
import type { TransitiveWorld } from '../planner/transitive-world.ts';
import { upgradeSteps } from '../planner/upgrade-steps.ts';
import { blockedFix, planLine, unmetPeers, type UnmetPeer } from './line-remedies.ts';
import type { LineView, ProjectView } from './snapshot.ts';
import { transitiveWorld } from './transitive-remedies.ts';

/** Why a version is looked at. */
export type UpgradeRole = 'clean' | 'latest in major' | 'latest';

/** What a version would change, from what is known now. */
export interface UpgradeRow {
  readonly release: RegistryVersion;
  readonly roles: readonly UpgradeRole[];
  readonly advisories: AdvisoryChange;
  /** How many affected packages may come with it, whoever resolves it; undefined when its tree is not known to its end. */
  readonly brings: number | undefined;
  readonly unmetPeers: readonly UnmetPeer[];
  /** The range of Node that it needs, where the workspace says that it runs on others. */
  readonly unmetNode: string | undefined;
}

export interface AdvisoryChange {
  readonly fixes: number;
  readonly leaves: number;
  /** Undefined when nobody was asked about the version itself: what it fixes is then what advisories say of their fixes. */
  readonly adds: number | undefined;
}

/** The smallest version with no known advisory, the latest in the major and the latest; what is the same stands there once. */
export function upgradeCard(line: LineView, project: ProjectView): UpgradeRow[] {
  const { version, subject, registry, source } = line;
  if (version === undefined || subject === undefined || source !== 'registry' || !registry.known) return [];
  const world = transitiveWorld(project);
  return [...rolesByVersion(line, project)].flatMap(([target, roles]): UpgradeRow[] => {
    const release = registry.value.versions.find((item) => item.version === target);
    return release === undefined ? [] : [rowOf(release, roles, { line, project, world })];
  });
}

function rolesByVersion(line: LineView, project: ProjectView): Map<string, readonly UpgradeRole[]> {
  const { version = '', registry } = line;
  const roles = new Map<string, readonly UpgradeRole[]>();
  if (!registry.known) return roles;
  const { versions } = project.ecosystem;
  const { smallest, major } = planLine(line, project);
  const clean = [smallest, major].find((candidate) => candidate?.leaves.length === 0)?.version;
  const steps = upgradeSteps(version, registry.value, versions);
  const latest = registry.value.tags['latest'];
  const isNewer = latest !== undefined && versions.compare(latest, version) > 0;
  const named: [UpgradeRole, string | undefined][] = [
    ['clean', clean ?? blockedFix(line, project)?.version],
    ['latest in major', (steps.minor ?? steps.patch)?.version],
    ['latest', isNewer ? latest : undefined],
  ];
  for (const [role, target] of named) {
    if (target !== undefined) roles.set(target, [...(roles.get(target) ?? []), role]);
  }
  return roles;
}

interface Scene {
  readonly line: LineView;
  readonly project: ProjectView;
  readonly world: TransitiveWorld;
}

function rowOf(release: RegistryVersion, roles: readonly UpgradeRole[], { line, project, world }: Scene): UpgradeRow {
  return {
    release,
    roles,
    advisories: advisoryChange(release, line, project),
    brings: affectedBelow(release, line, project, world),
    unmetPeers: unmetPeers(release, line, project),
    unmetNode: unmetNode(release, project),
  };
}

function advisoryChange({ version }: RegistryVersion, line: LineView, project: ProjectView): AdvisoryChange {
  const { versions } = project.ecosystem;
  const matches = line.own.filter(isAdvisoryFinding).map(({ match }) => match);
  const evidence = line.subject && project.knowledge.advisories({ ...line.subject, version, integrity: undefined });
  if (evidence?.known !== true) {
    const left = matches.filter(({ fixed }) => fixed === undefined || versions.compare(version, fixed) < 0);
    return { fixes: matches.length - left.length, leaves: left.length, adds: undefined };
  }
  const now = new Set(matches.map(({ advisory }) => advisory.id));
  const then = new Set(evidence.value.map(({ advisory }) => advisory.id));
  const leaves = [...now].filter((id) => then.has(id)).length;
  return { fixes: now.size - leaves, leaves, adds: then.size - leaves };
}

function affectedBelow(
  { version }: RegistryVersion,
  line: LineView,
  project: ProjectView,
  world: TransitiveWorld,
): number | undefined {
  const name = line.subject?.name ?? line.dependency.packageName;
  const tree = possibleTree([{ name, version }], world);
  if (tree.trouble !== undefined || tree.missing.length > 0) return undefined;
  const again = affectedInstalled(tree.reused, project);
  if (again === undefined) return undefined;
  let affected = again;
  for (const item of tree.added) {
    if (item.name === name && item.version === version) continue;
    const evidence = world.knowledge.advisories(world.subjectOf(item));
    if (!evidence.known) return undefined;
    if (evidence.value.length > 0) affected++;
  }
  return affected;
}

/** Affected packages among entries of the lockfile and all that these bring in; undefined when one was not checked. */
function affectedInstalled(from: ReadonlySet<number>, { installed, knowledge }: ProjectView): number | undefined {
  const reached = new Set(from);
  for (const entry of reached) for (const edge of installed.lockfile.entries[entry]?.edges ?? []) reached.add(edge);
  const packages = new Set([...reached].map((entry) => installed.packageOf[entry] ?? -1));
  let affected = 0;
  for (const index of packages) {
    const item = installed.packages[index];
    if (item?.source !== 'registry') continue;
    const evidence = knowledge.advisories(item.subject);
    if (!evidence.known) return undefined;
    if (evidence.value.length > 0) affected++;
  }
  return affected;
}

function unmetNode({ nodeEngine }: RegistryVersion, { manifests, ecosystem }: ProjectView): string | undefined {
  if (nodeEngine === undefined) return undefined;
  const isMet = manifests.every(
    ({ manifest }) => manifest.nodeEngine === undefined || ecosystem.versions.isWithin(manifest.nodeEngine, nodeEngine),
  );
  return isMet ? undefined : nodeEngine;
}

import { blockedUntil, gateBasis, type AgeGate, type Release } from '../core/age-gate.ts';
import { isAdvisoryFinding } from '../core/finding.ts';
import type { Subject } from '../core/knowledge.ts';
import type { Override } from '../core/manifest.ts';
import type { RegistryVersion } from '../core/registry-package.ts';
import type { Remedy } from '../core/remedy.ts';
import type { DocumentEdit } from '../core/text-edit.ts';
import type { LateEdit } from '../core/transitive-dialect.ts';
import type { VersionScheme } from '../core/version-scheme.ts';
import { planOverride } from '../planner/plan-override.ts';
import { planParent } from '../planner/plan-parent.ts';
import { rememberFresh } from '../planner/possible-tree.ts';
import { planRefresh, type Refresh } from '../planner/plan-refresh.ts';
import type { AffectedPackage, TransitiveFix, TransitiveWorld } from '../planner/transitive-world.ts';
import { DECLARED } from './declared-lockfile.ts';
import { privateNames, subjectOf } from './installed-packages.ts';
import { editFor, rangeOf } from './line-remedies.ts';
import { overrideScene } from './override-scene.ts';
import type { LineView, ManifestView, ProjectView } from './snapshot.ts';
import type { ManifestLine } from './view-entry.ts';
import type { PackagePlan, PlansOfWorld } from './transitive-plans.ts';
import { withholdNames } from './withhold-names.ts';

/** An edit or a command that mends what others bring in. */
export interface TransitiveRemedy {
  readonly remedy: Remedy;
  /** Edits of documents whose text is read when the remedy is chosen. */
  readonly late: readonly LateEdit[];
  /** The command that does it, to be put into a terminal; undefined when an edit does. */
  readonly command: string | undefined;
  /** Ids of lesser advisories that come in. */
  readonly brings: readonly string[];
  /** Other direct dependencies that go on bringing in what it clears. */
  readonly alsoBy: readonly string[];
  /** Who asks for the package, where the remedy is for one of them only. */
  readonly under: readonly string[];
  /** What must be looked up before it counts as verified. */
  readonly unknown: readonly Subject[];
}

/** Packages of one line that are planned for, the worst first: a menu has room for few. */
const MAX_PACKAGES = 5;

/** What mends what a line brings in: refreshed versions first, then a bump of the line itself, then overrides. */
export function transitiveRemedies(line: LineView, manifest: ManifestView, project: ProjectView): TransitiveRemedy[] {
  if (line.brings.length === 0 || !line.isLocked) return [];
  const indexes = affectedIndexes(line, project);
  const each = indexes.slice(0, MAX_PACKAGES).map((index) => packageRemedies(index, project));
  const isRefreshed =
    each.length === indexes.length &&
    each.every(([first]) => first?.remedy.kind === 'refresh' || first?.remedy.kind === 'lock');
  const all = each.flat();
  const isOverride = ({ remedy }: TransitiveRemedy): boolean => remedy.kind === 'override';
  const parent = isRefreshed ? [] : parentRemedy(line, manifest, project, indexes);
  return [...all.filter((item) => !isOverride(item)), ...parent, ...all.filter(isOverride)];
}

/**
 * What mends one affected package wherever it is brought in. `index` is into `installed.packages`. Where it can be refreshed,
 * nothing has to be overridden. The actions on a lockfile's entry offer the same.
 */
export function packageRemedies(index: number, project: ProjectView): TransitiveRemedy[] {
  const affected = affectedPackage(index, project);
  if (affected === undefined) return [];
  const plan = packagePlan(index, affected, project);
  const refresh = plan.refresh && refreshRemedy(affected, plan.refresh, project);
  if (refresh !== undefined) return [refresh];
  return plan.override === undefined ? [] : overrideRemedy(affected, plan, project);
}

/**
 * What mends the package of a lockfile's entry where others bring it in. `lines` are those of direct dependencies that do:
 * a bump of each is offered as on its own line.
 */
export function entryRemedies(index: number, lines: readonly ManifestLine[], project: ProjectView): TransitiveRemedy[] {
  const own = packageRemedies(index, project);
  const [first] = own;
  if (first !== undefined && first.remedy.kind !== 'override') return own;
  const parents = lines.flatMap(({ line, manifest }) =>
    parentRemedy(line, manifest, project, affectedIndexes(line, project)),
  );
  return [...parents, ...own];
}

/** What is still to be looked up for the plans of an entry, as {@link unknownOf} for those of a line. */
export function unknownOfEntry(
  index: number,
  lines: readonly ManifestLine[],
  project: ProjectView,
): readonly Subject[] {
  const affected = affectedPackage(index, project);
  return [
    ...(affected === undefined ? [] : packagePlan(index, affected, project).unknown),
    ...lines.flatMap(({ line, manifest }) => unknownOf(line, manifest, project)),
  ];
}

/** What is still to be looked up for the plans of a line, whether or not anything can be offered already. */
export function unknownOf(line: LineView, manifest: ManifestView, project: ProjectView): readonly Subject[] {
  if (line.brings.length === 0 || !line.isLocked) return [];
  const indexes = affectedIndexes(line, project);
  const ofPackages = indexes.slice(0, MAX_PACKAGES).flatMap((index) => {
    const affected = affectedPackage(index, project);
    return affected === undefined ? [] : packagePlan(index, affected, project).unknown;
  });
  return [...ofPackages, ...(parentPlan(line, manifest, project, indexes)?.unknown ?? [])];
}

function packagePlan(index: number, affected: AffectedPackage, project: ProjectView): PackagePlan {
  const { packages, world } = plansOf(project);
  const found = packages.get(index);
  if (found !== undefined) return found;
  const refresh = planRefresh(affected, world);
  const override = refresh.fix ? undefined : planOverride(affected, world);
  const plan = {
    refresh: refresh.fix,
    override: override?.fix,
    unknown: [...refresh.unknown, ...(override?.unknown ?? [])],
  };
  packages.set(index, plan);
  return plan;
}

function affectedIndexes(line: LineView, { installed, assessment }: ProjectView): number[] {
  const wanted = new Set(line.brings.map(({ package: { name, version } }) => `${name}\n${version}`));
  return [...wanted].flatMap((key) =>
    [...assessment.byPackage.keys()].filter((index) => {
      const subject = installed.packages[index]?.subject;
      return subject !== undefined && `${subject.name}\n${subject.version}` === key;
    }),
  );
}

/** Malware is left out: its line must not become quiet before somebody has read what it means. */
function affectedPackage(index: number, { installed, assessment }: ProjectView): AffectedPackage | undefined {
  const item = installed.packages[index];
  const findings = (assessment.byPackage.get(index) ?? []).filter(isAdvisoryFinding);
  if (item?.source !== 'registry' || installed.lockfile.format === DECLARED) return undefined;
  if (findings.length === 0 || findings.some(({ kind }) => kind === 'malware')) return undefined;
  return { subject: item.subject, matches: findings.map(({ match }) => match), entries: item.entries };
}

function refreshRemedy(affected: AffectedPackage, fix: Refresh, project: ProjectView): TransitiveRemedy | undefined {
  const { layout, ecosystem, installed } = project;
  const { subject } = affected;
  const { inLockfile } = fix;
  const late =
    inLockfile &&
    ecosystem.transitive.lock(layout, installed.lockfile.format, {
      name: subject.name,
      from: subject.version,
      to: fix.to,
      integrity: inLockfile.integrity ?? '',
      tarball: inLockfile.tarball ?? '',
      dependencies: { ...inLockfile.needs.dependencies, ...inLockfile.needs.optionalDependencies },
    });
  if (late !== undefined) return remedyOf('lock', subject, fix, { late: [late] });
  const command = ecosystem.transitive.updateCommand(layout, installed.lockfile.format, subject.name);
  return command === undefined ? undefined : remedyOf('refresh', subject, fix, { command });
}

function overrideRemedy(
  { subject }: AffectedPackage,
  { override: fix, unknown }: PackagePlan,
  project: ProjectView,
): TransitiveRemedy[] {
  const late = fix && project.ecosystem.transitive.override(overrideScene(project), fix.rules);
  if (fix === undefined || late === undefined) return [];
  const under = fix.rules.flatMap(({ parent }) => parent?.name ?? []);
  return [remedyOf('override', subject, { ...fix, unknown: [...fix.unknown, ...unknown] }, { late: [late], under })];
}

function parentRemedy(
  line: LineView,
  manifest: ManifestView,
  project: ProjectView,
  indexes: readonly number[],
): TransitiveRemedy[] {
  const fix = parentPlan(line, manifest, project, indexes)?.fix;
  const edit = fix && editFor(line, manifest, project, fix.to);
  if (fix === undefined || edit === undefined || line.subject === undefined) return [];
  const alsoBy = othersThatBring(line, project, indexes);
  return [remedyOf('parent', line.subject, fix, { edits: [edit], alsoBy })];
}

function parentPlan(
  line: LineView,
  manifest: ManifestView,
  project: ProjectView,
  indexes: readonly number[],
): { readonly fix: TransitiveFix | undefined; readonly unknown: readonly Subject[] } | undefined {
  const { subject, dependency } = line;
  const range = rangeOf(line);
  if (subject === undefined || dependency.scope === 'peer' || range === undefined) return undefined;
  const { parents, world } = plansOf(project);
  const key = `${manifest.importer ?? ''}\n${dependency.name}\n${subject.version}\n${range}`;
  const found = parents.get(key);
  if (found !== undefined) return found;
  const affected = indexes.flatMap((index) => affectedPackage(index, project) ?? []);
  const rangeFor = (version: string): string | undefined => editFor(line, manifest, project, version)?.newText;
  const plan =
    affected.length < indexes.length
      ? { fix: undefined, unknown: [] }
      : planParent({ subject, name: dependency.packageName, rangeFor, affected }, world);
  parents.set(key, plan);
  return plan;
}

function othersThatBring(line: LineView, { installed }: ProjectView, indexes: readonly number[]): string[] {
  const entries = indexes.flatMap((index) => installed.packages[index]?.entries ?? []);
  const names = installed.routes.routesTo(entries).flatMap(({ importer, dependency }) => {
    const name = installed.lockfile.importers[importer]?.dependencies[dependency]?.name;
    return name === undefined || name === line.dependency.name ? [] : [name];
  });
  return [...new Set(names)];
}

interface RemedyParts {
  readonly edits?: readonly DocumentEdit[];
  readonly late?: readonly LateEdit[];
  readonly command?: string;
  readonly alsoBy?: readonly string[];
  readonly under?: readonly string[];
}

function remedyOf(
  kind: Remedy['kind'],
  subject: Subject,
  fix: TransitiveFix,
  { edits = [], late = [], command, alsoBy = [], under = [] }: RemedyParts,
): TransitiveRemedy {
  const { to, step, breaking, clears, brings, unknown } = fix;
  return {
    remedy: {
      kind,
      package: subject.name,
      from: subject.version,
      to,
      state: unknown.length === 0 ? 'verified' : 'proposed',
      clears,
      leaves: [],
      step,
      breaking,
      edits,
    },
    late,
    command,
    brings,
    alsoBy,
    under,
    unknown,
  };
}

/** What transitive fixes are planned in; kept while nothing that they rest on changes. */
export function transitiveWorld(project: ProjectView): TransitiveWorld {
  return plansOf(project).world;
}

/** What manifests say besides their lines: rules, and the versions of Node. */
function plansOf(project: ProjectView): PlansOfWorld {
  const { manifests, assessment } = project;
  const overridden = new Set(manifests.flatMap(({ manifest }) => manifest.overrides.flatMap(overriddenName)));
  const engines = new Set(manifests.flatMap(({ manifest }) => manifest.nodeEngine ?? []));
  const gate = gateBasis(project.policy.ageGate, project.now);
  const basis = JSON.stringify([[...overridden], [...engines], gate]);
  return assessment.transitive.plansFor(basis, () => worldOf(project, overridden, engines));
}

function worldOf(
  { ecosystem, policy, knowledge, installed, assessment, now }: ProjectView,
  overridden: ReadonlySet<string>,
  engines: ReadonlySet<string>,
): TransitiveWorld {
  const { versions, transitive } = ecosystem;
  const { entriesOf } = assessment.transitive;
  const { lockfile, routes } = installed;
  const withheld = privateNames(installed);
  const guarded = withholdNames(policy, (name) => withheld.get(name));
  const subjectFor = (item: { readonly name: string; readonly version: string }): Subject =>
    subjectOf({ ...item, integrity: undefined, registry: undefined }, ecosystem, guarded);
  const engineConflict = engineConflicts(engines, versions);
  return {
    lockfile,
    routes,
    versions,
    knowledge,
    entriesOf,
    fresh: rememberFresh(versions),
    subjectOf: subjectFor,
    registryPackage(name) {
      const answer = knowledge.registryPackage(subjectFor({ name, version: '' }));
      return answer.known ? answer.value : undefined;
    },
    request: (name, specifier) => transitive.request(name, specifier),
    isWithheld: (name) => guarded.withheld(name, undefined) !== undefined,
    isOverridden: (name) => overridden.has(name),
    conflict: (candidate, name) =>
      engineConflict(candidate.nodeEngine) ??
      peerConflict(candidate, { lockfile, versions, entriesOf }) ??
      ageConflict({ ...candidate, name }, policy.ageGate, now),
  };
}

/** The package that a rule is about, without the range that it is limited to. */
function overriddenName({ path }: Override): string[] {
  const selector = path.at(-1);
  if (selector === undefined) return [];
  const at = selector.indexOf('@', 1);
  return [at === -1 ? selector : selector.slice(0, at)];
}

function ageConflict(release: Release, gate: AgeGate | undefined, now: number): string | undefined {
  return blockedUntil(gate, release, now) === undefined ? undefined : 'is too new for the age gate';
}

/** Every Node that the workspace says it runs on must do. A package has few engines in many versions. */
function engineConflicts(
  engines: ReadonlySet<string>,
  versions: VersionScheme,
): (wanted: string | undefined) => string | undefined {
  const known = new Map<string, boolean>();
  return (wanted) => {
    if (wanted === undefined) return undefined;
    const isMet = known.get(wanted) ?? [...engines].every((engine) => versions.isWithin(engine, wanted));
    known.set(wanted, isMet);
    return isMet ? undefined : `needs Node ${wanted}`;
  };
}

function peerConflict(
  { peerDependencies }: RegistryVersion,
  { lockfile, versions, entriesOf }: Pick<TransitiveWorld, 'lockfile' | 'versions' | 'entriesOf'>,
): string | undefined {
  const unmet = Object.entries(peerDependencies).find(([name, range]) => {
    const found = entriesOf(name).flatMap((entry) => lockfile.entries[entry]?.version ?? []);
    return found.length > 0 && !found.some((version) => versions.satisfies(version, range));
  });
  return unmet && `needs ${unmet[0]} ${unmet[1]}`;
}

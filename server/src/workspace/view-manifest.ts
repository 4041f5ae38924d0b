import type { AdvisoryMatch } from '../core/advisory.ts';
import type { Ecosystem } from '../core/ecosystem.ts';
import { unknown, type Evidence } from '../core/evidence.ts';
import type { ImportUse } from '../core/import-use.ts';
import type { Knowledge, Subject } from '../core/knowledge.ts';
import { ownsCatalogs, type Importer, type ImporterDependency, type LockEntry } from '../core/lockfile.ts';
import type { Dependency, Manifest } from '../core/manifest.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import type { Settings } from '../core/settings.ts';
import { asksTheSame } from './asks-the-same.ts';
import { DEVELOPMENT_OFF, isLeftOut, type Assessment } from './assess-packages.ts';
import { DECLARED, isForeign } from './declared-lockfile.ts';
import { catalogKey, subjectOf, type Installed } from './installed-packages.ts';
import type { LineView } from './snapshot.ts';

/** What the lines of every manifest of a project are looked up in. */
export interface ProjectFacts {
  readonly ecosystem: Ecosystem;
  readonly policy: RegistryPolicy;
  readonly knowledge: Knowledge;
  readonly settings: Settings;
  readonly installed: Installed;
  readonly assessment: Assessment;
  /** Catalog lines of the whole project, by catalog and name. */
  readonly catalogs: ReadonlyMap<string, { readonly path: string; readonly dependency: Dependency }>;
  /** Names whose version a rule of the workspace's root decides, whatever their lines ask for. */
  readonly overridden: ReadonlySet<string>;
  /** How the sources of a member, by its path in the lockfile, import what its manifest names so. */
  readonly useOf: (importer: string, dependency: string) => ImportUse | undefined;
}

/**
 * Joins a manifest's lines with the lockfile and with what is known. On the typing path: no loop over the lockfile, and
 * of `before`, the lines that were made from the very same facts, all are taken over that still ask for the same.
 */
export function viewManifest(
  manifest: Manifest,
  importerPath: string | undefined,
  facts: ProjectFacts,
  before: readonly LineView[] = [],
): LineView[] {
  const importer = importerPath === undefined ? undefined : facts.installed.importers.get(importerPath);
  const dependencies = ownsCatalogs(importerPath) ? manifest.dependencies : withoutCatalogs(manifest.dependencies);
  let locked: Locked | undefined;
  const grown = dependencies.length - before.length;
  return dependencies.map((dependency, index) => {
    // Above an edit a line keeps its number, and below it all move by as much as there are more.
    const same = sameLine(dependency, before[index]) ?? sameLine(dependency, before[index - grown]);
    if (same !== undefined) return { ...same, dependency };
    locked ??= lockedByName(importer);
    return viewLine(dependency, importer, resolvedBy(locked, dependency), facts);
  });
}

function withoutCatalogs(dependencies: Manifest['dependencies']): Manifest['dependencies'] {
  return dependencies.filter(({ catalog }) => catalog === undefined);
}

function sameLine(dependency: Dependency, before: LineView | undefined): LineView | undefined {
  return before !== undefined && asksTheSame(before.dependency, dependency) ? before : undefined;
}

/** What a member asks for, as the lockfile resolved it. */
interface Locked {
  /** The first of each name. */
  readonly byName: ReadonlyMap<string, ImporterDependency>;
  /** A name may stand in two groups, for development and as a peer: the others, by group and name. */
  readonly others: ReadonlyMap<string, ImporterDependency>;
}

function lockedByName(importer: Importer | undefined): Locked {
  const byName = new Map<string, ImporterDependency>();
  const others = new Map<string, ImporterDependency>();
  for (const dependency of importer?.dependencies ?? []) {
    const first = byName.get(dependency.name);
    if (first === undefined || first.scope === dependency.scope) byName.set(dependency.name, dependency);
    else others.set(`${dependency.scope} ${dependency.name}`, dependency);
  }
  return { byName, others };
}

function resolvedBy({ byName, others }: Locked, { name, scope }: Dependency): ImporterDependency | undefined {
  const first = byName.get(name);
  return first === undefined || first.scope === scope ? first : (others.get(`${scope} ${name}`) ?? first);
}

function viewLine(
  dependency: Dependency,
  importer: Importer | undefined,
  resolved: ImporterDependency | undefined,
  facts: ProjectFacts,
): LineView {
  const found =
    dependency.catalog === undefined
      ? { importer, resolved, index: resolved?.entry ?? -1 }
      : catalogEntry(dependency, dependency.catalog, facts);
  const entry = facts.installed.lockfile.entries[found.index];
  const hasLockfile = facts.installed.lockfile.format !== DECLARED;
  const isLocked = hasLockfile && entry !== undefined;
  const known = knownOf(dependency, entry, found.index, facts);
  const key = found.resolved?.name ?? dependency.name;
  const catalogLine =
    dependency.specifier.kind === 'catalog'
      ? facts.catalogs.get(catalogKey(dependency.specifier.catalog, dependency.name))
      : undefined;
  return {
    dependency,
    entry: isLocked ? entry : undefined,
    source: entry?.source ?? sourceOf(dependency),
    version: entry?.version === '' ? undefined : entry?.version,
    isLocked,
    ...known,
    brings: facts.settings.transitive
      ? (facts.assessment.broughtIn.get(found.importer?.path ?? '')?.get(key) ?? [])
      : [],
    doubtful: facts.settings.transitive
      ? (facts.assessment.doubtful.get(found.importer?.path ?? '')?.get(key) ?? [])
      : [],
    pending: hasLockfile ? pendingOf(dependency, entry, found.resolved, catalogLine, facts) : undefined,
    catalogLine,
    imported: facts.useOf(found.importer?.path ?? '', dependency.name),
  };
}

/** A catalog's line stands for every member that points at it; any of them tells what is installed. */
function catalogEntry(
  dependency: Dependency,
  catalog: string,
  { installed }: ProjectFacts,
): { importer: Importer | undefined; resolved: ImporterDependency | undefined; index: number } {
  const specifiers = catalog === 'default' ? ['catalog:', 'catalog:default'] : [`catalog:${catalog}`];
  for (const specifier of specifiers) {
    const user = installed.catalogUsers.get(catalogKey(specifier, dependency.name));
    if (user !== undefined) return { ...user, index: user.resolved.entry };
  }
  return { importer: undefined, resolved: undefined, index: -1 };
}

type Known = Pick<LineView, 'subject' | 'advisories' | 'own' | 'decided' | 'signature' | 'registry' | 'scorecard'>;

/** What is known of what a line asks for. `index` is that of the lockfile's entry. */
export function knownOf(
  dependency: Dependency,
  entry: LockEntry | undefined,
  index: number,
  {
    ecosystem,
    policy,
    knowledge,
    settings,
    installed,
    assessment,
  }: Omit<ProjectFacts, 'catalogs' | 'overridden' | 'useOf'>,
): Known {
  const source = entry?.source ?? sourceOf(dependency);
  if (source !== 'registry') {
    const nothing = unknown('not-registry', NOT_REGISTRY[source]);
    return {
      subject: undefined,
      advisories: nothing,
      own: [],
      decided: [],
      signature: nothing,
      registry: nothing,
      scorecard: nothing,
    };
  }
  const packageIndex = installed.packageOf[index] ?? -1;
  const item = installed.packages[packageIndex];
  const subject = item?.subject ?? declaredSubject(dependency, ecosystem, policy);
  const registry = knowledge.registryPackage(subject);
  const repository = registry.known ? registry.value.repository : undefined;
  return {
    subject,
    advisories:
      subject.version === ''
        ? noVersion(dependency, subject, entry, installed)
        : item && isLeftOut(item, settings)
          ? unknown('disabled', DEVELOPMENT_OFF)
          : knowledge.advisories(subject),
    own: assessment.byPackage.get(packageIndex) ?? [],
    decided: assessment.decided.get(packageIndex) ?? [],
    signature: knowledge.signature(subject),
    registry,
    scorecard:
      repository === undefined
        ? unknown(registry.known ? 'not-found' : 'pending', 'no source repository is known')
        : knowledge.scorecard(repository),
  };
}

/** What a line asks for that no lockfile has. */
function declaredSubject(dependency: Dependency, ecosystem: Ecosystem, policy: RegistryPolicy): Subject {
  const { packageName: name, specifier } = dependency;
  const subject = subjectOf({ name, version: '', integrity: undefined, registry: undefined }, ecosystem, policy);
  const withheld = specifier.kind === 'invalid' && isForeign(dependency) ? specifier.reason : undefined;
  return withheld === undefined ? subject : { ...subject, isPublicRegistry: false, withheld };
}

function noVersion(
  { specifier }: Dependency,
  { withheld }: Subject,
  entry: LockEntry | undefined,
  { lockfile }: Installed,
): Evidence<readonly AdvisoryMatch[]> {
  if (specifier.kind === 'invalid') return unknown('no-version', specifier.reason);
  if (withheld !== undefined) return unknown('withheld', withheld);
  if (lockfile.format === DECLARED) return unknown('no-lockfile', 'no lockfile says which version is installed');
  return unknown('no-version', entry ? 'the lockfile entry has no version' : 'it is not in the lockfile');
}

const NOT_REGISTRY = {
  git: 'from git: no registry signs or lists it',
  file: 'from a local file',
  link: 'a link to a local folder',
  workspace: 'a member of this workspace',
  tarball: 'from a URL: no registry signs or lists it',
  registry: '',
} as const;

function sourceOf(dependency: Dependency): LineView['source'] {
  switch (dependency.specifier.kind) {
    case 'git':
    case 'tarball':
    case 'file':
    case 'link':
    case 'workspace':
      return dependency.specifier.kind;
    default:
      return 'registry';
  }
}

function pendingOf(
  dependency: Dependency,
  entry: LockEntry | undefined,
  resolved: ImporterDependency | undefined,
  catalogLine: LineView['catalogLine'],
  { ecosystem, overridden, installed }: ProjectFacts,
): LineView['pending'] {
  const { specifier } = dependency;
  if (entry === undefined) {
    const written = writtenText(catalogLine?.dependency ?? dependency);
    // Nobody points at a catalog's line, or nothing supplies a peer: there is nothing to install.
    const isWanted = dependency.catalog === undefined && dependency.scope !== 'peer';
    return isWanted && written !== undefined ? { written, locked: '', madeFor: undefined } : undefined;
  }
  if (overridden.has(dependency.name)) return undefined;
  const madeFor = otherRange(dependency, resolved, installed);
  if (specifier.kind !== 'range' || entry.source !== 'registry') return undefined;
  const isMet =
    entry.name === dependency.packageName &&
    (resolved?.specifier === specifier.range || ecosystem.versions.satisfies(entry.version, specifier.range));
  if (isMet && madeFor === undefined) return undefined;
  return { written: specifier.range, locked: entry.version, madeFor: isMet ? madeFor : undefined };
}

/**
 * The range that the lockfile was made for, where it is not the one that is written. Only of plain ranges, which every
 * package manager copies as they are; undefined when the lockfile does not say.
 */
function otherRange(
  { catalog, name, written, specifier, scope }: Dependency,
  resolved: ImporterDependency | undefined,
  { lockfile }: Installed,
): string | undefined {
  const recorded =
    catalog === undefined
      ? // A name may stand in two groups, and the lockfile record only one of them.
        resolved?.scope === scope
        ? resolved.specifier
        : undefined
      : lockfile.catalogs.find((item) => item.catalog === catalog && item.name === name)?.specifier;
  if (recorded === undefined || lockfile.isRewritten === true || specifier.kind !== 'range') return undefined;
  return isSameRange(recorded, written) ? undefined : recorded;
}

/** Some write `npm:` before each range, and some write an empty one as `*`. */
function isSameRange(one: string, other: string): boolean {
  const plain = (range: string): string => range.replace(/^\s*npm:/, '').trim() || '*';
  return plain(one) === plain(other);
}

function writtenText({ specifier }: Dependency): string | undefined {
  switch (specifier.kind) {
    case 'range':
      return specifier.range;
    case 'tag':
      return specifier.tag;
    default:
      return undefined;
  }
}

import { blockedUntil } from '../core/age-gate.ts';
import { Baseline } from '../core/baseline.ts';
import type { Finding } from '../core/finding.ts';
import { isDevelopmentOnly, packageKey } from '../core/package.ts';
import { compareFindings } from '../core/rank-findings.ts';
import type { InstalledPackage } from './installed-packages.ts';
import { packageChanges, type PackageChange } from './package-changes.ts';
import { publicationChanges, type Publication, type PublicationChange } from './publication-changes.ts';
import type { ProjectView } from './snapshot.ts';

/** What a reviewer should know of a change besides its versions. */
export type ChangeNote =
  | { readonly kind: 'other-hash' | 'other-source' | 'downgrade' | 'unreached' }
  /** `isNew` when no version that went had one. */
  | { readonly kind: 'install-script'; readonly isNew: boolean }
  /** The signature does not fit; or there is none where there was one. */
  | { readonly kind: 'signature'; readonly verdict: 'invalid' | 'lost' }
  | { readonly kind: 'publication'; readonly change: PublicationChange }
  | { readonly kind: 'deprecated'; readonly message: string }
  /** The package manager would not install it before then, in milliseconds since the epoch. */
  | { readonly kind: 'held-back'; readonly until: number }
  | { readonly kind: 'published'; readonly ageMs: number };

export interface ReviewedChange extends PackageChange {
  /** True when a manifest names it, or did. */
  readonly direct: boolean;
  readonly isDevelopmentOnly: boolean;
  /** The shortest path from each direct dependency that brings it in, or brought it in before it went. */
  readonly paths: readonly (readonly string[])[];
  readonly notes: readonly ChangeNote[];
  /** Worst first. */
  readonly newFindings: readonly Finding[];
  readonly goneFindings: readonly Finding[];
}

export interface ProjectReview {
  /** Absolute path of the lockfile, else of the project's folder. */
  readonly document: string;
  /** What needs a look first, then by name. */
  readonly changes: readonly ReviewedChange[];
}

export interface ChangeReview {
  readonly projects: readonly ProjectReview[];
  /** Over all projects, worst first. What one project loses and another one still has is not gone. */
  readonly newFindings: readonly Finding[];
  readonly goneFindings: readonly Finding[];
  /** What came and could not be checked for advisories, and why. */
  readonly unchecked: readonly { readonly name: string; readonly version: string; readonly reason: string }[];
}

/** Compares two states of the same folder. Undefined `before` takes everything for new. */
export function reviewChanges(before: readonly ProjectView[] | undefined, now: readonly ProjectView[]): ChangeReview {
  const old = findingsOf(before);
  const current = findingsOf(now);
  // What somebody has decided about is still there.
  const baseline = new Baseline(old, [...current, ...decidedOf(now)]);
  const newFindings = distinct(current.filter((finding) => baseline.isNew(finding)));
  const goneFindings = distinct(old.filter((finding) => baseline.isGone(finding)));
  const projects = paired(before ?? [], now).map(([was, is]) => reviewProject(was, is, newFindings, goneFindings));
  const reviewed = projects.flatMap((project) => project ?? []);
  return { projects: reviewed, newFindings, goneFindings, unchecked: uncheckedOf(reviewed, now) };
}

function uncheckedOf(projects: readonly ProjectReview[], now: readonly ProjectView[]): ChangeReview['unchecked'] {
  const changes = projects.flatMap((project) => project.changes);
  const came = new Set(changes.flatMap(({ name, to }) => to.map(({ subject }) => packageKey(name, subject.version))));
  const unknown = now.flatMap(({ assessment }) => assessment.coverage.unknown);
  const keyed = new Map(unknown.map((item) => [packageKey(item.name, item.version), item]));
  return [...keyed].flatMap(([key, item]) => (came.has(key) ? [item] : []));
}

function findingsOf(projects: readonly ProjectView[] = []): Finding[] {
  return projects.flatMap(({ assessment }) => assessment.findings);
}

function decidedOf(projects: readonly ProjectView[]): Finding[] {
  return projects.flatMap(({ assessment }) => [...assessment.decided.values()].flat().map(({ finding }) => finding));
}

function distinct(findings: readonly Finding[]): Finding[] {
  const byIdentity = new Map(findings.map((finding) => [`${nameKey(finding)}\n${finding.ruleId}`, finding]));
  return [...byIdentity.values()].sort(compareFindings);
}

function nameKey({ package: { ecosystem, name, version } }: Finding): string {
  return `${ecosystem}\n${name}\n${version}`;
}

type Pair = readonly [ProjectView | undefined, ProjectView | undefined];

/** Projects by their folder. Where just one went and just one came, it was moved. */
function paired(before: readonly ProjectView[], now: readonly ProjectView[]): Pair[] {
  const went = new Map(before.map((project) => [keyOf(project), project]));
  const pairs: Pair[] = [];
  const came: ProjectView[] = [];
  for (const project of now) {
    const same = went.get(keyOf(project));
    went.delete(keyOf(project));
    if (same === undefined) came.push(project);
    else pairs.push([same, project]);
  }
  const [gone] = went.values();
  const [added] = came;
  if (went.size === 1 && came.length === 1 && gone?.ecosystem === added?.ecosystem) return [...pairs, [gone, added]];
  return [
    ...pairs,
    ...came.map((project): Pair => [undefined, project]),
    ...[...went.values()].map((project): Pair => [project, undefined]),
  ];
}

function keyOf({ layout }: ProjectView): string {
  return `${layout.ecosystem}\n${layout.root}`;
}

function reviewProject(
  was: ProjectView | undefined,
  is: ProjectView | undefined,
  newFindings: readonly Finding[],
  goneFindings: readonly Finding[],
): ProjectReview | undefined {
  const project = is ?? was;
  if (project === undefined) return undefined;
  const changes = packageChanges(was?.installed, is?.installed, project.ecosystem.versions).map((change) => {
    const standing = standingOf(change, was, is);
    return {
      ...change,
      ...standing,
      notes: is === undefined ? [] : [...placeNotes(change, standing, is), ...notesOf(change, was, is)],
      newFindings: of(change, newFindings),
      goneFindings: of(change, goneFindings),
    };
  });
  const { lockfile, root } = project.layout;
  return changes.length === 0 ? undefined : { document: lockfile ?? root, changes: changes.sort(compareChanges) };
}

function of({ name }: PackageChange, findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.package.name === name);
}

function standingOf({ from, to }: PackageChange, was: ProjectView | undefined, is: ProjectView | undefined): Standing {
  const [items, project] = to.length > 0 ? [to, is] : [from, was];
  const routes = project?.installed.routes;
  const paths = routes?.routesTo(items.flatMap(({ entries }) => entries)).map((route) => routes.namesOf(route)) ?? [];
  return {
    direct: [...from, ...to].some(({ direct }) => direct),
    isDevelopmentOnly: items.every(({ scopes }) => isDevelopmentOnly(scopes)),
    paths: [...new Map(paths.map((path) => [path.join('\n'), path])).values()],
  };
}

type Standing = Pick<ReviewedChange, 'direct' | 'isDevelopmentOnly' | 'paths'>;

/** Nobody's dependency in a lockfile is no package manager's work. It is said only where it is certain. */
function placeNotes({ to }: PackageChange, { direct, paths }: Standing, { hygiene }: ProjectView): ChangeNote[] {
  const isUnreached =
    to.length > 0 && !direct && paths.length === 0 && hygiene.some(({ code }) => code === 'unreached');
  return isUnreached ? [{ kind: 'unreached' }] : [];
}

function notesOf(
  { kind, from, to, replaced }: PackageChange,
  was: ProjectView | undefined,
  is: ProjectView,
): ChangeNote[] {
  const notes: ChangeNote[] = replaced.map((what) => ({ kind: what === 'hash' ? 'other-hash' : 'other-source' }));
  if (kind === 'downgraded') notes.push({ kind: 'downgrade' });
  const newest = to.at(-1);
  if (newest === undefined) return notes;
  const signature = signatureOf(newest, is);
  if (signature === 'invalid') notes.push({ kind: 'signature', verdict: 'invalid' });
  else if (signature === 'none' && from.some((item) => signatureOf(item, is) === 'signed')) {
    notes.push({ kind: 'signature', verdict: 'lost' });
  }
  notes.push(...publicationNotes(from, newest, is));
  if (to.some((item) => hasInstallScript(item, is))) {
    notes.push({ kind: 'install-script', isNew: !from.some((item) => was && hasInstallScript(item, was)) });
  }
  return [...notes, ...registryNotes(newest, is)];
}

/** Against the newest of the versions that went. */
function publicationNotes(from: PackageChange['from'], to: InstalledPackage, project: ProjectView): ChangeNote[] {
  const before = from.at(-1);
  if (before?.source !== 'registry' || to.source !== 'registry') return [];
  const changes = publicationChanges(publicationOf(before, project), publicationOf(to, project));
  return changes.map((change) => ({ kind: 'publication', change }));
}

function publicationOf({ subject }: InstalledPackage, { knowledge }: ProjectView): Publication {
  return { signature: knowledge.signature(subject), release: knowledge.release(subject) };
}

function registryNotes({ subject, deprecated, source }: InstalledPackage, project: ProjectView): ChangeNote[] {
  const { knowledge, policy, now } = project;
  const answer = source === 'registry' ? knowledge.registryPackage(subject) : undefined;
  const version = answer?.known === true ? findVersion(answer.value, subject.version) : undefined;
  const message = version?.deprecated ?? deprecated;
  const publishedAt = version?.publishedAt;
  const until = blockedUntil(policy.ageGate, { name: subject.name, version: subject.version, publishedAt }, now);
  return [
    ...(message === undefined ? [] : [{ kind: 'deprecated' as const, message }]),
    ...(until === undefined ? [] : [{ kind: 'held-back' as const, until }]),
    ...(publishedAt === undefined ? [] : [{ kind: 'published' as const, ageMs: Math.max(0, now - publishedAt) }]),
  ];
}

function findVersion<T extends { readonly version: string }>(
  { versions }: { readonly versions: readonly T[] },
  version: string,
): T | undefined {
  return versions.find((item) => item.version === version);
}

/** What the project's own lockfile says, or the registry where it is known. */
function hasInstallScript({ subject, entries, source }: InstalledPackage, project: ProjectView): boolean {
  const { lockfile } = project.installed;
  if (entries.some((entry) => lockfile.entries[entry]?.hasInstallScript === true)) return true;
  const answer = source === 'registry' ? project.knowledge.registryPackage(subject) : undefined;
  if (answer?.known === true && findVersion(answer.value, subject.version)?.hasInstallScript === true) return true;
  return source === 'registry' && project.knowledge.release(subject)?.hasInstallScript === true;
}

function signatureOf(
  { subject, source }: InstalledPackage,
  { knowledge }: ProjectView,
): 'signed' | 'invalid' | 'none' | 'unknown' {
  const evidence = source === 'registry' ? knowledge.signature(subject) : undefined;
  if (evidence?.known !== true) return 'unknown';
  switch (evidence.value.verdict) {
    case 'provenance-verified':
    case 'provenance-warning':
    case 'downgrade':
    case 'signed':
    case 'signed-weak-pin':
      return 'signed';
    case 'invalid':
      return 'invalid';
    case 'unsigned':
      return 'none';
    default:
      return 'unknown';
  }
}

/** What needs a look first: new findings, then what no ordinary update does, then direct before transitive, then by name. */
function compareChanges(a: ReviewedChange, b: ReviewedChange): number {
  return (
    Number(b.newFindings.length > 0) - Number(a.newFindings.length > 0) ||
    Number(needsLook(b)) - Number(needsLook(a)) ||
    Number(b.direct) - Number(a.direct) ||
    (a.name < b.name ? -1 : 1)
  );
}

/** True for what an ordinary update does not do. */
export function needsLook({ notes }: Pick<ReviewedChange, 'notes'>): boolean {
  return notes.some((note) => note.kind !== 'published' && !(note.kind === 'install-script' && !note.isNew));
}

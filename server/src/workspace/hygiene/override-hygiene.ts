import { basename } from 'node:path';
import { isAdvisoryFinding } from '../../core/finding.ts';
import type { HygieneIssue } from '../../core/hygiene.ts';
import type { LockEntry } from '../../core/lockfile.ts';
import type { Override } from '../../core/manifest.ts';
import type { OverrideMeaning } from '../../core/transitive-dialect.ts';
import { planUpgrade } from '../../planner/plan-upgrade.ts';
import type { ManifestView, ProjectView } from '../snapshot.ts';
import { overrideScene, rootDocuments } from '../override-scene.ts';
import { isUnneeded } from './unneeded-override.ts';
import { matchesNothing } from './unused-override.ts';
import { waitingEntry } from './waiting-override.ts';

type Project = Omit<ProjectView, 'hygiene'>;

/** The rules of the root that wait for an install, force an affected version, or change nothing. One issue for each at most. */
export function overrideHygiene(project: Project): HygieneIssue[] {
  const { lockfile, installed, manifests, layout, ecosystem } = project;
  if (lockfile === undefined || lockfile.problems.length > 0 || installed.lockfile.isRewritten === true) return [];
  if (manifests.some(({ problems }) => problems.length > 0) || manifests.length < layout.manifests.length) return [];
  const scene = overrideScene(project);
  const rules = rootDocuments(project).flatMap((manifest) =>
    manifest.manifest.overrides.flatMap((rule): Rule[] => {
      const meaning = ecosystem.transitive.readOverride(scene, rule);
      return meaning === undefined ? [] : [{ rule, meaning, manifest, waiting: waitingEntry(meaning, project) }];
    }),
  );
  // What an install is due for, a rule may be meant for.
  const isSettled =
    rules.every(({ waiting }) => waiting === undefined) &&
    manifests.every(({ lines }) => lines.every(({ pending }) => pending === undefined));
  return rules.flatMap((item) => {
    const issue = affected(item, project) ?? waits(item, project) ?? (isSettled ? idle(item, project) : undefined);
    return issue ?? [];
  });
}

interface Rule {
  readonly rule: Override;
  readonly meaning: OverrideMeaning;
  /** The document that holds it. */
  readonly manifest: ManifestView;
  /** What is installed in another version than it forces. */
  readonly waiting: LockEntry | undefined;
}

/** A rule that the lockfile was not made with. */
function waits({ rule, meaning, manifest, waiting }: Rule, { lockfile, layout }: Project): HygieneIssue | undefined {
  if (waiting === undefined) return undefined;
  const file = basename(lockfile?.document.path ?? '');
  return {
    code: 'waiting-for-install',
    place: { path: manifest.document.path, span: rule.valueSpan },
    message: `${waiting.name} ${meaning.forces ?? ''} is forced, ${file} still has ${waiting.version}. Run: ${layout.installCommand}`,
  };
}

/** A rule without an effect on what is installed. */
function idle({ rule, meaning, manifest }: Rule, project: Project): HygieneIssue | undefined {
  const { path } = manifest.document;
  const name = meaning.path.at(-1)?.name ?? '';
  const place = { path, span: rule.nameSpan };
  const fix = {
    title: `Remove the override of ${name}`,
    edit: project.ecosystem.transitive.removeOverride(path, rule),
    verify: [],
  };
  if (matchesNothing(meaning, project)) {
    const lockfile = basename(project.lockfile?.document.path ?? '');
    const message = `This override of ${name} matches nothing in ${lockfile}. Remove it`;
    return { code: 'override-unused', place, message, fix };
  }
  if (!isUnneeded(meaning, project)) return undefined;
  const message = `This override of ${name} is no longer needed: all that ask for it take what it forces without it. Remove it`;
  return { code: 'override-unneeded', place, message, fix };
}

/** A rule that keeps an affected version where a fixed one is known that the rule does not let in. */
function affected(
  { rule, meaning, manifest }: Rule,
  { installed, assessment, knowledge, ecosystem }: Project,
): HygieneIssue | undefined {
  const { path: selectors, forces } = meaning;
  const { path } = manifest.document;
  const name = selectors.at(-1)?.name;
  const { versions, transitive } = ecosystem;
  if (forces === undefined) return undefined;
  for (const [index, findings] of assessment.byPackage) {
    const subject = installed.packages[index]?.subject;
    if (subject?.name !== name || subject === undefined || !versions.satisfies(subject.version, forces)) continue;
    const matches = findings.filter(isAdvisoryFinding).map(({ match }) => match);
    const plan = planUpgrade({ subject, range: undefined, matches, conflict: () => undefined }, knowledge, versions);
    const candidate = plan.major ?? plan.smallest;
    const to = candidate?.version;
    const isMalware = findings.some(({ kind }) => kind === 'malware');
    // A version that the rule lets in already only has to be installed.
    if (candidate === undefined || to === undefined || isMalware || versions.satisfies(to, forces)) continue;
    const verify = candidate.verified ? [] : [subject];
    const edit = transitive.raiseOverride(path, rule, to);
    const advice = edit === undefined ? `${to} is fixed` : `Raise it to ${to}`;
    const number = matches.length === 1 ? '1 advisory affects' : `${String(matches.length)} advisories affect`;
    return {
      code: 'override-affected',
      place: { path, span: rule.valueSpan },
      message: `This override forces ${subject.name} ${subject.version}, which ${number}. ${advice}`,
      ...(edit === undefined ? {} : { fix: { title: `Raise the override of ${subject.name} to ${to}`, edit, verify } }),
    };
  }
  return undefined;
}

import { basename } from 'node:path';
import { isAdvisoryFinding } from '../../core/finding.ts';
import type { HygieneIssue } from '../../core/hygiene.ts';
import type { Override } from '../../core/manifest.ts';
import type { OverrideMeaning } from '../../core/transitive-dialect.ts';
import { planUpgrade } from '../../planner/plan-upgrade.ts';
import type { ManifestView, ProjectView } from '../snapshot.ts';
import { isUnneeded } from './unneeded-override.ts';
import { matchesNothing } from './unused-override.ts';

type Project = Omit<ProjectView, 'hygiene'>;

/** The rules of the root that do nothing, force an affected version, or change nothing. One issue for each at most. */
export function overrideHygiene(project: Project): HygieneIssue[] {
  const { lockfile, installed, manifests, layout, ecosystem } = project;
  if (lockfile === undefined || lockfile.problems.length > 0 || installed.lockfile.isRewritten === true) return [];
  if (manifests.some(({ problems }) => problems.length > 0) || manifests.length < layout.manifests.length) return [];
  // What an install is due for, a rule may be meant for.
  const isSettled = manifests.every(({ lines }) => lines.every(({ pending }) => pending === undefined));
  return manifests
    .filter(({ importer }) => importer === '.' || importer === undefined)
    .flatMap((manifest) =>
      manifest.manifest.overrides.flatMap((rule): HygieneIssue[] => {
        const meaning = ecosystem.transitive.readOverride(layout, rule);
        if (meaning === undefined) return [];
        const issue =
          affected(rule, meaning, manifest, project) ??
          (isSettled ? idle(rule, meaning, manifest, project) : undefined);
        return issue === undefined ? [] : [issue];
      }),
    );
}

/** A rule without an effect on what is installed. */
function idle(
  rule: Override,
  meaning: OverrideMeaning,
  { document: { path } }: ManifestView,
  project: Project,
): HygieneIssue | undefined {
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
  rule: Override,
  { path: selectors, forces }: OverrideMeaning,
  { document: { path } }: ManifestView,
  { installed, assessment, knowledge, ecosystem }: Project,
): HygieneIssue | undefined {
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

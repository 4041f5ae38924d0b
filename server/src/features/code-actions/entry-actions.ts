import type { Range } from 'vscode-languageserver-types';

import type { Subject } from '../../core/knowledge.ts';
import { isAdvisoryFinding } from '../../core/finding.ts';
import { distinctEdits } from '../../core/text-edit.ts';
import { entryRemedies, unknownOfEntry } from '../../workspace/transitive-remedies.ts';
import { linesOfEntry, linesThatBring, type ManifestLine } from '../../workspace/view-entry.ts';
import type { LockfileView, ProjectView } from '../../workspace/snapshot.ts';
import type { Action } from './action.ts';
import { isWanted, type CodeActionRequest } from './code-actions.ts';
import { decideAbout } from './decide-about.ts';
import { remedyAction } from './fix-transitive.ts';
import { upgradeStep } from './upgrade-step.ts';
import { upgradeToClear } from './upgrade-to-clear.ts';

/** Entries that a selection may offer something for: it may be the whole file. */
const MAX_ENTRIES = 5;

/** What can be done about the entries of a lockfile that a range touches, which is what their manifests' lines offer. */
export function entryActions(lockfile: LockfileView, project: ProjectView, request: CodeActionRequest): Action[] {
  const actions = entriesIn(lockfile, project, request.range).flatMap((index) => actionsOf(index, project, request));
  return distinct(actions).filter((action) => isWanted(action, request.only));
}

/** What a look-up would tell more about the entries that a range touches. */
export function unknownForEntries(lockfile: LockfileView, project: ProjectView, range: Range): Subject[] {
  return entriesIn(lockfile, project, range).flatMap((index) => {
    const packageIndex = project.installed.packageOf[index] ?? -1;
    const parents = parentsOf(index, project);
    return parents.length === 0 ? [] : unknownOfEntry(packageIndex, parents, project);
  });
}

function entriesIn({ document }: LockfileView, { installed }: ProjectView, { start, end }: Range): number[] {
  const from = document.lines.offsetAt({ line: start.line, character: 0 });
  const to = document.lines.offsetAt(document.lines.endOfLine(end.line));
  return [...installed.places.between(from, to).subarray(0, MAX_ENTRIES)];
}

function actionsOf(index: number, project: ProjectView, { canPrepareInstall, decide }: CodeActionRequest): Action[] {
  const { installed, assessment } = project;
  const entry = installed.lockfile.entries[index];
  if (entry === undefined) return [];
  const packageIndex = installed.packageOf[index] ?? -1;
  const mends = (assessment.byPackage.get(packageIndex) ?? []).filter(isAdvisoryFinding).map(({ ruleId }) => ruleId);
  const lines = linesOfEntry(entry, project);
  const upgrades = lines.flatMap(({ line, manifest }) => upgradeToClear(line, manifest, project));
  const steps = lines.flatMap(({ line, manifest }) => upgradeStep(line, manifest, project));
  const parents = parentsOf(index, project);
  // What only manifests ask for is mended where it is written.
  const remedies = parents.length === 0 ? [] : entryRemedies(packageIndex, parents, project);
  const fixes = remedies
    .filter(({ command }) => command === undefined || canPrepareInstall)
    .map((item) => remedyAction(item, project, mends));
  const own = assessment.byPackage.get(packageIndex) ?? [];
  const decided = assessment.decided.get(packageIndex) ?? [];
  return [...upgrades, ...fixes, ...steps, ...decideAbout({ own, decided }, project, decide)];
}

/** Of an affected entry alone: what mends another one is asked for elsewhere. */
function parentsOf(index: number, project: ProjectView): ManifestLine[] {
  const { installed, assessment } = project;
  return assessment.byPackage.has(installed.packageOf[index] ?? -1) ? linesThatBring([index], project) : [];
}

/** Members that ask for the same offer the same: one action with the edits of all. */
function distinct(actions: readonly Action[]): Action[] {
  const merged = new Map<string, Action>();
  for (const action of actions) {
    const key = `${action.kind}\n${action.title}`;
    const before = merged.get(key);
    merged.set(
      key,
      before === undefined ? action : { ...before, edits: distinctEdits([...before.edits, ...action.edits]) },
    );
  }
  return [...merged.values()];
}

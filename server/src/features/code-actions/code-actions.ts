import type { Range } from 'vscode-languageserver-types';

import type { Subject } from '../../core/knowledge.ts';
import { unknownOf } from '../../workspace/transitive-remedies.ts';
import type { ManifestView, ProjectView } from '../../workspace/snapshot.ts';
import { linesIn } from '../ranges.ts';
import type { Action } from './action.ts';
import { decideAbout, type DecideRequest } from './decide-about.ts';
import { FIX_ALL_KIND, fixAll } from './fix-all.ts';
import { letThrough } from './let-through.ts';
import { mendHygiene } from './mend-hygiene.ts';
import { prepareInstall } from './prepare-install.ts';
import { fixTransitive } from './fix-transitive.ts';
import { upgradeStep } from './upgrade-step.ts';
import { upgradeToClear } from './upgrade-to-clear.ts';

export interface CodeActionRequest {
  readonly range: Range;
  /** The kinds that the client asks for; undefined asks for all but `source`. */
  readonly only: readonly string[] | undefined;
  /** True when the client can put a command into a terminal. */
  readonly canPrepareInstall: boolean;
  /** How the user may decide about findings; undefined offers nothing of it. */
  readonly decide?: DecideRequest;
}

/** What can be done about the dependencies that a range touches. */
export function codeActions(manifest: ManifestView, project: ProjectView, request: CodeActionRequest): Action[] {
  const { only } = request;
  // A bare source.fixAll runs on save: upgrades must never happen that way.
  const all = only?.includes(FIX_ALL_KIND) === true ? fixAll(manifest, project) : [];
  const lines = linesIn(manifest, request.range);
  const ofLines = lines.flatMap((line) => [
    ...upgradeToClear(line, manifest, project),
    ...fixTransitive(line, manifest, project, request.canPrepareInstall),
    ...(request.canPrepareInstall ? prepareInstall(line, project) : []),
    ...upgradeStep(line, manifest, project),
  ]);
  const actions = [
    ...ofLines,
    ...mendHygiene(manifest, project, request.range),
    ...lines.flatMap((line) => letThrough(line, manifest, project)),
    ...lines.flatMap((line) => decideAbout(line, project, request.decide)),
  ];
  return [...all, ...actions.filter((action) => isWanted(action, only))];
}

/** True when a client that asks for some kinds asks for this action's too. */
export function isWanted({ kind }: Action, only: CodeActionRequest['only']): boolean {
  if (only === undefined || only.includes('')) return true;
  return only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));
}

/** What a look-up would tell more about the lines that a range touches, whether or not an action is offered already. */
export function unknownFor(manifest: ManifestView, project: ProjectView, range: Range): Subject[] {
  return linesIn(manifest, range).flatMap((line) => unknownOf(line, manifest, project));
}

import { CodeActionKind } from 'vscode-languageserver-types';

import { blockedFix, editFor, type BlockedFix } from '../../workspace/line-remedies.ts';
import type { LineView, ManifestView, ProjectView } from '../../workspace/snapshot.ts';
import { heldBackText, oneLine, ownAdvisories } from '../words.ts';
import type { Action } from './action.ts';

/** Takes the fix that the age gate holds back, and lets it through: both edits or none. Never preferred. */
export function letThrough(line: LineView, manifest: ManifestView, project: ProjectView): Action[] {
  const { policy, ecosystem } = project;
  const worst = ownAdvisories(line)[0];
  if (worst === undefined || worst.kind === 'malware' || policy.ageGate === undefined) return [];
  const blocked = blockedFix(line, project);
  if (blocked === undefined) return [];
  const { packageName: name } = line.dependency;
  const exclusion = ecosystem.letThrough(policy.ageGate, { name, version: blocked.version });
  if (exclusion === undefined) return [];
  const edit = editFor(line, manifest, project, blocked.version);
  return [
    {
      title: titleOf(name, blocked, exclusion.everyVersion, edit !== undefined),
      kind: CodeActionKind.QuickFix,
      isPreferred: false,
      edits: edit === undefined ? [] : [edit],
      late: [exclusion.edit],
      mends: [worst.ruleId],
      verify: [],
      command: undefined,
      key: `let-through ${name} ${blocked.version}`,
    },
  ];
}

function titleOf(name: string, { version, until }: BlockedFix, everyVersion: boolean, isWritten: boolean): string {
  const what = everyVersion ? `${name}, in every version,` : `${name} ${version}`;
  const target = everyVersion ? version : 'it';
  const upgrade = isWritten ? ` and upgrade to ${target}` : '';
  return oneLine(`Let ${what} through the age gate${upgrade} (${heldBackText(until)})`);
}

import { CodeActionKind } from 'vscode-languageserver-types';

import type { Remedy } from '../../core/remedy.ts';
import { lineRemedies } from '../../workspace/line-remedies.ts';
import type { LineView, ManifestView, ProjectView } from '../../workspace/snapshot.ts';
import { countAdvisories, ownAdvisories } from '../words.ts';
import type { Action } from './action.ts';

/** "Upgrade lodash to 4.17.21 (clears 3 advisories)": the smallest step first, preferred when it clears all; the major one apart. */
export function upgradeToClear(line: LineView, manifest: ManifestView, project: ProjectView): Action[] {
  const worst = ownAdvisories(line)[0];
  if (worst === undefined || worst.kind === 'malware') return [];
  return lineRemedies(line, manifest, project).map((remedy, index) => ({
    title: titleOf(remedy),
    kind: CodeActionKind.QuickFix,
    isPreferred: index === 0 && !remedy.breaking && remedy.leaves.length === 0,
    edits: remedy.edits,
    mends: [worst.ruleId],
    verify: remedy.state === 'verified' || line.subject === undefined ? [] : [line.subject],
    command: undefined,
  }));
}

function titleOf(remedy: Remedy): string {
  const size = remedy.breaking ? `, ${remedy.step ?? 'unclear'} step` : '';
  const left = remedy.leaves.length > 0 ? `, leaves ${String(remedy.leaves.length)}` : '';
  const state = remedy.state === 'proposed' ? ', proposed' : '';
  return `Upgrade ${remedy.package} to ${remedy.to} (clears ${countAdvisories(remedy.clears.length)}${left}${size}${state})`;
}

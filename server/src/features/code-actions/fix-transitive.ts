import { dirname } from 'node:path';
import { CodeActionKind } from 'vscode-languageserver-types';

import { INSTALL_COMMAND } from '../../protocol.ts';
import type { LineView, ManifestView, ProjectView } from '../../workspace/snapshot.ts';
import { transitiveRemedies, type TransitiveRemedy } from '../../workspace/transitive-remedies.ts';
import { countAdvisories, oneLine } from '../words.ts';
import type { Action } from './action.ts';

/** What mends the packages that a line brings in, on that line. */
export function fixTransitive(
  line: LineView,
  manifest: ManifestView,
  project: ProjectView,
  canPrepareCommand: boolean,
): Action[] {
  const worst = line.brings[0];
  if (worst === undefined) return [];
  const mends = line.brings.map(({ ruleId }) => ruleId);
  return transitiveRemedies(line, manifest, project)
    .filter(({ command }) => command === undefined || canPrepareCommand)
    .map((item) => remedyAction(item, project, mends));
}

/** The action of one remedy. `mends` are codes of the diagnostics that it belongs to. */
export function remedyAction(item: TransitiveRemedy, project: ProjectView, mends: readonly string[]): Action {
  const { remedy, late, command } = item;
  const title = titleOf(item, project);
  return {
    title,
    kind: CodeActionKind.QuickFix,
    isPreferred: false,
    edits: remedy.edits,
    late,
    mends,
    verify: item.unknown,
    command:
      command === undefined ? undefined : { title, command: INSTALL_COMMAND, arguments: [folderOf(project), command] },
    key: `${remedy.kind} ${remedy.package} ${remedy.from} ${remedy.to}`,
  };
}

function titleOf(item: TransitiveRemedy, { layout }: ProjectView): string {
  const { remedy, command, under } = item;
  const what = `${remedy.package} ${remedy.from} to ${remedy.to}`;
  switch (remedy.kind) {
    case 'lock':
      return oneLine(`Refresh ${what} in the lockfile (${effects(item)})`);
    case 'refresh':
      return oneLine(`Put “${command ?? ''}” into the terminal: ${what} (${effects(item)})`);
    case 'parent':
      return oneLine(`Upgrade ${remedy.package} to ${remedy.to} (${effects(item)}; then ${layout.installCommand})`);
    default: {
      const where = under.length === 0 ? '' : ` under ${under.join(', ')}`;
      return oneLine(`Override ${what}${where} (${effects(item)}; then ${layout.installCommand})`);
    }
  }
}

/** What it fixes, leaves and brings in. */
function effects({ remedy, brings, alsoBy }: TransitiveRemedy): string {
  const parts = [
    `clears ${countAdvisories(remedy.clears.length)}`,
    ...(alsoBy.length > 0 ? [`still brought in by ${alsoBy.join(', ')}`] : []),
    ...(brings.length > 0 ? [`brings in ${countAdvisories(brings.length)}`] : []),
    ...(remedy.breaking ? [`${remedy.step ?? 'unclear'} step`] : []),
    ...(remedy.state === 'proposed' ? ['proposed'] : []),
  ];
  return parts.join(', ');
}

function folderOf({ layout: { lockfile, root } }: ProjectView): string {
  return lockfile === undefined ? root : dirname(lockfile);
}

import { CodeActionKind, type Range } from 'vscode-languageserver-types';

import type { ManifestView, ProjectView } from '../../workspace/snapshot.ts';
import { rangeOfSpan } from '../ranges.ts';
import { oneLine } from '../words.ts';
import type { Action } from './action.ts';

/** The edits that put the overrides which a range touches in order. */
export function mendHygiene({ document }: ManifestView, { hygiene }: ProjectView, { start, end }: Range): Action[] {
  return hygiene.flatMap(({ code, place, fix }): Action[] => {
    if (fix === undefined || place.path !== document.path) return [];
    const range = rangeOfSpan(document, place.span);
    if (range.end.line < start.line || range.start.line > end.line) return [];
    return [
      {
        title: oneLine(`${fix.title}${fix.verify.length > 0 ? ' (proposed)' : ''}`),
        kind: CodeActionKind.QuickFix,
        isPreferred: true,
        edits: [],
        late: [fix.edit],
        mends: [code],
        verify: fix.verify,
        command: undefined,
        key: `${code} ${String(place.span.start)} ${fix.title}`,
      },
    ];
  });
}

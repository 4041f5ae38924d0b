import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';

import { scopesOf } from '../../core/package.ts';
import type { LockBlock } from '../../core/lock-text.ts';
import type { OpenLockfile, ProjectView } from '../../workspace/snapshot.ts';
import { rangeOfSpan } from '../ranges.ts';
import { oneLine } from '../words.ts';
import { spanOf } from './lockfile-place.ts';

/** As many as VS Code's own outline of JSON has at most. */
const MAX_SYMBOLS = 5_000;

/** Workspace members and entries by name and version, in the order of the text. */
export function lockfileSymbols(lockfile: OpenLockfile, project: ProjectView): DocumentSymbol[] {
  const { document, text } = lockfile;
  const { places, lockfile: read } = project.installed;
  const format = project.ecosystem.lockText(document.path);
  const symbolOf = ({ key, block }: LockBlock, name: string, detail: string, kind: SymbolKind): DocumentSymbol => ({
    name: oneLine(name) || '.',
    detail,
    kind,
    range: rangeOfSpan(document, block),
    selectionRange: rangeOfSpan(document, key),
  });
  const members = format.membersIn(text).filter(({ key }) => places.at(key.start) === undefined);
  const symbols = members.slice(0, MAX_SYMBOLS).map((at) => {
    return symbolOf(at, text.slice(at.key.start, at.key.end), '', SymbolKind.Module);
  });
  for (const index of places.inOrder().subarray(0, MAX_SYMBOLS - symbols.length)) {
    const entry = read.entries[index];
    if (entry === undefined) continue;
    const name = entry.version === '' ? entry.name : `${entry.name}@${entry.version}`;
    const kind = entry.source === 'workspace' ? SymbolKind.Module : SymbolKind.Package;
    symbols.push(symbolOf(format.blockOf(text, spanOf(entry)), name, scopesOf(entry.scopes).join(', '), kind));
  }
  return symbols;
}

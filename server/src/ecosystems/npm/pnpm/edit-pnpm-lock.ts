import type { LockChange, Replacement } from '../../../core/transitive-dialect.ts';

/**
 * Takes a package in a `pnpm-lock.yaml` of version 9 to another version, on the lines as pnpm writes them. Undefined where
 * that would take more than replacing texts: the version is there already, is a peer of others, or has an archive of its own.
 */
export function editPnpmLock(text: string, change: LockChange): readonly Replacement[] | undefined {
  const { name, from, to, integrity } = change;
  const start = text.lastIndexOf('\n---\n') + 1;
  const document = text.slice(start);
  if (document.includes(`(${name}@${from})`) || hasKey(document, name, to)) return undefined;
  const replacements: Replacement[] = [];
  const at = (offset: number, length: number, newText: string): void => {
    replacements.push({ span: { start: start + offset, end: start + offset + length }, newText });
  };
  let resolutions = 0;
  for (const [pattern, isResolution] of patternsFor(name, from)) {
    for (const found of document.matchAll(pattern)) {
      const [whole, before = ''] = found;
      const replaced = whole.slice(before.length);
      at(found.index + before.length, replaced.length, isResolution ? integrity : to);
      if (isResolution) resolutions++;
    }
  }
  return resolutions === 1 ? replacements : undefined;
}

function hasKey(document: string, name: string, version: string): boolean {
  return new RegExp(`^  ['"]?${literal(`${name}@${version}`)}['"]?[:(]`, 'm').test(document);
}

/** Each matches what stands before the replaced text, and that text. */
function patternsFor(name: string, from: string): [RegExp, boolean][] {
  const [named, version] = [literal(name), literal(from)];
  const quoted = `['"]?${named}['"]?`;
  return [
    // Keys of packages and snapshots.
    [new RegExp(`^(  ['"]?${named}@)${version}(?=['"]?:|\\()`, 'gm'), false],
    // What others are given, by its own name and by another.
    [new RegExp(`^( {6}${quoted}: ['"]?)${version}(?=['"]?\\r?$|\\()`, 'gm'), false],
    [new RegExp(`^( {6}\\S+: ['"]?${named}@)${version}(?=['"]?\\r?$|\\()`, 'gm'), false],
    // Members and catalogs, on the second line below the name.
    [new RegExp(`^( +${quoted}:\\r?\\n +specifier: .*\\n +version: ['"]?)${version}(?=['"]?\\r?$|\\()`, 'gm'), false],
    [
      new RegExp(`^(  ['"]?${named}@${version}['"]?:\\r?\\n    resolution: \\{integrity: )[^,}\\s]+(?=\\})`, 'gm'),
      true,
    ],
  ];
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

import type { LockChange, Replacement } from '../../../core/transitive-dialect.ts';
import { isSameNeeds } from '../lockfile/same-needs.ts';
import { resolvedUrl } from '../registry/resolved-url.ts';
import { valueAt } from '../../../text/document-tree.ts';
import { readJsonTree } from '../../../text/json-tree.ts';

/**
 * Takes every place of a package in a `bun.lock` to another version, on the lines as bun writes them: the version, the
 * address where one is written, and the hash. Undefined where that would take more: what the package needs is another, or
 * the version is installed beside it, with which bun would join it.
 */
export function editBunLock(text: string, change: LockChange): readonly Replacement[] | undefined {
  const { name, from, to } = change;
  if (text.includes(`: [${JSON.stringify(`${name}@${to}`)},`)) return undefined;
  const replacements: Replacement[] = [];
  const before = JSON.stringify(`${name}@${from}`);
  for (const { index, 0: line } of text.matchAll(PACKAGE_LINE)) {
    const start = line.indexOf(`: [${before},`) + 2;
    const end = line.lastIndexOf(']') + 1;
    if (start === 1 || end <= start) continue;
    const edited = editTuple(line.slice(start, end), change);
    if (edited === undefined) return undefined;
    replacements.push({ span: { start: index + start, end: index + end }, newText: edited });
  }
  return replacements.length === 0 ? undefined : replacements;
}

const PACKAGE_LINE = /^ {4}".*/gm;

/** Of a registry's package: its name and version, the address or nothing, what it needs, and the hash. */
const TUPLE = /^\["[^"\\]+", "([^"\\]*)", (\{.*\}), "sha\d{3}-[^"\\]+"\]$/;

function editTuple(tuple: string, change: LockChange): string | undefined {
  const [, resolved, info] = TUPLE.exec(tuple) ?? [];
  if (resolved === undefined || info === undefined || !isSameNeeds(needsIn(info), change.dependencies))
    return undefined;
  const address = resolved === '' ? '' : resolvedUrl(resolved, change);
  if (address === undefined) return undefined;
  const named = JSON.stringify(`${change.name}@${change.to}`);
  return `[${named}, ${JSON.stringify(address)}, ${info}, ${JSON.stringify(change.integrity)}]`;
}

/** Specifiers by name; undefined when the text is no longer what bun writes. */
function needsIn(info: string): ReadonlyMap<string, string> | undefined {
  const { root, problems } = readJsonTree(info);
  if (root?.kind !== 'map' || problems.length > 0) return undefined;
  const groups = ['dependencies', 'optionalDependencies'].map((group) => valueAt(root, group));
  return new Map(
    groups.flatMap((group) =>
      group?.kind === 'map'
        ? group.entries.map(({ name, value }) => [name, value?.kind === 'text' ? value.text : ''] as const)
        : [],
    ),
  );
}

import type { LockChange, Replacement } from '../../../core/transitive-dialect.ts';
import { valueAt, type DocumentNode } from '../../../text/document-tree.ts';
import { readJsonTree } from '../../../text/json-tree.ts';
import { resolvedUrl } from '../registry/resolved-url.ts';

/** Takes every place of a package in a package-lock of version 3 to another version. Undefined when it has none. */
export function editPackageLock(text: string, change: LockChange): readonly Replacement[] | undefined {
  const { root, problems } = readJsonTree(text);
  const packages = valueAt(root, 'packages');
  if (problems.length > 0 || packages?.kind !== 'map') return undefined;
  const replacements: Replacement[] = [];
  for (const { name: place, value } of packages.entries) {
    if (!isPackage(place, value, change)) continue;
    const edits = editEntry(value, change);
    if (edits === undefined) return undefined;
    replacements.push(...edits);
  }
  return replacements.length === 0 ? undefined : replacements;
}

function isPackage(place: string, value: DocumentNode | undefined, { name, from }: LockChange): boolean {
  const named = textOf(valueAt(value, 'name')) ?? /.*(?:^|\/)node_modules\/(.+)$/.exec(place)?.[1];
  return named === name && textOf(valueAt(value, 'version')) === from && valueAt(value, 'link') === undefined;
}

function editEntry(value: DocumentNode | undefined, change: LockChange): Replacement[] | undefined {
  const version = valueAt(value, 'version');
  const integrity = valueAt(value, 'integrity');
  if (version === undefined || integrity === undefined || valueAt(value, 'inBundle') !== undefined) return undefined;
  const address = addressEdits(valueAt(value, 'resolved'), change);
  if (address === undefined) return undefined;
  return [
    { span: version.span, newText: change.to },
    ...address,
    { span: integrity.span, newText: change.integrity },
    ...['dependencies', 'optionalDependencies'].flatMap((group) => rangeEdits(valueAt(value, group), change)),
  ];
}

/** None where the lockfile names no address; undefined where the new one cannot be told. */
function addressEdits(resolved: DocumentNode | undefined, change: LockChange): Replacement[] | undefined {
  if (resolved === undefined) return [];
  const url = resolvedUrl(textOf(resolved) ?? '', change);
  return url === undefined ? undefined : [{ span: resolved.span, newText: jsonInside(url) }];
}

function rangeEdits(group: DocumentNode | undefined, { dependencies }: LockChange): Replacement[] {
  if (group?.kind !== 'map') return [];
  return group.entries.flatMap(({ name, value }) => {
    const wanted = Object.hasOwn(dependencies, name) ? dependencies[name] : undefined;
    const isSame = wanted === undefined || textOf(value) === wanted;
    return value === undefined || isSame ? [] : [{ span: value.span, newText: jsonInside(wanted) }];
  });
}

/** A text as it stands between its quotes. */
function jsonInside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function textOf(node: DocumentNode | undefined): string | undefined {
  return node?.kind === 'text' ? node.text : undefined;
}

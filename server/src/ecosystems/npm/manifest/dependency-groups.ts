import type { Dependency, Manifest } from '../../../core/manifest.ts';
import type { Scope } from '../../../core/package.ts';
import type { Problem } from '../../../core/span.ts';
import { distinctEntries, type DocumentEntry } from '../../../text/document-tree.ts';
import { parseSpecifier } from '../specifier.ts';

/** What the blocks of a document add up to. */
export interface Groups {
  readonly dependencies: Dependency[];
  readonly groups: Manifest['groups'][number][];
}

/** Adds the dependencies of one block (`devDependencies`, `catalog`). A line that is not typed to its end is left out. */
export function addGroup(
  block: DocumentEntry,
  { name, scope, catalog }: { readonly name: string; readonly scope: Scope; readonly catalog?: string },
  into: Groups,
  problems: Problem[],
): void {
  if (block.value?.kind !== 'map') {
    if (block.value) problems.push({ span: block.value.span, message: `"${name}" must hold names and versions` });
    return;
  }
  into.groups.push({ name, nameSpan: block.nameSpan, span: block.value.span });
  for (const entry of distinctEntries(block.value, problems)) {
    const { value } = entry;
    if (value?.kind === 'text') {
      const { packageName, specifier } = parseSpecifier(entry.name, value.text, value.span);
      const dependency = {
        name: entry.name,
        packageName,
        group: name,
        scope,
        written: value.text,
        specifier,
        nameSpan: entry.nameSpan,
        valueSpan: value.span,
      };
      into.dependencies.push(catalog === undefined ? dependency : { ...dependency, catalog });
    } else if (value) problems.push({ span: value.span, message: `the version of "${entry.name}" must be a string` });
  }
}

/** The name of the catalog that `catalog:` without a name means. */
const DEFAULT_CATALOG = 'default';

/** Adds the `catalog` and `catalogs` of a document: pnpm's in pnpm-workspace.yaml, yarn's in .yarnrc.yml, bun's in package.json. */
export function addCatalogs(entries: readonly DocumentEntry[], into: Groups, problems: Problem[]): void {
  for (const entry of entries) {
    if (entry.name === 'catalog') {
      addGroup(entry, { name: 'catalog', scope: 'prod', catalog: DEFAULT_CATALOG }, into, problems);
    } else if (entry.name === 'catalogs') {
      for (const named of distinctEntries(entry.value, problems)) {
        addGroup(named, { name: `catalogs.${named.name}`, scope: 'prod', catalog: named.name }, into, problems);
      }
    }
  }
}

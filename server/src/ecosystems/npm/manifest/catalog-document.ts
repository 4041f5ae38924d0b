import type { Manifest } from '../../../core/manifest.ts';
import type { Problem } from '../../../core/span.ts';
import { distinctEntries, type DocumentNode } from '../../../text/document-tree.ts';
import { readYaml } from '../../../text/yaml-tree.ts';
import { addCatalogs, type Groups } from './dependency-groups.ts';

/** A document in YAML whose dependencies are those of its catalogs, and the tree for what else it says. */
export interface CatalogDocument {
  readonly root: DocumentNode | undefined;
  readonly manifest: Manifest;
  readonly problems: Problem[];
}

export function readCatalogDocument(text: string): CatalogDocument {
  const { root, problems } = readYaml(text);
  if (root && root.kind !== 'map')
    problems.push({ span: root.span, message: 'this document must hold names and values' });
  const into: Groups = { dependencies: [], groups: [] };
  addCatalogs(distinctEntries(root, problems), into, problems);
  const manifest: Manifest = {
    name: undefined,
    version: undefined,
    isPrivate: true,
    dependencies: into.dependencies,
    overrides: [],
    workspaces: undefined,
    groups: into.groups,
  };
  return { root, manifest, problems };
}

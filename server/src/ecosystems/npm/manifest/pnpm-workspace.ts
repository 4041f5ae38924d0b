import type { Manifest } from '../../../core/manifest.ts';
import type { Parsed } from '../../../core/span.ts';
import { readYaml } from '../text/yaml-tree.ts';
import { addCatalogs, type Groups } from './dependency-groups.ts';
import { distinctEntries, textsOf, valueAt } from '../text/document-tree.ts';
import { pnpmOverrides } from './overrides.ts';

/**
 * Reads a `pnpm-workspace.yaml`: patterns of members, catalogs, overrides.
 * @see https://pnpm.io/pnpm-workspace_yaml
 */
export function parsePnpmWorkspace(text: string): Parsed<Manifest> {
  const { root, problems } = readYaml(text);
  if (root && root.kind !== 'map')
    problems.push({ span: root.span, message: 'this document must hold names and values' });
  const into: Groups = { dependencies: [], groups: [] };
  addCatalogs(distinctEntries(root, problems), into, problems);
  const value: Manifest = {
    name: undefined,
    version: undefined,
    isPrivate: true,
    dependencies: into.dependencies,
    overrides: pnpmOverrides(valueAt(root, 'overrides'), 'settings.overrides', problems),
    workspaces: textsOf(valueAt(root, 'packages')),
    groups: into.groups,
  };
  return { value, problems };
}

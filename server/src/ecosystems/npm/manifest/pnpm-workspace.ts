import type { Manifest } from '../../../core/manifest.ts';
import type { Parsed } from '../../../core/span.ts';
import { textsOf, valueAt } from '../../../text/document-tree.ts';
import { readCatalogDocument } from './catalog-document.ts';
import { pnpmOverrides } from './overrides.ts';

/**
 * Reads a `pnpm-workspace.yaml`: patterns of members, catalogs, overrides.
 * @see https://pnpm.io/pnpm-workspace_yaml
 */
export function parsePnpmWorkspace(text: string): Parsed<Manifest> {
  const { root, manifest, problems } = readCatalogDocument(text);
  const overrides = pnpmOverrides(valueAt(root, 'overrides'), 'settings.overrides', problems);
  return { value: { ...manifest, overrides, workspaces: textsOf(valueAt(root, 'packages')) }, problems };
}

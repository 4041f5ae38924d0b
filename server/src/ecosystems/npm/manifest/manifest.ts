import type { Manifest } from '../../../core/manifest.ts';
import type { Scope } from '../../../core/package.ts';
import type { Parsed, Problem } from '../../../core/span.ts';
import { addCatalogs, addGroup, type Groups } from './dependency-groups.ts';
import {
  distinctEntries,
  textAt,
  textsOf,
  valueAt,
  type DocumentEntry,
  type DocumentNode,
} from '../../../text/document-tree.ts';
import { readJsonTree } from '../../../text/json-tree.ts';
import { npmOverrides, pnpmOverrides, yarnResolutions } from './overrides.ts';
import { parsePnpmWorkspace } from './pnpm-workspace.ts';
import { parseYarnrc } from './yarnrc.ts';

/** The blocks of dependencies, in the order in which people write them. */
const GROUPS: ReadonlyMap<string, Scope> = new Map([
  ['dependencies', 'prod'],
  ['devDependencies', 'dev'],
  ['optionalDependencies', 'optional'],
  ['peerDependencies', 'peer'],
]);

/** Reads a `package.json`, or a document that holds catalogs: everything that can be read, and a problem for what cannot. */
export function parseManifest(path: string, text: string): Parsed<Manifest> {
  if (path.endsWith('.yarnrc.yml')) return parseYarnrc(text);
  return /\.ya?ml$/i.test(path) ? parsePnpmWorkspace(text) : parsePackageJson(text);
}

function parsePackageJson(text: string): Parsed<Manifest> {
  const { root, problems } = readJsonTree(text);
  if (root && root.kind !== 'map') problems.push({ span: root.span, message: 'a manifest must be a JSON object' });
  const into: Groups = { dependencies: [], groups: [] };
  const entries = distinctEntries(root, problems);
  for (const entry of entries) {
    const scope = GROUPS.get(entry.name);
    if (scope) addGroup(entry, { name: entry.name, scope }, into, problems);
  }
  const workspaces = valueAt(root, 'workspaces');
  // Only bun has them here; what others write into a field of that name is not theirs to mend.
  addCatalogs(entries.filter(isMap), into, problems);
  if (workspaces?.kind === 'map') addCatalogs(distinctEntries(workspaces, problems), into, problems);
  const isPrivate = valueAt(root, 'private');
  const nodeEngine = textAt(valueAt(root, 'engines'), 'node');
  const value: Manifest = {
    name: textAt(root, 'name'),
    version: textAt(root, 'version'),
    isPrivate: isPrivate?.kind === 'other' && isPrivate.value === true,
    ...(nodeEngine === undefined ? {} : { nodeEngine }),
    dependencies: into.dependencies,
    overrides: overridesOf(root, problems),
    workspaces: workspacePatterns(workspaces),
    groups: into.groups,
  };
  return { value, problems };
}

function isMap({ value }: DocumentEntry): boolean {
  return value?.kind === 'map';
}

function overridesOf(root: DocumentNode | undefined, problems: Problem[]): Manifest['overrides'] {
  return [
    ...npmOverrides(valueAt(root, 'overrides'), problems),
    ...yarnResolutions(valueAt(root, 'resolutions'), problems),
    ...pnpmOverrides(valueAt(valueAt(root, 'pnpm'), 'overrides'), 'pnpm.overrides', problems),
  ];
}

/** The patterns of a `workspaces` field. An object without `packages` (bun's catalogs) still declares a workspace: one without members. */
export function workspacePatterns(workspaces: DocumentNode | undefined): readonly string[] | undefined {
  return workspaces?.kind === 'map' ? (textsOf(valueAt(workspaces, 'packages')) ?? []) : textsOf(workspaces);
}

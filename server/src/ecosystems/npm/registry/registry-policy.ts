import { basename, dirname } from 'node:path';
import type { PolicyOptions } from '../../../core/ecosystem.ts';
import type { Files } from '../../../core/ports.ts';
import type { ProjectLayout } from '../../../core/project.ts';
import type { RegistryPolicy } from '../../../core/registry-policy.ts';
import { scopeOf } from '../package-name.ts';
import { hostOf, isPublicRegistry, PUBLIC_BASE } from './public-registry.ts';
import { readAgeGate } from './read-age-gate.ts';
import { readAccess } from './registry-access.ts';
import {
  environmentLayer,
  pnpmWorkspaceLayer,
  userLayer,
  workspaceLayer,
  yarnLayer,
  type NamedRegistry,
  type RegistryLayer,
} from './registry-layer.ts';

const PUBLIC: NamedRegistry = { kind: 'known', base: PUBLIC_BASE };

/**
 * The registry policy of a project. The environment beats the workspace's root, which beats the user's own file, as with
 * npm; but a file of the workspace chooses only where it is trusted and lies in the root. Every file withholds names.
 */
export async function readPolicy(files: Files, layout: ProjectLayout, options: PolicyOptions): Promise<RegistryPolicy> {
  const { environment, trusted, userConfigPath, userSettingsPaths = [], publicRegistryHost } = options;
  const userText = userConfigPath === undefined ? undefined : await files.readText(userConfigPath);
  const user = userLayer(userConfigPath ?? '', userText ?? '', environment);
  const configs = layout.registryConfigs.filter((path) => path !== userConfigPath);
  const texts = await Promise.all(
    configs.map(async (path) => ({ path, text: (await files.readText(path)) ?? '', isUser: false })),
  );
  const workspace = texts.map(({ path, text }) => readWorkspaceLayer(path, text));
  const own = await Promise.all(
    userSettingsPaths.map(async (path) => ({ path, text: (await files.readText(path)) ?? '', isUser: true })),
  );
  const ownText = { path: userConfigPath ?? '', text: userText ?? '', isUser: true };
  const { root, lockfile, managerVersion } = layout;
  const ageGate = readAgeGate([...texts, ownText, ...own], { root, lockfile, managerVersion, trusted });
  const mayChoose = new Set(trusted ? workspace.filter((layer) => choosesFor(layout.root, layer)) : []);
  // The file that beats the others is named first, so it is laid on last.
  const layers = [user, ...[...mayChoose].reverse(), environmentLayer(environment)];
  const access = await readAccess(files, layers, { environment, root: layout.root });
  const standings = new Map<string, Standing>();
  const standingOf = (name: string): Standing => {
    const scope = scopeOf(name) ?? '';
    const found = standings.get(scope);
    if (found) return found;
    const standing = standingFor(scope, { layers, user, workspace, mayChoose });
    standings.set(scope, standing);
    return standing;
  };
  const elsewhere = rememberLast(withheldAsResolved);
  return {
    registryOf: (name) => standingOf(name).registry,
    withheld: (name, resolvedFrom) => standingOf(name).withheld ?? elsewhere(resolvedFrom),
    access,
    mayAsk: (name) => standingOf(name).mayAsk,
    requestBase: (registry) =>
      publicRegistryHost !== undefined && registry === PUBLIC_BASE ? withSlash(publicRegistryHost) : registry,
    ageGate,
  };
}

function withheldAsResolved(from: string | undefined): string | undefined {
  if (from === undefined || isPublicRegistry(from)) return undefined;
  return `the lockfile took it from ${hostOf(from)}, not the public registry`;
}

/** Of thousands of packages of a lockfile in a row, nearly all come from one registry. */
function rememberLast<T, R>(compute: (input: T) => R): (input: T) => R {
  let last: { readonly input: T; readonly result: R } | undefined;
  return (input) => {
    if (last === undefined || last.input !== input) last = { input, result: compute(input) };
    return last.result;
  };
}

function readWorkspaceLayer(path: string, text: string): RegistryLayer {
  switch (basename(path)) {
    case 'pnpm-workspace.yaml':
      return pnpmWorkspaceLayer(path, text);
    case '.yarnrc.yml':
      return yarnLayer(path, text);
    case 'bunfig.toml':
      return { path, defaultRegistry: undefined, scopes: new Map(), settings: new Map() };
    default:
      return workspaceLayer(path, text);
  }
}

/** npm and pnpm read the root's files. A member's file, and yarn's, only withhold. */
function choosesFor(root: string, { path }: RegistryLayer): boolean {
  return path !== undefined && dirname(path) === root && basename(path) !== '.yarnrc.yml';
}

/** What holds for all names of a scope, and for all names without one. */
interface Standing {
  readonly registry: string;
  readonly withheld: string | undefined;
  readonly mayAsk: boolean;
}

interface Layers {
  /** Those that choose, the weakest first. */
  readonly layers: readonly RegistryLayer[];
  readonly user: RegistryLayer;
  readonly workspace: readonly RegistryLayer[];
  readonly mayChoose: ReadonlySet<RegistryLayer>;
}

function standingFor(scope: string, { layers, user, workspace, mayChoose }: Layers): Standing {
  const effective =
    layers.findLast((layer) => layer.scopes.has(scope))?.scopes.get(scope) ??
    layers.findLast((layer) => layer.defaultRegistry !== undefined)?.defaultRegistry ??
    PUBLIC;
  let withheld = isPublic(effective) ? undefined : `it comes from ${described(effective)}`;
  let mayAsk = effective.kind === 'known';
  for (const layer of workspace) {
    // The user's own word on a scope beats a file's on everything.
    const named = layer.scopes.get(scope) ?? (user.scopes.has(scope) ? undefined : layer.defaultRegistry);
    if (named === undefined || isPublic(named)) continue;
    withheld ??= `${basename(layer.path ?? '')} of the workspace puts it in ${described(named)}`;
    const isElsewhere = named.kind === 'untold' || textOf(named) !== textOf(effective);
    if (isElsewhere && (isPublic(effective) || !mayChoose.has(layer))) mayAsk = false;
  }
  return { registry: textOf(effective), withheld, mayAsk };
}

function isPublic(registry: NamedRegistry): boolean {
  return registry.kind === 'known' && registry.base === PUBLIC_BASE;
}

/** A registry that cannot be told has an address that nothing can be asked at, and that equals no other. */
function textOf(registry: NamedRegistry): string {
  return registry.kind === 'known' ? registry.base : 'untold:/';
}

function described(registry: NamedRegistry): string {
  return registry.kind === 'known'
    ? `${hostOf(registry.base)}, not the public registry`
    : 'a registry whose address holds a variable or is no web address';
}

function withSlash(text: string): string {
  return text.endsWith('/') ? text : `${text}/`;
}

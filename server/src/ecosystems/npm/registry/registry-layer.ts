import { readYaml } from '../../../text/yaml-tree.ts';
import { distinctEntries, valueAt, type DocumentNode } from '../../../text/document-tree.ts';
import { expandVariables, hasVariable, parseNpmrc, type NpmConfig } from './npmrc.ts';
import { registryBase } from './public-registry.ts';

/** A registry as a file names it. One that cannot be told for certain counts as a private one that is never asked. */
export type NamedRegistry = { readonly kind: 'known'; readonly base: string } | { readonly kind: 'untold' };

/** What one file, or the environment, says. */
export interface RegistryLayer {
  /** Absolute path; undefined for the environment. */
  readonly path: string | undefined;
  readonly defaultRegistry: NamedRegistry | undefined;
  /** By scope, with its `@`. */
  readonly scopes: ReadonlyMap<string, NamedRegistry>;
  /** All other settings that could be read: credentials by address, certificates, proxies. */
  readonly settings: NpmConfig;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's own file, the only one whose variables are put in place. */
export function userLayer(path: string, text: string, environment: Environment): RegistryLayer {
  return layerOf(path, parseNpmrc(text), (value) => expandVariables(value, environment));
}

/** An `.npmrc` of the workspace. A setting with a variable is not read; a registry with one is untold. */
export function workspaceLayer(path: string, text: string): RegistryLayer {
  return layerOf(path, parseNpmrc(text), (value) => (hasVariable(value) ? undefined : value));
}

/** `npm_config_…`, written as npm reads it. */
export function environmentLayer(environment: Environment): RegistryLayer {
  const config = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '' || !/^npm_config_/i.test(name)) continue;
    const key = name.slice('npm_config_'.length);
    config.set(key.startsWith('//') ? key : key.replace(/(?!^)_/g, '-').toLowerCase(), value);
  }
  return layerOf(undefined, config, (value) => value);
}

function layerOf(
  path: string | undefined,
  config: NpmConfig,
  read: (value: string) => string | undefined,
): RegistryLayer {
  const scopes = new Map<string, NamedRegistry>();
  const settings = new Map<string, string>();
  let defaultRegistry: NamedRegistry | undefined;
  for (const [writtenKey, written] of config) {
    const key = read(writtenKey);
    const value = read(written);
    // A key that cannot be told may name any scope.
    if (key === undefined && writtenKey.endsWith('registry')) defaultRegistry = { kind: 'untold' };
    else if (key === 'registry') defaultRegistry = namedRegistry(value);
    else if (key?.startsWith('@') === true && key.endsWith(':registry')) {
      scopes.set(key.slice(0, -':registry'.length), namedRegistry(value));
    } else if (key !== undefined && value !== undefined) settings.set(key, value);
    const credentials = key?.endsWith('registry') === true && value !== undefined ? credentialsIn(value) : undefined;
    if (credentials && !settings.has(credentials.key)) settings.set(credentials.key, credentials.value);
  }
  return { path, defaultRegistry, scopes, settings };
}

function namedRegistry(value: string | undefined): NamedRegistry {
  const base = value === undefined ? undefined : registryBase(value);
  return base === undefined ? { kind: 'untold' } : { kind: 'known', base };
}

/** `https://user:password@host/` as the setting that means the same. */
function credentialsIn(registry: string): { readonly key: string; readonly value: string } | undefined {
  if (!URL.canParse(registry)) return undefined;
  const { username, password, host, pathname } = new URL(registry);
  if (username === '' || password === '') return undefined;
  const pair = `${decoded(username)}:${decoded(password)}`;
  return {
    key: `//${host}${pathname.endsWith('/') ? pathname : `${pathname}/`}:_auth`,
    value: Buffer.from(pair).toString('base64'),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The `registries` of a `pnpm-workspace.yaml`: `default` and scopes. */
export function pnpmWorkspaceLayer(path: string, text: string): RegistryLayer {
  const registries = valueAt(readYaml(text).root, 'registries');
  const pairs = distinctEntries(registries, []).map(({ name, value }) => [name, value] as const);
  return registriesLayer(path, pairs, 'default');
}

/** The registries of a `.yarnrc.yml`: `npmRegistryServer`, and the same below `npmScopes`. */
export function yarnLayer(path: string, text: string): RegistryLayer {
  const { root } = readYaml(text);
  const scopes = distinctEntries(valueAt(root, 'npmScopes'), []).map(
    ({ name, value }) => [`@${name}`, valueAt(value, 'npmRegistryServer')] as const,
  );
  return registriesLayer(path, [['', valueAt(root, 'npmRegistryServer')], ...scopes], '');
}

function registriesLayer(
  path: string,
  pairs: readonly (readonly [name: string, registry: DocumentNode | undefined])[],
  defaultName: string,
): RegistryLayer {
  const named = new Map<string, NamedRegistry>();
  for (const [name, node] of pairs) {
    if (node === undefined) continue;
    const text = node.kind === 'text' ? node.text : '';
    named.set(name, namedRegistry(hasVariable(text) ? undefined : text));
  }
  const defaultRegistry = named.get(defaultName);
  named.delete(defaultName);
  return { path, defaultRegistry, scopes: named, settings: new Map() };
}

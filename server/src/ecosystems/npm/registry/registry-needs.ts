import type { RegistryNeeds, RegistryVersion } from '../../../core/registry-package.ts';

export type NeedsReader = (
  document: Readonly<Record<string, unknown>>,
) => Pick<RegistryVersion, 'needs' | 'lockTraits'>;

/** What `package-lock.json` and `pnpm-lock.yaml` repeat of a manifest, besides what has a place of its own. */
const TRAITS = [
  'bin',
  'engines',
  'os',
  'cpu',
  'libc',
  'license',
  'funding',
  'deprecated',
  'peerDependencies',
  'peerDependenciesMeta',
  'bundleDependencies',
  'bundledDependencies',
  'hasInstallScript',
  'scripts',
] as const;

/** Reads what the versions of one package bring in. Most versions ask for the same as the one before, and share it. */
export function createNeedsReader(): NeedsReader {
  const needs = new Map<string, RegistryNeeds>();
  const traits = new Map<string, number>();
  return (document) => {
    const read = needsOf(document);
    const needsKey = JSON.stringify(read);
    const traitsKey = JSON.stringify(TRAITS.map((name) => document[name]));
    if (!needs.has(needsKey)) needs.set(needsKey, read);
    if (!traits.has(traitsKey)) traits.set(traitsKey, traits.size);
    return { needs: needs.get(needsKey) ?? read, lockTraits: traits.get(traitsKey) ?? 0 };
  };
}

/** Publishing repeats the optional dependencies among the others. */
function needsOf(document: Readonly<Record<string, unknown>>): RegistryNeeds {
  const optional = specifiersIn(document['optionalDependencies']);
  const others = specifiersIn(document['dependencies']).filter(([name]) => !optional.some(([it]) => it === name));
  return {
    dependencies: Object.fromEntries(others),
    optionalDependencies: Object.fromEntries(optional),
    optionalPeers: optionalPeersIn(document['peerDependenciesMeta']),
    hasBundled: isBundling(document['bundleDependencies']) || isBundling(document['bundledDependencies']),
  };
}

function specifiersIn(value: unknown): [string, string][] {
  return entriesOf(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
}

function optionalPeersIn(value: unknown): string[] {
  return entriesOf(value).flatMap(([name, meta]) =>
    entriesOf(meta).some(([key, flag]) => key === 'optional' && flag === true) ? [name] : [],
  );
}

function isBundling(value: unknown): boolean {
  return value === true || (Array.isArray(value) && value.length > 0);
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

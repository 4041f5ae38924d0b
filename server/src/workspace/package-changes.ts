import type { InstalledPackage, Installed } from './installed-packages.ts';
import type { VersionScheme } from '../core/version-scheme.ts';

/** What became of a package, by its name: one row, in however many places it is installed. */
export interface PackageChange {
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'upgraded' | 'downgraded' | 'replaced';
  /** The versions that went, oldest first; of a replaced one the version that stayed. */
  readonly from: readonly InstalledPackage[];
  /** The versions that came, oldest first; of a replaced one the version that stayed. */
  readonly to: readonly InstalledPackage[];
  /** The versions that were there and still are. */
  readonly kept: readonly string[];
  /** What is another for a version of the same number. */
  readonly replaced: readonly ('hash' | 'source')[];
}

/**
 * What changed between two states of a project, by name. A name of which versions went and others came has moved: up where
 * the highest that came is higher than the highest that went. The same version with another hash or from another place is
 * replaced, which no package manager does by itself.
 */
export function packageChanges(
  before: Installed | undefined,
  now: Installed | undefined,
  versions: VersionScheme,
): PackageChange[] {
  const old = byName(before);
  const current = byName(now);
  const changes: PackageChange[] = [];
  for (const name of new Set([...current.keys(), ...old.keys()])) {
    const change = changeOf(name, old.get(name) ?? NONE, current.get(name) ?? NONE, versions);
    if (change !== undefined) changes.push(change);
  }
  return changes.sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Placed {
  readonly item: InstalledPackage;
  /** Where its bytes come from: the kind of source, and the registry where it is one. */
  readonly from: string;
}

type Versions = ReadonlyMap<string, Placed>;
const NONE: Versions = new Map();

function byName(installed: Installed | undefined): Map<string, Map<string, Placed>> {
  const names = new Map<string, Map<string, Placed>>();
  if (installed === undefined) return names;
  for (const item of installed.packages) {
    const { name, version } = item.subject;
    const found = names.get(name) ?? new Map<string, Placed>();
    names.set(name, found);
    // Of the same version from two places that of a registry stands for both, as in `list`.
    if (found.get(version)?.item.source !== 'registry') found.set(version, { item, from: sourceOf(item, installed) });
  }
  return names;
}

/** A lockfile that names no registry means the configured one, so that naming it is no change. */
function sourceOf({ source, subject, entries }: InstalledPackage, { lockfile }: Installed): string {
  if (source !== 'registry' || subject.isPublicRegistry) return source;
  return `${source} ${lockfile.entries[entries[0] ?? -1]?.registry ?? subject.registry.replace(/\/$/, '')}`;
}

function changeOf(name: string, old: Versions, current: Versions, scheme: VersionScheme): PackageChange | undefined {
  const compare = (a: InstalledPackage, b: InstalledPackage): number =>
    scheme.compare(a.subject.version, b.subject.version);
  const from = [...old].flatMap(([version, { item }]) => (current.has(version) ? [] : [item])).sort(compare);
  const to = [...current].flatMap(([version, { item }]) => (old.has(version) ? [] : [item])).sort(compare);
  const kept = [...current.keys()].filter((version) => old.has(version));
  const highest = [from.at(-1), to.at(-1)] as const;
  if (highest[0] !== undefined && highest[1] !== undefined) {
    const kind = compare(highest[0], highest[1]) > 0 ? 'downgraded' : 'upgraded';
    return { name, kind, from, to, kept, replaced: [] };
  }
  if (to.length > 0) return { name, kind: 'added', from, to, kept, replaced: [] };
  if (from.length > 0) return { name, kind: 'removed', from, to, kept, replaced: [] };
  return replacedOf(name, old, current, kept);
}

function replacedOf(
  name: string,
  old: Versions,
  current: Versions,
  kept: readonly string[],
): PackageChange | undefined {
  const from: InstalledPackage[] = [];
  const to: InstalledPackage[] = [];
  const replaced = new Set<'hash' | 'source'>();
  for (const version of kept) {
    const [before, now] = [old.get(version), current.get(version)];
    if (before === undefined || now === undefined) continue;
    const isOtherHash = haveOtherHashes(before.item.subject.integrity, now.item.subject.integrity);
    const isOtherSource = before.from !== now.from;
    if (isOtherHash) replaced.add('hash');
    if (isOtherSource) replaced.add('source');
    if (!isOtherHash && !isOtherSource) continue;
    from.push(before.item);
    to.push(now.item);
  }
  return replaced.size === 0 ? undefined : { name, kind: 'replaced', from, to, kept, replaced: [...replaced] };
}

/** True when both name a hash of the same algorithm and none of these is the same. A stronger algorithm is no other hash. */
function haveOtherHashes(before: string | undefined, now: string | undefined): boolean {
  const old = hashesOf(before);
  const shared = hashesOf(now).filter(({ algorithm }) => old.some((hash) => hash.algorithm === algorithm));
  return shared.length > 0 && !shared.some(({ text }) => old.some((hash) => hash.text === text));
}

function hashesOf(integrity: string | undefined): { readonly algorithm: string; readonly text: string }[] {
  return (integrity ?? '').split(/\s+/).flatMap((text) => {
    const at = text.indexOf('-');
    return at <= 0 ? [] : [{ algorithm: text.slice(0, at), text }];
  });
}

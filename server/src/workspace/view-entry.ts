import type { LockEntry } from '../core/lockfile.ts';
import type { Dependency } from '../core/manifest.ts';
import type { Span } from '../core/span.ts';
import type { LineView, ManifestView, ProjectView } from './snapshot.ts';
import { knownOf } from './view-manifest.ts';

/** A line of a manifest that asks for a package. */
export interface ManifestLine {
  readonly line: LineView;
  readonly manifest: ManifestView;
}

/**
 * What is known of a lockfile's entry, in the form of a line that asks for exactly its version: so a package that no
 * manifest names is spoken of in the same words as one that stands on a line.
 */
export function viewEntry(entry: LockEntry, index: number, project: ProjectView): LineView {
  const dependency = requestFor(entry);
  return {
    dependency,
    entry,
    source: entry.source,
    version: entry.version === '' ? undefined : entry.version,
    isLocked: true,
    ...knownOf(dependency, entry, index, project),
    brings: [],
    doubtful: [],
    pending: undefined,
    catalogLine: undefined,
    imported: undefined,
  };
}

function requestFor({ name, version, start, end }: LockEntry): Dependency {
  const span: Span = { start, end };
  return {
    name,
    packageName: name,
    group: '',
    scope: 'prod',
    written: version,
    specifier: { kind: 'range', range: version, rangeSpan: span },
    nameSpan: span,
    valueSpan: span,
  };
}

/**
 * The line that speaks of each entry with findings that a manifest names. A line that points at a catalog leaves it to the
 * catalog's line, where the version is written.
 */
export function affectedLines({ manifests }: ProjectView): ReadonlyMap<LockEntry, LineView> {
  const lines = new Map<LockEntry, LineView>();
  for (const { lines: all } of manifests) {
    for (const line of all) {
      if (line.own.length === 0 || line.entry === undefined || line.catalogLine !== undefined) continue;
      if (!lines.has(line.entry)) lines.set(line.entry, line);
    }
  }
  return lines;
}

/** The lines that ask for one entry. */
export function linesOfEntry(entry: LockEntry, { manifests }: ProjectView): ManifestLine[] {
  return manifests.flatMap((manifest) =>
    manifest.lines.flatMap((line) => (line.entry === entry ? [{ line, manifest }] : [])),
  );
}

/** Direct dependencies whose lines are answered. The nearest come first. */
const MAX_PARENTS = 3;

/** The lines of the direct dependencies that bring entries in, but for those that name them themselves. */
export function linesThatBring(entries: readonly number[], project: ProjectView): ManifestLine[] {
  const { installed } = project;
  const parents = installed.routes.routesTo(entries).flatMap(({ entries: way }): LockEntry[] => {
    const entry = way.length > 1 ? installed.lockfile.entries[way[0] ?? -1] : undefined;
    return entry === undefined ? [] : [entry];
  });
  return [...new Set(parents)].slice(0, MAX_PARENTS).flatMap((entry) => linesOfEntry(entry, project));
}

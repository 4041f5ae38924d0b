import { basename } from 'node:path';

import type { Ecosystem } from '../core/ecosystem.ts';
import { LineIndex } from '../core/line-index.ts';
import type { LockEntry, Lockfile } from '../core/lockfile.ts';
import type { Manifest } from '../core/manifest.ts';
import { packageKey, SCOPE_BIT, SCOPES, type PackageSource, type Scope } from '../core/package.ts';
import type { Files } from '../core/ports.ts';
import type { ProjectLayout } from '../core/project.ts';
import type { Problem } from '../core/span.ts';
import { isSilentOnImporters, withDeclaredImporters } from '../workspace/declared-importers.ts';
import { purlFor } from './purl.ts';

export interface ListedPackage {
  readonly name: string;
  /** Empty when no document says which version is installed. */
  readonly version: string;
  readonly ecosystem: string;
  readonly purl: string;
  readonly direct: boolean;
  readonly scopes: readonly Scope[];
  readonly source: PackageSource;
  readonly integrity?: string;
}

export interface ListedDocument {
  /** Absolute. */
  readonly path: string;
  readonly format: string;
  readonly packages: readonly ListedPackage[];
  /** Lines count from 1. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

interface ManifestText {
  readonly path: string;
  readonly importer: string | undefined;
  readonly manifest: Manifest;
  readonly lines: LineIndex;
  readonly problems: readonly Problem[];
}

/** What the documents of one project say is installed: its lockfile, or its manifests where there is none. */
export async function listDocuments(
  layout: ProjectLayout,
  ecosystem: Ecosystem,
  files: Files,
): Promise<ListedDocument[]> {
  const unread = layout.unread.map(({ path, reason }) => emptyDocument(path, reason));
  if (layout.lockfile === undefined) {
    const manifests = await readManifests(layout, ecosystem, files);
    return [...unread, ...manifests.flatMap((item) => declared(item, ecosystem))];
  }
  const text = await files.readText(layout.lockfile);
  if (text === undefined) return [emptyDocument(layout.lockfile, 'cannot be read'), ...unread];
  const { value, problems } = ecosystem.parseLockfile(layout.lockfile, text);
  const lockfile = isSilentOnImporters(value)
    ? withDeclaredImporters(value, await readManifests(layout, ecosystem, files))
    : value;
  const lines = new LineIndex(text);
  return [
    {
      path: layout.lockfile,
      format: lockfile.format,
      packages: installedRows(lockfile, ecosystem),
      problems: linesOf(problems, lines),
    },
    ...unread,
  ];
}

async function readManifests(layout: ProjectLayout, ecosystem: Ecosystem, files: Files): Promise<ManifestText[]> {
  const manifests: ManifestText[] = [];
  for (const { path, importer } of layout.manifests) {
    const text = await files.readText(path);
    if (text === undefined) continue;
    const { value, problems } = ecosystem.parseManifest(path, text);
    manifests.push({ path, importer, manifest: value, lines: new LineIndex(text), problems });
  }
  return manifests;
}

function emptyDocument(path: string, message: string): ListedDocument {
  return { path, format: basename(path), packages: [], problems: [{ line: 1, message }] };
}

function linesOf(problems: readonly Problem[], lines: LineIndex): ListedDocument['problems'] {
  return problems.map(({ span, message }) => ({ line: lines.positionAt(span.start).line + 1, message }));
}

interface Row {
  entry: LockEntry;
  scopes: number;
  direct: boolean;
}

/** One row per name and version; that of a registry stands for others of the same name and version. */
function installedRows(lockfile: Lockfile, ecosystem: Ecosystem): ListedPackage[] {
  const directs = new Set(lockfile.importers.flatMap(({ dependencies }) => dependencies.map(({ entry }) => entry)));
  const tools = new Set(lockfile.tools);
  const rows = new Map<string, Row>();
  lockfile.entries.forEach((entry, index) => {
    if (entry.name === '' || tools.has(index)) return;
    const key = packageKey(entry.name, entry.version);
    const row = rows.get(key);
    const direct = directs.has(index);
    if (row === undefined) {
      rows.set(key, { entry, scopes: entry.scopes, direct });
      return;
    }
    row.scopes |= entry.scopes;
    row.direct ||= direct;
    const isBetter = entry.source === 'registry' && (row.entry.source !== 'registry' || !row.entry.integrity);
    if (isBetter) row.entry = entry;
  });
  return [...rows.values()].map((row) => listedPackage(row, ecosystem)).sort(compareRows);
}

function listedPackage({ entry, scopes, direct }: Row, ecosystem: Ecosystem): ListedPackage {
  const { name, version, source, integrity } = entry;
  return {
    name,
    version,
    ecosystem: ecosystem.id,
    purl: purlFor(ecosystem, name, version),
    direct,
    scopes: SCOPES.filter((scope) => scope !== 'tool' && (scopes & SCOPE_BIT[scope]) !== 0),
    source,
    ...(integrity === undefined ? {} : { integrity }),
  };
}

/** Without a lockfile only an exact version is known. */
function declared({ path, importer, manifest, lines, problems }: ManifestText, ecosystem: Ecosystem): ListedDocument[] {
  // Catalogs are what members point at; nothing is installed for their sake.
  if (importer === undefined && problems.length === 0) return [];
  const rows = new Map<string, ListedPackage>();
  for (const { packageName: name, specifier, scope } of importer === undefined ? [] : manifest.dependencies) {
    const version = specifier.kind === 'range' && ecosystem.versions.isVersion(specifier.range) ? specifier.range : '';
    const source = sourceOf(specifier.kind);
    const before = rows.get(packageKey(name, version));
    rows.set(packageKey(name, version), {
      name,
      version,
      ecosystem: ecosystem.id,
      purl: purlFor(ecosystem, name, version),
      direct: true,
      scopes: SCOPES.filter((candidate) => candidate === scope || before?.scopes.includes(candidate) === true),
      source: before?.source ?? source,
    });
  }
  const missing = { line: 1, message: 'there is no lockfile: which versions are installed is not known' };
  const packages = [...rows.values()].sort(compareRows);
  return [
    {
      path,
      format: basename(path),
      packages,
      problems: [...(packages.length > 0 ? [missing] : []), ...linesOf(problems, lines)],
    },
  ];
}

function sourceOf(kind: Manifest['dependencies'][number]['specifier']['kind']): PackageSource {
  switch (kind) {
    case 'git':
    case 'tarball':
    case 'file':
    case 'link':
    case 'workspace':
      return kind;
    default:
      return 'registry';
  }
}

function compareRows(a: ListedPackage, b: ListedPackage): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.version < b.version ? -1 : a.version > b.version ? 1 : 0;
}

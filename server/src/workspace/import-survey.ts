import { basename, dirname, join, relative, sep } from 'node:path';

import type { Ecosystem } from '../core/ecosystem.ts';
import type { ImportUse, ImportUses } from '../core/import-use.ts';
import type { Files } from '../core/ports.ts';
import type { ProjectLayout } from '../core/project.ts';

/** What is gone through. */
export interface SurveyRequest {
  readonly files: Files;
  readonly ecosystem: Ecosystem;
  readonly layout: ProjectLayout;
  /** True for paths to leave out. */
  readonly isExcluded: (path: string) => boolean;
  readonly signal: AbortSignal;
}

/** A workspace with more sources is read in part: then nothing counts as never imported. */
const MOST_SOURCES = 20_000;

/** What is longer was made by a program. Bytes. */
const LONGEST_SOURCE = 1024 * 1024;

const DEEPEST_FOLDER = 32;
const READ_AT_ONCE = 16;

type Found = Map<string, Exclude<ImportUse, 'never'>>;

/**
 * Reads the sources of a project for what they import. A source counts for the manifest of its own folder and for those
 * of the folders above, which may install for it. Rejects with the signal's reason when it is aborted.
 */
export async function surveyImports(request: SurveyRequest): Promise<ImportUses> {
  const { layout, ecosystem, signal } = request;
  const manifests = layout.manifests
    .filter(({ importer }) => importer !== undefined)
    .map(({ path }) => ({ path, folder: dirname(path), found: new Map() as Found, sources: 0 }));
  const sources: string[] = [];
  const isWhole = await collectSources(request, layout.root, 0, sources);
  for (let at = 0; at < sources.length; at += READ_AT_ONCE) {
    signal.throwIfAborted();
    await Promise.all(
      sources.slice(at, at + READ_AT_ONCE).map(async (path) => {
        const text = await readSource(request.files, path);
        if (text === undefined) return;
        const names = ecosystem.imports.importedBy(text);
        for (const manifest of manifests) {
          if (!path.startsWith(manifest.folder + sep)) continue;
          manifest.sources++;
          note(manifest.found, names, ecosystem.imports.isTest(relative(manifest.folder, path).split(sep).join('/')));
        }
      }),
    );
  }
  const byManifest = new Map(manifests.map((manifest) => [manifest.path, manifest]));
  return {
    useOf: (path, dependency) => {
      const manifest = byManifest.get(path);
      const name = ecosystem.imports.importedAs(dependency);
      if (manifest === undefined || name === undefined || manifest.sources === 0) return undefined;
      // Types of what nobody imports may be of what is there without an import.
      return manifest.found.get(name) ?? (isWhole && name === dependency ? 'never' : undefined);
    },
  };
}

/** False when there are more than are read. */
async function collectSources(
  request: SurveyRequest,
  folder: string,
  depth: number,
  found: string[],
): Promise<boolean> {
  const { files, ecosystem, layout, isExcluded, signal } = request;
  signal.throwIfAborted();
  const entries = await files.list(folder);
  if (folder !== layout.root && (await isOfAnotherProject(request, folder, entries))) return true;
  for (const { name, kind } of entries) {
    const path = join(folder, name);
    if (kind === 'file') {
      if (!ecosystem.imports.isSource(name) || isExcluded(path)) continue;
      if (found.length === MOST_SOURCES) return false;
      found.push(path);
    } else if (!ecosystem.imports.isOutput(name) && !isExcluded(path)) {
      if (depth === DEEPEST_FOLDER) return false;
      if (!(await collectSources(request, path, depth + 1, found))) return false;
    }
  }
  return true;
}

/** A folder with a manifest of its own that asks for packages, and that is no member of this project. */
async function isOfAnotherProject(
  { files, ecosystem, layout }: SurveyRequest,
  folder: string,
  entries: Awaited<ReturnType<Files['list']>>,
): Promise<boolean> {
  for (const { name, kind } of entries) {
    if (kind !== 'file' || !ecosystem.manifestNames.includes(name)) continue;
    const path = join(folder, name);
    if (layout.manifests.some((manifest) => manifest.path === path)) return false;
    const text = await readSource(files, path);
    // Many folders of tests hold a manifest that only says of which kind its modules are.
    if (text !== undefined && ecosystem.parseManifest(basename(path), text).value.dependencies.length > 0) return true;
  }
  return false;
}

async function readSource(files: Files, path: string): Promise<string | undefined> {
  const stat = await files.stat(path);
  return stat?.kind === 'file' && stat.size <= LONGEST_SOURCE ? files.readText(path) : undefined;
}

function note(found: Found, names: ReadonlySet<string>, isTest: boolean): void {
  for (const name of names) {
    if (!isTest) found.set(name, 'production');
    else if (!found.has(name)) found.set(name, 'test');
  }
}

import { basename } from 'node:path';
import type { HygieneIssue } from '../../core/hygiene.ts';
import type { Importer } from '../../core/lockfile.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { ProjectLayout } from '../../core/project.ts';
import type { Installed } from '../installed-packages.ts';
import type { ParsedDocument } from '../project-input.ts';
import { someNames } from './some-names.ts';

export interface UnaskedContext {
  readonly layout: ProjectLayout;
  readonly installed: Installed;
  /** Of the lockfile. */
  readonly path: string;
}

/**
 * What a lockfile still holds for a member whose manifest no longer asks for it: one issue at most, at the first such
 * entry. A manifest that could not be read to its end may ask for anything, so nothing is said of it.
 */
export function unaskedDependencies(
  importerPath: string | undefined,
  { parsed }: ParsedDocument<Manifest>,
  { layout, installed, path }: UnaskedContext,
): HygieneIssue[] {
  const { lockfile: graph } = installed;
  const importer = importerPath === undefined ? undefined : installed.importers.get(importerPath);
  if (importer === undefined || parsed.problems.length > 0 || graph.isRewritten === true) return [];
  const unasked = dependenciesBeside(
    importer,
    parsed.value.dependencies.map(({ name }) => name),
  );
  if (unasked.length === 0) return [];
  const first = unasked.map(({ entry }) => graph.entries[entry]).find((entry) => entry !== undefined);
  const names = someNames(unasked.map(({ name }) => name));
  const manifest = importerPath === '.' ? 'package.json' : `${importerPath ?? ''}/package.json`;
  return [
    {
      code: 'not-asked-for',
      place: { path, span: { start: first?.start ?? 0, end: first?.end ?? 0 } },
      message: `${manifest} no longer asks for ${names}, which ${basename(path)} still holds for it. Run: ${layout.installCommand}`,
    },
  ];
}

/** The package manager's own code (`tool`) is asked for elsewhere. */
function dependenciesBeside({ dependencies }: Importer, names: readonly string[]): Importer['dependencies'] {
  const asked = new Set(names);
  return dependencies.filter(({ name, scope }) => scope !== 'tool' && !asked.has(name));
}

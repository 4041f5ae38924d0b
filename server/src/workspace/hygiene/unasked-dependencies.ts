import type { HygieneIssue } from '../../core/hygiene.ts';
import type { Importer, Lockfile } from '../../core/lockfile.ts';
import type { ProjectInput } from '../project-input.ts';
import { basename } from 'node:path';
import { someNames } from './some-names.ts';

/**
 * What a lockfile still holds for a member whose manifest no longer asks for it: one issue per member, at the first such
 * entry. A manifest that could not be read to its end may ask for anything, so nothing is said of it.
 */
export function unaskedDependencies({ manifests, lockfile, layout }: ProjectInput, graph: Lockfile): HygieneIssue[] {
  if (lockfile === undefined || graph.isRewritten === true) return [];
  const importers = new Map(graph.importers.map((importer) => [importer.path, importer]));
  return manifests.flatMap(({ importer: path, document }): HygieneIssue[] => {
    const importer = path === undefined ? undefined : importers.get(path);
    const { value, problems } = document.parsed;
    if (importer === undefined || problems.length > 0) return [];
    const unasked = dependenciesBeside(
      importer,
      value.dependencies.map(({ name }) => name),
    );
    const first = unasked.map(({ entry }) => graph.entries[entry]).find((entry) => entry !== undefined);
    if (unasked.length === 0) return [];
    const names = someNames(unasked.map(({ name }) => name));
    const manifest = path === '.' ? 'package.json' : `${path ?? ''}/package.json`;
    return [
      {
        code: 'not-asked-for',
        place: { path: lockfile.path, span: { start: first?.start ?? 0, end: first?.end ?? 0 } },
        message: `${manifest} no longer asks for ${names}, which ${basename(lockfile.path)} still holds for it. Run: ${layout.installCommand}`,
      },
    ];
  });
}

/** The package manager's own code (`tool`) is asked for elsewhere. */
function dependenciesBeside({ dependencies }: Importer, names: readonly string[]): Importer['dependencies'] {
  const asked = new Set(names);
  return dependencies.filter(({ name, scope }) => scope !== 'tool' && !asked.has(name));
}

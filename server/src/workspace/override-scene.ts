import type { OverrideScene } from '../core/transitive-dialect.ts';
import type { ManifestView, ProjectView } from './snapshot.ts';

type Project = Pick<ProjectView, 'layout' | 'installed' | 'manifests'>;

/** What decides which rules the package manager of a project reads. */
export function overrideScene(project: Project): OverrideScene {
  const { layout, installed } = project;
  const existing = rootDocuments(project).flatMap(({ manifest }) => manifest.overrides);
  return { layout, format: installed.lockfile.format, existing };
}

/** The documents whose rules are read: the root's manifest, and those beside it. */
export function rootDocuments({ manifests }: Pick<ProjectView, 'manifests'>): ManifestView[] {
  return manifests.filter(({ importer }) => importer === '.' || importer === undefined);
}

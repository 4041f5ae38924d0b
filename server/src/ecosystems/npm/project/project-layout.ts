import { join } from 'node:path';
import type { ProjectLayout } from '../../../core/project.ts';
import { CONFIG_NAMES, LOCKFILE_NAMES } from './document-names.ts';
import { MAX_FOLDERS } from './find-documents.ts';
import { importerOf, type WorkspaceRoot } from './workspace-root.ts';

/** A folder, and the names of the documents in it. */
export type Member = readonly [folder: string, documents: ReadonlySet<string>];

/** What a project is made of, beside its root. */
export interface ProjectParts {
  readonly members: readonly Member[];
  /** The folders above the root. */
  readonly above: readonly Member[];
  /** False when the root was not searched to its end. */
  readonly complete: boolean;
  /** Folders that were not looked into. */
  readonly excluded: readonly string[];
}

/** Where the documents of a project lie. */
export function layoutOf(root: WorkspaceRoot, parts: ProjectParts): ProjectLayout {
  const members = parts.members
    .filter(([, documents]) => documents.has('package.json'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ecosystem: 'npm',
    root: root.folder,
    manifests: [
      ...(root.documents.has('package.json') ? [{ path: join(root.folder, 'package.json'), importer: '.' }] : []),
      ...catalogDocumentsOf(root).map((name) => ({ path: join(root.folder, name), importer: undefined })),
      ...members.map(([folder]) => ({ path: join(folder, 'package.json'), importer: importerOf(root.folder, folder) })),
    ],
    lockfile: root.lockfile,
    // What pnpm-workspace.yaml sets beats the .npmrc beside it.
    registryConfigs: [
      ...namesIn(root.documents, ['pnpm-workspace.yaml', ...CONFIG_NAMES]).map((name) => join(root.folder, name)),
      ...[...members, ...parts.above].flatMap(([folder, documents]) =>
        namesIn(documents, CONFIG_NAMES).map((name) => join(folder, name)),
      ),
    ],
    unread: [...root.unread, ...unreadIn(root, members, parts.complete)],
    ...(root.managerVersion === undefined ? {} : { managerVersion: root.managerVersion }),
    ...(isPart(root, parts) ? { isPart: true } : {}),
    installCommand: `${root.manager} install`,
  };
}

/** True when a folder that was left out is, or holds, what the workspace counts among its members. */
function isPart(root: WorkspaceRoot, { complete, excluded }: ProjectParts): boolean {
  const mayHoldMember = (folder: string): boolean =>
    root.hasMember(folder) || root.hasMember(join(folder, 'a')) || root.hasMember(join(folder, 'a', 'b'));
  return root.isWorkspace && (!complete || excluded.some(mayHoldMember));
}

/** The documents beside the root's manifest that hold catalogs. A `.yarnrc.yml` may lie there for another reason, or be left over. */
function catalogDocumentsOf({ documents, manager }: WorkspaceRoot): string[] {
  return namesIn(documents, ['pnpm-workspace.yaml', ...(manager === 'yarn' ? ['.yarnrc.yml'] : [])]);
}

function namesIn(documents: ReadonlySet<string>, names: readonly string[]): string[] {
  return names.filter((name) => documents.has(name));
}

/** What is passed over below a root, so that it is not passed over in silence. */
function unreadIn(root: WorkspaceRoot, members: readonly Member[], complete: boolean): ProjectLayout['unread'] {
  const reason = `is not used, because the lockfile of the workspace lies in ${root.folder}`;
  const unread = members.flatMap(([folder, documents]) =>
    namesIn(documents, LOCKFILE_NAMES).map((name) => ({ path: join(folder, name), reason })),
  );
  if (complete) return unread;
  const tooMuch = `was not searched to its end, because it holds more than ${MAX_FOLDERS} folders`;
  return [...unread, { path: root.folder, reason: tooMuch }];
}

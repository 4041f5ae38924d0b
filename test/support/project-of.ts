import { parse as parseWithComments } from 'jsonc-parser';
import { dirname, posix } from 'node:path';
import type { Position } from 'vscode-languageserver-types';

import type { BaseState } from '../../server/src/core/base-state.ts';
import type { Ecosystem } from '../../server/src/core/ecosystem.ts';
import type { Files } from '../../server/src/core/ports.ts';
import { readSettings } from '../../server/src/core/settings.ts';
import { npm } from '../../server/src/ecosystems/npm/index.ts';
import { ImportScout } from '../../server/src/workspace/import-scout.ts';
import { surveyImports } from '../../server/src/workers/survey-imports.ts';
import type { ManifestView, ProjectView, Snapshot } from '../../server/src/workspace/snapshot.ts';
import { Workspace, type FolderConfig } from '../../server/src/workspace/workspace.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { fakeKnowledge, type Facts, type FakeKnowledge } from './fake-knowledge.ts';
import { parseMarked, type Marked } from './marked-text.ts';
import { memoryFiles, memoryTree, type MemoryFiles } from './memory-files.ts';
import { recordingLog } from './recording-log.ts';

/** The folder that marked files lie in. */
export const ROOT = '/project';
export const uriOf = (path: string): string => `file://${path}`;

const LOCKFILE_NAMES: readonly string[] = npm.lockfileNames;

export interface ProjectFacts extends Facts {
  /**
   * What the lockfile installs, by place below `node_modules`: `4.17.20`, `1.0.0 needs b c`, `2.0.0 dev`. A package-lock is
   * made of it unless the marked files hold a lockfile.
   */
  readonly installed?: Readonly<Record<string, string>>;
  /** The ranges that the lockfile was made for, by name, where the manifest asks for others by now. */
  readonly lockedFor?: Readonly<Record<string, string>>;
  /** As a client would send them. */
  readonly settings?: unknown;
  readonly trusted?: boolean;
  /** True for paths that the settings leave out. */
  readonly isExcluded?: (path: string) => boolean;
  /** In place of npm's own readers, to count what they do. */
  readonly ecosystem?: Ecosystem;
  /** The earlier commit that tells what is new. */
  readonly base?: BaseState;
  /** True has the sources read for what they import. */
  readonly readsSources?: boolean;
  /** In place of the files in memory, to hold them up. */
  readonly disk?: (files: MemoryFiles) => Files;
}

export interface TestProject {
  readonly workspace: Workspace;
  /** The newest one. */
  readonly snapshot: Snapshot;
  /** The first project of the newest snapshot. */
  readonly project: ProjectView;
  readonly knowledge: FakeKnowledge;
  readonly files: MemoryFiles;
  readonly clock: FakeClock;
  readonly marked: Marked;
  readonly snapshots: readonly Snapshot[];
  /** By its path in the marked text. */
  readonly manifest: (path?: string) => ManifestView;
  /** Of the cursor mark. */
  readonly cursor: () => Position;
}

/** A workspace of marked files with npm's own readers, and knowledge that holds the facts. */
export async function projectOf(text: string, facts: ProjectFacts = {}): Promise<TestProject> {
  const marked = parseMarked(text);
  const texts = new Map(Object.entries(marked.files));
  if (facts.installed && ![...texts.keys()].some((path) => LOCKFILE_NAMES.includes(posix.basename(path)))) {
    texts.set('package-lock.json', packageLockOf(texts, facts.installed, facts.lockedFor));
  }
  const contents = Object.fromEntries([...texts].map(([path, content]) => [pathIn(path), content]));
  const files = memoryFiles(contents);
  const knowledge = fakeKnowledge(facts);
  const clock = fakeClock();
  const snapshots: Snapshot[] = [];
  const scout = new ImportScout({
    surveyImports: (request) => Promise.resolve(surveyImports(request, memoryTree(contents))),
    clock,
    log: recordingLog(),
    onFound: () => undefined,
  });
  const workspace = new Workspace({
    ecosystems: [facts.ecosystem ?? npm],
    files: facts.disk?.(files) ?? files,
    clock,
    log: recordingLog(),
    knowledge,
    readPolicy: policyReader(files),
    importsOf: (layout) => scout.usesOf(layout),
    baseOf: () => facts.base,
    onSnapshot: (snapshot) => void snapshots.push(snapshot),
  });
  await workspace.setFolders([folderOf(ROOT, facts)]);
  if (facts.readsSources === true) {
    await scout.survey(workspace.snapshot.projects, new AbortController().signal);
    workspace.flush();
  }
  const manifest = (path = 'package.json'): ManifestView => {
    const view = workspace.snapshot.manifests.get(pathIn(path));
    if (view === undefined) throw new Error(`no project holds ${path}`);
    return view;
  };
  return {
    workspace,
    knowledge,
    files,
    clock,
    marked,
    snapshots,
    manifest,
    get snapshot() {
      return workspace.snapshot;
    },
    get project() {
      const [first] = workspace.snapshot.projects;
      if (first === undefined) throw new Error('no project was found');
      return first;
    },
    cursor() {
      if (marked.cursor === undefined) throw new Error('the text has no cursor mark');
      return manifest(marked.cursor.path).document.lines.positionAt(marked.cursor.offset);
    },
  };
}

export function pathIn(path: string): string {
  return posix.join(ROOT, path);
}

export function folderOf(
  path: string,
  {
    settings,
    trusted = true,
    isExcluded = () => false,
  }: Pick<ProjectFacts, 'settings' | 'trusted' | 'isExcluded'> = {},
): FolderConfig {
  return { path, settings: readSettings(settings), trusted, isExcluded };
}

/** One policy for each folder, however often it is read, as the composition root does it. */
export function policyReader(files: MemoryFiles): ConstructorParameters<typeof Workspace>[0]['readPolicy'] {
  const policies = new Map<string, ReturnType<typeof npm.readPolicy>>();
  return (_ecosystem, layout, folder) => {
    const policy =
      policies.get(layout.root) ??
      npm.readPolicy(files, layout, {
        trusted: folder.trusted,
        userConfigPath: undefined,
        environment: {},
        publicRegistryHost: undefined,
      });
    policies.set(layout.root, policy);
    return policy;
  };
}

/** A lockfile of version 3 for the manifests among the texts. */
export function packageLockOf(
  texts: ReadonlyMap<string, string>,
  installed: Readonly<Record<string, string>>,
  lockedFor: Readonly<Record<string, string>> = {},
): string {
  const packages: Record<string, unknown> = { '': {} };
  for (const [path, text] of texts) {
    if (posix.basename(path) !== 'package.json') continue;
    const folder = dirname(path) === '.' ? '' : dirname(path);
    const manifest = JSON.parse(JSON.stringify(parseWithComments(text)), (name, value: unknown) =>
      typeof value === 'string' && Object.hasOwn(lockedFor, name) ? lockedFor[name] : value,
    ) as Record<string, unknown>;
    packages[folder] = manifest;
    if (folder !== '') packages[`node_modules/${String(manifest['name'])}`] = { resolved: folder, link: true };
  }
  for (const [place, description] of Object.entries(installed)) {
    packages[`node_modules/${place}`] = lockedPackage(description);
  }
  return JSON.stringify({ lockfileVersion: 3, packages }, undefined, 2);
}

function lockedPackage(description: string): object {
  const [what = '', needs = ''] = description.split(' needs ');
  const [version = '', ...flags] = what.split(' ');
  const names = needs.split(' ').filter((name) => name !== '');
  return {
    version,
    ...(flags.includes('dev') ? { dev: true } : {}),
    ...(names.length > 0 ? { dependencies: Object.fromEntries(names.map((name) => [name, '*'])) } : {}),
  };
}

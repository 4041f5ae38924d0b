/**
 * Where the sources of a project import a dependency: in what it ships, in tests and tooling only, or nowhere. It says
 * nothing of scripts that start a package by its command, or of configuration that names it.
 */
export type ImportUse = 'production' | 'test' | 'never';

/** How the sources of one ecosystem name what they import. */
export interface ImportDialect {
  /** True for the names of files that may hold imports. */
  isSource(fileName: string): boolean;
  /** True for the names of folders that hold what was installed or made, not written. */
  isOutput(folderName: string): boolean;
  /** True for tests, build scripts and configuration. The path is relative to the project, with slashes. */
  isTest(path: string): boolean;
  /** The names of the packages that a source imports. Tolerates any text. */
  importedBy(text: string): ReadonlySet<string>;
  /** The package whose imports a dependency is needed for: another one for types. Undefined where imports tell nothing. */
  importedAs(dependency: string): string | undefined;
}

/** What is gone through for imports. It crosses a thread, so it holds data only. */
export interface SurveyRequest {
  /** Id of the ecosystem. */
  readonly ecosystem: string;
  /** Absolute path of the project's folder. */
  readonly root: string;
  /** Absolute paths of the manifests of all members. */
  readonly manifests: readonly string[];
  /** Glob patterns of what is left out, seen from the root. */
  readonly exclude: readonly string[];
}

export interface ImportSurvey {
  /** False when there are more sources than were read: then nothing counts as never imported. */
  readonly isWhole: boolean;
  readonly manifests: readonly ManifestImports[];
}

/** What the sources in the folder of a manifest, and below, import. */
export interface ManifestImports {
  /** Absolute path of the manifest. */
  readonly path: string;
  /** How many sources there are. */
  readonly sources: number;
  readonly production: readonly string[];
  /** What tests, scripts and configuration alone import. */
  readonly test: readonly string[];
}

/** Reads sources for what they import. Rejects with the signal's reason when it is aborted. */
export type SurveyImports = (request: SurveyRequest, signal: AbortSignal) => Promise<ImportSurvey>;

/** By the manifest's absolute path and the name that it gives a dependency; undefined where nobody knows. */
export interface ImportUses {
  useOf(manifest: string, dependency: string): ImportUse | undefined;
}

/** What several places say of one package: production outweighs tests, and never holds only where nobody imports it. */
export function joinUses(uses: Iterable<ImportUse | undefined>): ImportUse | undefined {
  let joined: ImportUse | undefined;
  let isUnsure = false;
  for (const use of uses) {
    if (use === 'production') return use;
    if (use === undefined) isUnsure = true;
    else if (joined !== 'test') joined = use;
  }
  return isUnsure ? undefined : joined;
}

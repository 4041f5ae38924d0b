import type { BaseState } from '../core/base-state.ts';
import type { DecisionSet } from '../core/decision.ts';
import type { Ecosystem } from '../core/ecosystem.ts';
import type { ImportUses } from '../core/import-use.ts';
import type { LineIndex } from '../core/line-index.ts';
import type { Lockfile } from '../core/lockfile.ts';
import type { Manifest } from '../core/manifest.ts';
import type { ProjectLayout } from '../core/project.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import type { Settings } from '../core/settings.ts';
import type { Parsed } from '../core/span.ts';

/** A parsed document. A new object whenever its text changed, so that identity tells what must be done again. */
export interface ParsedDocument<T> {
  readonly path: string;
  readonly lines: LineIndex;
  /** The editor's version; undefined when the document is not open. */
  readonly version: number | undefined;
  readonly parsed: Parsed<T>;
}

/** Everything that a project's view is made of. */
export interface ProjectInput {
  readonly layout: ProjectLayout;
  readonly ecosystem: Ecosystem;
  readonly settings: Settings;
  readonly policy: RegistryPolicy;
  readonly manifests: readonly { readonly importer: string | undefined; readonly document: ParsedDocument<Manifest> }[];
  readonly lockfile: ParsedDocument<Lockfile> | undefined;
  readonly decisions: DecisionSet;
  /** What the sources import; undefined while nobody has read them. */
  readonly imports?: ImportUses | undefined;
  /** The earlier commit that tells what is new; undefined while nothing does. */
  readonly base?: BaseState | undefined;
}

import type { Scope } from './package.ts';
import type { Span } from './span.ts';

/** What a dependency asks for, by kind. `rangeSpan` is the place of the version range alone, without an alias's name. */
export type Specifier =
  | { readonly kind: 'range'; readonly range: string; readonly rangeSpan: Span }
  | { readonly kind: 'tag'; readonly tag: string; readonly rangeSpan: Span }
  | { readonly kind: 'git'; readonly url: string }
  | { readonly kind: 'tarball'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string }
  | { readonly kind: 'workspace'; readonly range: string }
  | { readonly kind: 'catalog'; readonly catalog: string }
  /** `range` is set where a version is being typed: `^4.` is no range yet. */
  | { readonly kind: 'invalid'; readonly reason: string; readonly range?: string; readonly rangeSpan?: Span };

/** One line of a manifest that asks for a package. */
export interface Dependency {
  /** The name as it is written, which is the alias when there is one. */
  readonly name: string;
  /** The name in the registry. */
  readonly packageName: string;
  /** The block that it stands in, as it is written: `dependencies`, `devDependencies`, `catalog`, `catalogs.react18`. */
  readonly group: string;
  /** The catalog that this line defines an entry of; undefined on the lines that are not in a catalog. */
  readonly catalog?: string;
  readonly scope: Scope;
  /** The value as it is written, its escapes decoded: what a lockfile may know it by. */
  readonly written: string;
  readonly specifier: Specifier;
  /** The name, without its quotes. */
  readonly nameSpan: Span;
  /** The whole value, without its quotes. */
  readonly valueSpan: Span;
}

/** A rule that replaces what other packages ask for: npm `overrides`, yarn `resolutions`, pnpm `overrides`. */
export interface Override {
  /** The package names from the outermost parent to the package that is replaced, each with its selector if it has one. */
  readonly path: readonly string[];
  /** The block that it stands in: `overrides`, `resolutions`, `pnpm.overrides`, or `settings.overrides` for pnpm's own file. */
  readonly group: string;
  readonly value: string;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
}

/** What one manifest document says. A `pnpm-workspace.yaml` or `.yarnrc.yml` is one too: its catalogs are its dependencies. */
export interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly isPrivate: boolean;
  /** The versions of Node that it says it runs on. */
  readonly nodeEngine?: string;
  readonly dependencies: readonly Dependency[];
  readonly overrides: readonly Override[];
  /** The patterns of workspace members; undefined when the document does not declare a workspace. */
  readonly workspaces: readonly string[] | undefined;
  /** The blocks that hold dependencies, for folding, lenses and inserting: name and span of the value. */
  readonly groups: readonly { readonly name: string; readonly nameSpan: Span; readonly span: Span }[];
}

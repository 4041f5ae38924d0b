import type { Override } from './manifest.ts';
import type { ProjectLayout } from './project.ts';
import type { Span } from './span.ts';

/** What a version asks a registry for: a range of versions, or the one that a tag names. */
export interface RegistryRequest {
  readonly packageName: string;
  readonly kind: 'range' | 'tag';
  readonly wanted: string;
}

/** An edit of a document whose text is at hand only when the edit is about to be applied. */
export interface LateEdit {
  readonly path: string;
  /** The replacements in this text; undefined when the text is no longer what the edit was planned for. */
  readonly replacements: (text: string) => readonly Replacement[] | undefined;
  /** The whole text of the document where there is none; undefined when it must be there. */
  readonly whenMissing?: string;
}

export interface Replacement {
  readonly span: Span;
  readonly newText: string;
}

/** A rule that one version stands in for what others ask for. */
export interface OverrideRule {
  readonly package: string;
  readonly to: string;
  /** The only packages that the rule is for; undefined when it is for all. */
  readonly parent: OverrideParent | undefined;
  /** The range as it is asked for, which limits a rule for all; undefined when nobody knows it. */
  readonly range: string | undefined;
  /** True when a rule without parent or range changes nothing else: it is installed in no other version, and no manifest names it. */
  readonly mayBeForAll: boolean;
}

export interface OverrideParent {
  readonly name: string;
  /** Set when other versions of the parent are installed that the rule must leave alone. */
  readonly version: string | undefined;
}

/** An entry of a lockfile that takes another version, while all that it needs stays where it is. */
export interface LockChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly integrity: string;
  /** The URL of the archive, as the registry writes it. */
  readonly tarball: string;
  /** Specifiers by name, of dependencies and optional ones alike. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What decides which rules a package manager reads. */
export interface OverrideScene {
  readonly layout: ProjectLayout;
  /** Of the lockfile. */
  readonly format: string;
  /** All rules that the root's documents hold, whether they are read or not. */
  readonly existing: readonly Override[];
}

/** A rule that a manifest holds already, as the package manager understands it. */
export interface OverrideMeaning {
  /** From the outermost parent to the package that is replaced; the range where the rule is limited to one. */
  readonly path: readonly { readonly name: string; readonly range: string | undefined }[];
  /** The range that it forces; undefined where it follows another line. */
  readonly forces: string | undefined;
}

/** What the package manager of a project understands. */
export interface TransitiveDialect {
  /** Undefined when no registry can answer it: a path, a repository. */
  request(name: string, specifier: string): RegistryRequest | undefined;
  /** The command that takes a package to the newest version within all ranges; undefined where there is none. */
  updateCommand(layout: ProjectLayout, format: string, name: string): string | undefined;
  /** The command that drops from the lockfile what nobody asks for, and changes nothing else. */
  pruneCommand(layout: ProjectLayout): string;
  /** The edit that writes the rules; undefined where they have no place, or would change more than they are for. */
  override(scene: OverrideScene, rules: readonly OverrideRule[]): LateEdit | undefined;
  /** Undefined for rules that the package manager does not read, and for forms whose effect cannot be told. */
  readOverride(scene: OverrideScene, rule: Override): OverrideMeaning | undefined;
  /** The edit that takes a rule out of its document, with what is empty without it. */
  removeOverride(path: string, rule: Override): LateEdit;
  /** The edit that makes a rule force another version; undefined where its form cannot be changed so. */
  raiseOverride(path: string, rule: Override, version: string): LateEdit | undefined;
  /** The edit of the lockfile itself; undefined for formats that it is not known for. */
  lock(layout: ProjectLayout, format: string, change: LockChange): LateEdit | undefined;
}

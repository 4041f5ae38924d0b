import type { AdvisoryMatch } from '../core/advisory.ts';
import type { BaseState } from '../core/base-state.ts';
import type { DecidedFinding, DecisionSet } from '../core/decision.ts';
import type { Ecosystem } from '../core/ecosystem.ts';
import type { Evidence, Scorecard, SignatureEvidence } from '../core/evidence.ts';
import type { AdvisoryFinding, Finding, SignatureFinding } from '../core/finding.ts';
import type { HygieneIssue } from '../core/hygiene.ts';
import type { ImportUse } from '../core/import-use.ts';
import type { Knowledge, SourceStatus, Subject } from '../core/knowledge.ts';
import type { LineIndex } from '../core/line-index.ts';
import type { LockEntry } from '../core/lockfile.ts';
import type { Dependency, Manifest } from '../core/manifest.ts';
import type { PackageSource } from '../core/package.ts';
import type { ProjectLayout } from '../core/project.ts';
import type { RegistryPackage } from '../core/registry-package.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import type { Settings } from '../core/settings.ts';
import type { Problem } from '../core/span.ts';
import type { Assessment } from './assess-packages.ts';
import type { Installed } from './installed-packages.ts';

/** Everything the features read, as of one moment. Immutable; features never wait. */
export interface Snapshot {
  /** Grows with every snapshot. */
  readonly sequence: number;
  /** When it was taken, in milliseconds since the epoch: ages are counted from here. */
  readonly takenAt: number;
  readonly projects: readonly ProjectView[];
  /** By absolute path. */
  readonly manifests: ReadonlyMap<string, ManifestView>;
  /** By the absolute path of a manifest: the project that it belongs to. */
  readonly owners: ReadonlyMap<string, ProjectView>;
  readonly lockfiles: ReadonlyMap<string, LockfileView>;
  readonly sources: readonly SourceStatus[];
}

export interface ProjectView {
  readonly layout: ProjectLayout;
  readonly ecosystem: Ecosystem;
  readonly settings: Settings;
  readonly policy: RegistryPolicy;
  readonly knowledge: Knowledge;
  /** When the view was made, in milliseconds since the epoch: age gates are counted from here. */
  readonly now: number;
  readonly installed: Installed;
  readonly assessment: Assessment;
  readonly manifests: readonly ManifestView[];
  /** Undefined when there is no lockfile, and the declared ranges stand in for it. */
  readonly lockfile: LockfileView | undefined;
  /** What people have decided about findings, with the files that say so. */
  readonly decisions: DecisionSet;
  /** What is out of order between the documents, but for the lines that wait for an install. */
  readonly hygiene: readonly HygieneIssue[];
  /** The earlier commit that tells what is new; undefined while nothing does. */
  readonly base: BaseState | undefined;
}

/** A text document, or what is kept of it when it is not open. */
export interface DocumentText {
  readonly path: string;
  readonly lines: LineIndex;
  /** The editor's version; undefined when the document is not open. */
  readonly version: number | undefined;
}

export interface LockfileView {
  readonly document: DocumentText;
  readonly problems: readonly Problem[];
}

/** A lockfile that the editor holds: only then is its text at hand. */
export interface OpenLockfile extends LockfileView {
  readonly text: string;
}

export interface ManifestView {
  readonly document: DocumentText;
  readonly manifest: Manifest;
  readonly problems: readonly Problem[];
  readonly importer: string | undefined;
  readonly lines: readonly LineView[];
}

/** A line that its lockfile was not made for: an install is due. */
export interface PendingLine {
  /** What the line asks for. */
  readonly written: string;
  /** The version that the lockfile holds; empty when it holds none. */
  readonly locked: string;
  /** Set when that version will do, and only the lockfile's own record differs: the range that it was made for. */
  readonly madeFor: string | undefined;
}

/** A dependency's line with what is known of it. */
export interface LineView {
  readonly dependency: Dependency;
  /** The lockfile's entry; undefined when it has none. */
  readonly entry: LockEntry | undefined;
  readonly source: PackageSource;
  /** The installed version, or the one that would be; undefined when nobody knows. */
  readonly version: string | undefined;
  /** True when a lockfile decided the version. */
  readonly isLocked: boolean;
  /** Undefined for what is not from a registry. */
  readonly subject: Subject | undefined;
  readonly advisories: Evidence<readonly AdvisoryMatch[]>;
  /** Findings in the package itself. */
  readonly own: readonly Finding[];
  /** Findings in the package itself that somebody has decided about. */
  readonly decided: readonly DecidedFinding[];
  /** Findings in what it brings in, worst first. */
  readonly brings: readonly AdvisoryFinding[];
  /** Signatures that are invalid, or were better before, in what it brings in, worst first. */
  readonly doubtful: readonly SignatureFinding[];
  readonly signature: Evidence<SignatureEvidence>;
  readonly registry: Evidence<RegistryPackage>;
  readonly scorecard: Evidence<Scorecard>;
  /** Set when the lockfile was not made for this line. */
  readonly pending: PendingLine | undefined;
  /** The catalog line that owns the version, when this one only points at it. */
  readonly catalogLine: { readonly path: string; readonly dependency: Dependency } | undefined;
  /** How the sources of its project import it; undefined where nobody knows. */
  readonly imported: ImportUse | undefined;
}

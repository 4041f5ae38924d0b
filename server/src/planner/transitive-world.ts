import type { AdvisoryMatch } from '../core/advisory.ts';
import type { RouteFinder } from '../core/explain-path.ts';
import type { Subject } from '../core/knowledge.ts';
import type { RegistryVersion } from '../core/registry-package.ts';
import type { UpgradeStep } from '../core/version-scheme.ts';
import type { TreeJudge } from './judge-tree.ts';
import type { TreeSource } from './possible-tree.ts';

/** What the planner of transitive fixes looks things up in. */
export interface TransitiveWorld extends TreeSource, TreeJudge {
  readonly routes: RouteFinder;
  /** Why a version cannot be used here (engines, peers, the age gate), in a sentence; undefined when it can. */
  readonly conflict: (candidate: RegistryVersion, name: string) => string | undefined;
}

/** An affected package that something else brings in. */
export interface AffectedPackage {
  readonly subject: Subject;
  readonly matches: readonly AdvisoryMatch[];
  /** Its indexes in the lockfile. */
  readonly entries: readonly number[];
}

/** A version to go to, and what comes with it. */
export interface TransitiveFix {
  readonly to: string;
  readonly step: UpgradeStep | undefined;
  readonly breaking: boolean;
  readonly clears: readonly string[];
  /** Ids of lesser advisories that come in. */
  readonly brings: readonly string[];
  /** What must be looked up before it counts as verified. */
  readonly unknown: readonly Subject[];
}

/** A fix, or what must be looked up before one can be named. */
export interface Planned<T> {
  readonly fix: T | undefined;
  readonly unknown: readonly Subject[];
}

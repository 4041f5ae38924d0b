import type { Subject } from '../core/knowledge.ts';
import type { OverrideFix } from '../planner/plan-override.ts';
import type { Refresh } from '../planner/plan-refresh.ts';
import type { Planned, TransitiveFix, TransitiveWorld } from '../planner/transitive-world.ts';
import type { Installed } from './installed-packages.ts';

/** What can be done about one affected package wherever it is brought in. */
export interface PackagePlan {
  readonly refresh: Refresh | undefined;
  readonly override: OverrideFix | undefined;
  /** What must be looked up before the plan is whole. */
  readonly unknown: readonly Subject[];
}

/** Plans that were made in one world. */
export interface PlansOfWorld {
  readonly world: TransitiveWorld;
  /** By index into {@link Installed.packages}. */
  readonly packages: Map<number, PackagePlan>;
  /** By a key of who plans. */
  readonly parents: Map<string, Planned<TransitiveFix>>;
}

/** Plans that were asked for since an assessment was made. They live as long as it. */
export class TransitivePlans {
  #basis: string | undefined;
  #plans: PlansOfWorld | undefined;
  readonly #installed: Installed;
  #byName: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(installed: Installed) {
    this.#installed = installed;
  }

  /** `basis` tells what the manifests say that plans rest on: with another one, all is planned anew. */
  plansFor(basis: string, makeWorld: () => TransitiveWorld): PlansOfWorld {
    if (this.#plans === undefined || this.#basis !== basis) {
      this.#basis = basis;
      this.#plans = { world: makeWorld(), packages: new Map(), parents: new Map() };
    }
    return this.#plans;
  }

  /** The lockfile's entries of a name, whatever their version. */
  entriesOf = (name: string): readonly number[] => {
    this.#byName ??= byName(this.#installed);
    return this.#byName.get(name) ?? [];
  };
}

function byName({ lockfile }: Installed): Map<string, number[]> {
  const entries = new Map<string, number[]>();
  lockfile.entries.forEach(({ name }, index) => {
    const list = entries.get(name);
    if (list) list.push(index);
    else entries.set(name, [index]);
  });
  return entries;
}

import type { HygieneIssue } from '../../core/hygiene.ts';
import type { LockEntry, Lockfile } from '../../core/lockfile.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { Installed } from '../installed-packages.ts';
import type { ParsedDocument, ProjectInput } from '../project-input.ts';
import { secondLockfiles } from './second-lockfiles.ts';
import { unaskedDependencies } from './unasked-dependencies.ts';
import { unreached, unreachedEntries } from './unreached-entries.ts';

/**
 * What is out of order between the documents of a project; its lines that wait for an install say so themselves. It is on
 * the typing path: the lockfile is followed once, and of the manifests only the one that was edited is looked at again.
 */
export class ProjectHygiene {
  #graph: Lockfile | undefined;
  #unreached: readonly LockEntry[] = [];
  #unasked = new WeakMap<ParsedDocument<Manifest>, readonly HygieneIssue[]>();
  #basis: readonly unknown[] = [];

  of(input: ProjectInput, installed: Installed): HygieneIssue[] {
    const { layout, lockfile, manifests } = input;
    const { lockfile: graph } = installed;
    if (lockfile === undefined) return secondLockfiles(layout);
    if (graph !== this.#graph) this.#unreached = unreached(graph);
    this.#graph = graph;
    const basis = [graph, layout, lockfile.path];
    if (basis.some((part, at) => part !== this.#basis[at])) this.#unasked = new WeakMap();
    this.#basis = basis;
    const unasked = manifests.flatMap(({ importer, document }) => {
      const known = this.#unasked.get(document);
      const issues = known ?? unaskedDependencies(importer, document, { layout, installed, path: lockfile.path });
      if (known === undefined) this.#unasked.set(document, issues);
      return issues;
    });
    return [...secondLockfiles(layout), ...unasked, ...unreachedEntries(input, graph, this.#unreached)];
  }
}

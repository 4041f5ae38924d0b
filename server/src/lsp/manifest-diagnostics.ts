import type { Diagnostic } from 'vscode-languageserver-types';

import { gateBasis } from '../core/age-gate.ts';
import { diagnostics } from '../features/diagnostics.ts';
import type { ManifestView, ProjectView } from '../workspace/snapshot.ts';

/** Diagnostics by the views they rest on. Hundreds of members may be open, and a keystroke changes the view of one. */
export class ManifestDiagnostics {
  readonly #uriOf: (path: string) => string;
  readonly #known = new WeakMap<
    ManifestView,
    { readonly basis: readonly unknown[]; readonly found: readonly Diagnostic[] }
  >();

  constructor(uriOf: (path: string) => string) {
    this.#uriOf = uriOf;
  }

  of(manifest: ManifestView, project: ProjectView): readonly Diagnostic[] {
    const { layout, policy, now } = project;
    const issues = project.hygiene.filter(({ place }) => place.path === manifest.document.path);
    const basis = [layout, gateBasis(policy.ageGate, now), ...issues];
    const before = this.#known.get(manifest);
    if (before?.basis.length === basis.length && before.basis.every((part, at) => part === basis[at])) {
      return before.found;
    }
    const found = diagnostics(manifest, project, this.#uriOf);
    this.#known.set(manifest, { basis, found });
    return found;
  }
}

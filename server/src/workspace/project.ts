import type { BaseState } from '../core/base-state.ts';
import { DecisionIndex, NO_DECISIONS, type DecisionSet } from '../core/decision.ts';
import type { HygieneIssue } from '../core/hygiene.ts';
import type { ImportUses } from '../core/import-use.ts';
import type { Knowledge } from '../core/knowledge.ts';
import { ownsCatalogs, type Lockfile } from '../core/lockfile.ts';
import type { Dependency, Manifest } from '../core/manifest.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import type { Settings } from '../core/settings.ts';
import { assessPackages, type Assessment } from './assess-packages.ts';
import { isSameGraph, isSilentOnImporters, withDeclaredImporters } from './declared-importers.ts';
import { declaredLockfile } from './declared-lockfile.ts';
import { decisionHygiene } from './hygiene/decision-hygiene.ts';
import { overrideHygiene } from './hygiene/override-hygiene.ts';
import { ProjectHygiene } from './hygiene/project-hygiene.ts';
import { catalogKey, listInstalled, type Installed } from './installed-packages.ts';
import type { ParsedDocument, ProjectInput } from './project-input.ts';
import type { ManifestView, ProjectView } from './snapshot.ts';
import { viewManifest, type ProjectFacts } from './view-manifest.ts';
import { withholdNames } from './withhold-names.ts';

/**
 * Makes the view of one project, and does again only what an input changed: a keystroke in a manifest costs that
 * manifest's lines, not the lockfile's graph.
 */
export class ProjectViewer {
  #installed: { readonly lockfile: Lockfile; readonly policy: RegistryPolicy; readonly value: Installed } | undefined;
  #assessment:
    | {
        readonly installed: Installed;
        readonly settings: Settings;
        readonly revision: number;
        readonly decisions: DecisionSet;
        readonly products: readonly string[];
        readonly imports: ImportUses | undefined;
        readonly base: BaseState | undefined;
        /** When a decision ends, findings are open again. */
        readonly validUntil: number;
        readonly value: Assessment;
      }
    | undefined;
  #decisions: { readonly set: DecisionSet; readonly index: DecisionIndex } | undefined;
  #completed:
    { readonly lockfile: Lockfile; readonly documents: readonly unknown[]; readonly value: Lockfile } | undefined;
  #declared:
    { readonly documents: readonly unknown[]; readonly revision: number; readonly value: Lockfile } | undefined;
  #views = new Map<string, { readonly basis: readonly unknown[]; readonly view: ManifestView }>();
  #catalogs: { readonly documents: readonly unknown[]; readonly value: Catalogs } | undefined;
  #overridden: ReadonlySet<string> = new Set();
  #overrideHygiene: { readonly basis: readonly unknown[]; readonly value: readonly HygieneIssue[] } | undefined;
  readonly #hygiene = new ProjectHygiene();
  #declaring:
    { readonly policy: RegistryPolicy; readonly names: readonly string[]; readonly value: RegistryPolicy } | undefined;

  view(input: ProjectInput, knowledge: Knowledge, now: number): ProjectView {
    const installed = this.#installedOf(input, knowledge);
    const useOf = usesIn(input);
    const assessment = this.#assessmentOf(installed, input, knowledge, useOf, now);
    const catalogs = this.#catalogsOf(input);
    const overridden = this.#overriddenOf(input);
    const policy = this.#declaringPolicyOf(input);
    const facts = { ...input, policy, knowledge, installed, assessment, catalogs, overridden, useOf };
    const view = {
      layout: input.layout,
      ecosystem: input.ecosystem,
      settings: input.settings,
      policy: input.policy,
      knowledge,
      now,
      installed,
      assessment,
      decisions: input.decisions,
      base: input.base,
      manifests: input.manifests.map((item) => this.#manifestOf(item, facts)),
      lockfile: input.lockfile && { document: input.lockfile, problems: input.lockfile.parsed.problems },
    };
    return {
      ...view,
      hygiene: [
        ...this.#hygiene.of(input, installed),
        ...this.#overrideHygieneOf(view),
        ...decisionHygiene(input.decisions),
      ],
    };
  }

  /** While all facts are the same objects, lines that ask for the same as before are the same but for their places. */
  #manifestOf({ importer, document }: ProjectInput['manifests'][number], facts: ProjectFacts): ManifestView {
    const { assessment, catalogs, overridden, policy } = facts;
    const basis = [assessment, catalogs, overridden, policy, importer];
    const found = this.#views.get(document.path);
    const before = found && sameItems(found.basis, basis) ? found.view : undefined;
    if (before?.document === document) return before;
    const { value, problems } = document.parsed;
    const lines = viewManifest(value, importer, facts, before?.lines);
    const view: ManifestView = { document, manifest: value, problems, importer, lines };
    this.#views.set(document.path, { basis, view });
    return view;
  }

  #installedOf(input: ProjectInput, knowledge: Knowledge): Installed {
    const lockfile = input.lockfile ? this.#lockfileOf(input.lockfile, input) : this.#declaredOf(input, knowledge);
    const policy = input.lockfile ? input.policy : this.#declaringPolicyOf(input);
    if (this.#installed?.lockfile !== lockfile || this.#installed.policy !== policy) {
      const value = listInstalled(lockfile, input.ecosystem, policy);
      this.#installed = { lockfile, policy, value };
    }
    return this.#installed.value;
  }

  /** The same object as before while the policy and the members' names are the same. */
  #declaringPolicyOf({ manifests, policy }: ProjectInput): RegistryPolicy {
    const names = manifests.flatMap(({ importer, document }) => {
      const { name } = document.parsed.value;
      return importer === undefined || importer === '.' || name === undefined ? [] : [name];
    });
    const before = this.#declaring;
    if (before?.policy === policy && sameItems(before.names, names)) return before.value;
    const members = new Set(names);
    // However its siblings ask for it, a member's name is the workspace's own.
    const value = withholdNames(policy, (name) => (members.has(name) ? 'a member of this workspace' : undefined));
    this.#declaring = { policy, names, value };
    return value;
  }

  /** The same object as before while the manifests lead to the same entries: all else rests on it. */
  #lockfileOf({ parsed: { value } }: ParsedDocument<Lockfile>, { manifests }: ProjectInput): Lockfile {
    if (!isSilentOnImporters(value)) return value;
    const documents = manifests.map(({ document }) => document);
    const before = this.#completed;
    if (before?.lockfile === value && sameItems(before.documents, documents)) return before.value;
    const completed = withDeclaredImporters(
      value,
      manifests.map(({ importer, document }) => ({ importer, manifest: document.parsed.value })),
    );
    const isSame = before?.lockfile === value && isSameGraph(before.value, completed);
    this.#completed = { lockfile: value, documents, value: isSame ? before.value : completed };
    return this.#completed.value;
  }

  #declaredOf(input: ProjectInput, knowledge: Knowledge): Lockfile {
    const documents = input.manifests.map(({ document }) => document);
    const { revision } = knowledge;
    if (this.#declared?.revision !== revision || !sameItems(this.#declared.documents, documents)) {
      const manifests = input.manifests.map(({ importer, document }) => ({
        importer,
        manifest: document.parsed.value,
      }));
      const value = declaredLockfile(manifests, input.ecosystem, knowledge, input.policy);
      this.#declared = { documents, revision, value };
    }
    return this.#declared.value;
  }

  #assessmentOf(
    installed: Installed,
    input: ProjectInput,
    knowledge: Knowledge,
    useOf: ProjectFacts['useOf'],
    now: number,
  ): Assessment {
    const { ecosystem, settings, decisions, imports, base } = input;
    const { revision } = knowledge;
    const index = this.#decisionIndexOf(decisions);
    const products = input.manifests.flatMap(({ document }) => {
      const { name } = document.parsed.value;
      return name !== undefined && index.products.has(name) ? [name] : [];
    });
    const before = this.#assessment;
    const isSame =
      before?.installed === installed &&
      before.settings === settings &&
      before.revision === revision &&
      before.decisions === decisions &&
      before.imports === imports &&
      before.base === base &&
      now < before.validUntil &&
      sameItems(before.products, products);
    if (isSame) return before.value;
    const names = new Set(products);
    const value = assessPackages(installed, {
      ecosystem,
      knowledge,
      settings,
      decisionOf: (finding) => index.decisionOf(finding, names, now),
      useOf,
      base,
    });
    const validUntil = index.nextEnd(now);
    this.#assessment = { installed, settings, revision, decisions, products, imports, base, validUntil, value };
    return value;
  }

  #decisionIndexOf(set: DecisionSet): DecisionIndex {
    if (this.#decisions?.set !== set) {
      this.#decisions = { set, index: new DecisionIndex(set.isApplied ? set : NO_DECISIONS) };
    }
    return this.#decisions.index;
  }

  /** The same set as before while its names are the same, since all lines rest on it. */
  #overriddenOf({ manifests }: ProjectInput): ReadonlySet<string> {
    const names = new Set<string>();
    const members = new Set(manifests.map(({ document }) => document.parsed.value.name));
    for (const { importer, document } of manifests) {
      if (importer !== '.' && importer !== undefined) continue;
      for (const { path, value } of document.parsed.value.overrides) {
        const [name = '', parent] = path.map(overriddenName).reverse();
        // By `$name` it is the line that decides, and the rule that follows.
        if (value !== `$${name}` && (parent === undefined || members.has(parent))) names.add(name);
      }
    }
    if (!sameItems([...names], [...this.#overridden])) this.#overridden = names;
    return this.#overridden;
  }

  /** Rests on what is known as well, and on the lines that wait. */
  #overrideHygieneOf(view: Omit<ProjectView, 'hygiene'>): readonly HygieneIssue[] {
    const basis = [view.layout, view.lockfile?.document, view.assessment, ...view.manifests];
    if (this.#overrideHygiene === undefined || !sameItems(this.#overrideHygiene.basis, basis)) {
      this.#overrideHygiene = { basis, value: overrideHygiene(view) };
    }
    return this.#overrideHygiene.value;
  }

  #catalogsOf(input: ProjectInput): Catalogs {
    const documents = input.manifests
      .filter(({ importer }) => ownsCatalogs(importer))
      .map(({ document }) => document)
      .filter(holdsCatalog);
    if (this.#catalogs && sameItems(this.#catalogs.documents, documents)) return this.#catalogs.value;
    const value = new Map<string, { path: string; dependency: Dependency }>();
    for (const { path, parsed } of documents) {
      for (const dependency of parsed.value.dependencies) {
        if (dependency.catalog !== undefined)
          value.set(catalogKey(dependency.catalog, dependency.name), { path, dependency });
      }
    }
    this.#catalogs = { documents, value };
    return value;
  }
}

/** The package that a rule is about, without the range that it is limited to (`lodash@^3`). */
function overriddenName(selector: string): string {
  const at = selector.indexOf('@', 1);
  return at === -1 ? selector : selector.slice(0, at);
}

/** By the paths of members, as lockfiles know them. */
function usesIn({ layout, imports }: ProjectInput): ProjectFacts['useOf'] {
  if (imports === undefined) return () => undefined;
  const manifests = new Map(layout.manifests.map(({ importer, path }) => [importer, path]));
  return (importer, dependency) => imports.useOf(manifests.get(importer) ?? '', dependency);
}

type Catalogs = ReadonlyMap<string, { readonly path: string; readonly dependency: Dependency }>;

function holdsCatalog({ parsed }: ParsedDocument<Manifest>): boolean {
  return parsed.value.dependencies.some(({ catalog }) => catalog !== undefined);
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

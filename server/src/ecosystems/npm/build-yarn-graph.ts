import type { Importer, ImporterDependency, Lockfile, MemberManifest } from '../../core/lockfile.ts';
import type { GrowingEntry } from './growing-entry.ts';
import { spreadScopes } from './spread-scopes.ts';
import { copyOf } from './string-table.ts';
import { YarnDescriptors } from './yarn-descriptors.ts';
import type { YarnDocument } from './yarn-document.ts';
import { specifierOf, type YarnAsk, type YarnGraph } from './yarn-graph.ts';
import { completeYarnLockfile } from './yarn-manifests.ts';

/** Turns a document into a lockfile. */
export function buildYarnLockfile(document: YarnDocument): Lockfile {
  const graph = new GraphBuilder(document).build();
  const importers = graph.isBerry ? importersOf(graph) : [{ path: '.', dependencies: [] }];
  spreadScopes(document.entries, importers, graph.required);
  return {
    format: graph.format,
    entries: document.entries,
    importers,
    catalogs: [],
    tools: [],
    completedBy: completerOf(graph),
  };
}

/** Apart, so that the function keeps the graph alone and not the document. */
function completerOf(graph: YarnGraph): (manifests: readonly MemberManifest[]) => Lockfile {
  return (manifests) => completeYarnLockfile(graph, manifests);
}

function importersOf({ workspaces }: YarnGraph): Importer[] {
  return workspaces.map(({ path, asks }) => ({
    path,
    dependencies: asks.map((ask): ImporterDependency => ({
      name: ask.name,
      scope: 'prod',
      specifier: specifierOf(ask),
      entry: ask.entry,
    })),
  }));
}

class GraphBuilder {
  readonly #document: YarnDocument;
  readonly #descriptors: YarnDescriptors;
  readonly #targets: Int32Array;
  readonly #unanswered: { readonly from: number; readonly name: string; readonly range: string }[] = [];

  constructor(document: YarnDocument) {
    document.settlePatches();
    this.#document = document;
    this.#descriptors = new YarnDescriptors(document.isBerry, document.descriptors, document.owners);
    this.#targets = new Int32Array(document.requestNames.length).fill(UNKNOWN);
  }

  build(): YarnGraph {
    const { entries, isBerry, required, version } = this.#document;
    const name = isBerry ? 'yarn berry' : 'yarn';
    const format = isBerry && version === undefined ? name : `${name} v${version ?? '1'}`;
    const isWorkspace = new Set(this.#document.workspaces.map(({ entry }) => entry));
    entries.forEach((entry, index) => {
      if (entry.edges.length > 0 && !isWorkspace.has(index)) this.#connect(entry, index);
    });
    return {
      format,
      isBerry,
      entries,
      required,
      descriptors: this.#descriptors,
      workspaces: this.#connectWorkspaces(),
      unanswered: this.#unanswered,
    };
  }

  /** Turns requests into edges: what an entry needs stays before what is optional. */
  #connect(entry: GrowingEntry, index: number): void {
    const requests = entry.edges;
    const required = this.#document.required[index];
    const edges: number[] = [];
    for (let position = 0; position < requests.length; position += 1) {
      if (position === required) this.#document.required[index] = edges.length;
      const request = requests[position] ?? -1;
      const target = this.#resolve(request);
      if (target === -1) this.#unanswered.push({ from: index, ...this.#copyOf(request) });
      else if (!edges.includes(target)) edges.push(target);
    }
    entry.edges = edges;
  }

  #connectWorkspaces(): YarnGraph['workspaces'] {
    const { entries, required, workspaces } = this.#document;
    const connected = workspaces.map(({ path, entry, requests }) => {
      const asks = requests.map((request): YarnAsk => ({ ...this.#copyOf(request), entry: this.#resolve(request) }));
      const edges = new Set(asks.map((ask) => ask.entry));
      edges.delete(-1);
      const own = entries[entry];
      if (own !== undefined) own.edges = [...edges];
      required[entry] = undefined;
      return { path, entry, asks };
    });
    return connected.sort((a, b) => Number(a.path !== '.') - Number(b.path !== '.'));
  }

  /** Index of the entry that a request means; -1 when there is none. */
  #resolve(request: number): number {
    const known = this.#targets[request] ?? -1;
    if (known !== UNKNOWN) return known;
    const name = this.#document.requestNames[request] ?? '';
    const target = this.#descriptors.ask(name, this.#document.requestRanges[request] ?? '');
    // `resolutions` and catalogs replace the range that a key is written for.
    const found = target === -1 ? this.#descriptors.findOnly(name) : target;
    this.#targets[request] = found;
    return found;
  }

  #copyOf(request: number): { readonly name: string; readonly range: string } {
    const name = this.#document.requestNames[request] ?? '';
    const range = this.#document.requestRanges[request] ?? '';
    return { name: copyOf(name, 0, name.length), range: copyOf(range, 0, range.length) };
  }
}

const UNKNOWN = -2;

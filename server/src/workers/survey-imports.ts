import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

import type { Ecosystem } from '../core/ecosystem.ts';
import { excludeMatcher } from '../core/exclude-matcher.ts';
import type { ImportSurvey, SurveyRequest } from '../core/import-use.ts';
import { ECOSYSTEMS } from '../ecosystems/all.ts';

/** The folders and files that are gone through. Nothing throws for what cannot be read. */
export interface SourceTree {
  list(folder: string): readonly { readonly name: string; readonly kind: 'file' | 'directory' }[];
  readText(path: string): string | undefined;
}

/** A workspace with more sources is read in part. */
const MOST_SOURCES = 20_000;

/** What is longer was made by a program. Bytes. */
const LONGEST_SOURCE = 1024 * 1024;

const DEEPEST_FOLDER = 32;

/** On disk. Links are left out, so that a search ends and stays where it began. */
const DISK: SourceTree = {
  list(folder) {
    try {
      return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : undefined;
        return kind === undefined ? [] : [{ name: entry.name, kind }];
      });
    } catch {
      return [];
    }
  },
  readText(path) {
    try {
      return statSync(path).size > LONGEST_SOURCE ? undefined : readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
};

/**
 * Reads the sources of a project for what they import. A source counts for the manifest of its own folder and for those
 * of the folders above, which may install for it. Without a pause: it belongs into a thread, where that takes a third of
 * the time.
 */
export function surveyImports(request: SurveyRequest, tree: SourceTree = DISK): ImportSurvey {
  const ecosystem = ECOSYSTEMS.find(({ id }) => id === request.ecosystem);
  if (ecosystem === undefined) return { isWhole: false, manifests: [] };
  return new Survey(request, ecosystem, tree).result();
}

interface Draft {
  readonly path: string;
  readonly folder: string;
  sources: number;
  readonly production: Set<string>;
  readonly test: Set<string>;
}

class Survey {
  readonly #root: string;
  readonly #ecosystem: Ecosystem;
  readonly #tree: SourceTree;
  readonly #manifests: ReadonlySet<string>;
  readonly #drafts: readonly Draft[];
  readonly #isExcluded: (path: string) => boolean;
  #left = MOST_SOURCES;

  constructor({ root, manifests, exclude }: SurveyRequest, ecosystem: Ecosystem, tree: SourceTree) {
    this.#root = root;
    this.#ecosystem = ecosystem;
    this.#tree = tree;
    this.#manifests = new Set(manifests);
    this.#isExcluded = excludeMatcher(root, exclude);
    this.#drafts = manifests.map((path) => ({
      path,
      folder: dirname(path) + sep,
      sources: 0,
      production: new Set(),
      test: new Set(),
    }));
  }

  result(): ImportSurvey {
    const isWhole = this.#folder(this.#root, 0);
    return {
      isWhole,
      manifests: this.#drafts.map(({ path, sources, production, test }) => ({
        path,
        sources,
        production: [...production],
        test: [...test].filter((name) => !production.has(name)),
      })),
    };
  }

  /** False when there is more than is read. */
  #folder(folder: string, depth: number): boolean {
    const { imports } = this.#ecosystem;
    const entries = this.#tree.list(folder);
    if (depth > 0 && this.#isOfAnotherProject(folder, entries)) return true;
    for (const { name, kind } of entries) {
      const path = join(folder, name);
      if (kind === 'file') {
        if (!imports.isSource(name) || this.#isExcluded(path)) continue;
        if (this.#left-- === 0) return false;
        this.#source(path);
      } else if (!imports.isOutput(name) && !this.#isExcluded(path)) {
        if (depth === DEEPEST_FOLDER || !this.#folder(path, depth + 1)) return false;
      }
    }
    return true;
  }

  #source(path: string): void {
    const text = this.#tree.readText(path);
    if (text === undefined) return;
    const { imports } = this.#ecosystem;
    const names = imports.importedBy(text);
    for (const draft of this.#drafts) {
      if (!path.startsWith(draft.folder)) continue;
      draft.sources++;
      const into = imports.isTest(path.slice(draft.folder.length).replaceAll(sep, '/')) ? draft.test : draft.production;
      for (const name of names) into.add(name);
    }
  }

  /** A folder with a manifest of its own that asks for packages, and that is no member of this project. */
  #isOfAnotherProject(folder: string, entries: ReturnType<SourceTree['list']>): boolean {
    const ecosystem = this.#ecosystem;
    return entries.some(({ name, kind }) => {
      const path = join(folder, name);
      if (kind !== 'file' || !ecosystem.manifestNames.includes(name) || this.#manifests.has(path)) return false;
      const text = this.#tree.readText(path);
      // Many folders of tests hold a manifest that only says of which kind its modules are.
      return text !== undefined && ecosystem.parseManifest(basename(path), text).value.dependencies.length > 0;
    });
  }
}

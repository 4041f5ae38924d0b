import { basename, dirname, join } from 'node:path';

import type { DecisionFile, DecisionSet } from '../core/decision.ts';
import { LineIndex } from '../core/line-index.ts';
import type { Files } from '../core/ports.ts';
import { formatsOf, VEX_FOLDER } from '../decisions/formats.ts';

/** Decisions are text that people write; what is bigger was made by a machine for another purpose. */
const MAX_BYTES = 4_000_000;
const MAX_FILES = 50;
/** How far above a project decisions are looked for, when no repository ends the way. */
const MAX_LEVELS = 20;

/** Reads the files in which people have written down what they decided. Unchanged ones are not read again. */
export class DecisionFiles {
  readonly #files: Files;
  readonly #read = new Map<string, { readonly stamp: string; readonly files: readonly DecisionFile[] }>();

  constructor(files: Files) {
    this.#files = files;
  }

  /**
   * What holds for a project: of its own folder and those above it, the nearest first, up to the workspace's folder or,
   * when the project lies outside of it, the repository's root. `before` is answered again while nothing changed.
   */
  async read(root: string, folder: string, isApplied: boolean, before: DecisionSet | undefined): Promise<DecisionSet> {
    const files: DecisionFile[] = [];
    for (const path of await this.#candidates(root, folder)) {
      files.push(...(await this.#readOne(path)));
      if (files.length >= MAX_FILES) break;
    }
    const isSame =
      before !== undefined &&
      before.isApplied === isApplied &&
      before.files.length === files.length &&
      before.files.every((file, index) => file === files[index]);
    return isSame ? before : { files, isApplied };
  }

  async #candidates(root: string, folder: string): Promise<string[]> {
    const found: string[] = [];
    let at = root;
    for (let level = 0; level < MAX_LEVELS; level++) {
      const names = await this.#files.list(at);
      const wanted = names.filter(({ name, kind }) => kind === 'file' && formatsOf(name).length > 0);
      found.push(...wanted.map(({ name }) => join(at, name)));
      if (names.some(({ name, kind }) => name === VEX_FOLDER && kind === 'directory')) {
        const documents = await this.#files.list(join(at, VEX_FOLDER));
        const vex = documents.filter(({ name, kind }) => kind === 'file' && name.endsWith('.json'));
        found.push(...vex.map(({ name }) => join(at, VEX_FOLDER, name)));
      }
      const parent = dirname(at);
      if (at === folder || parent === at || names.some(({ name }) => name === '.git')) break;
      at = parent;
    }
    return found;
  }

  async #readOne(path: string): Promise<readonly DecisionFile[]> {
    const stat = await this.#files.stat(path);
    if (stat?.kind !== 'file') return [];
    const stamp = `${String(stat.size)} ${String(stat.modifiedMs)}`;
    const before = this.#read.get(path);
    if (before?.stamp === stamp) return before.files;
    const files = await this.#parse(path, stat.size);
    this.#read.set(path, { stamp, files });
    return files;
  }

  async #parse(path: string, size: number): Promise<DecisionFile[]> {
    const refused = (message: string): DecisionFile[] => [
      { path, lines: new LineIndex(''), decisions: [], problems: [{ span: { start: 0, end: 0 }, message }] },
    ];
    if (size > MAX_BYTES) return refused(`it is bigger than ${String(MAX_BYTES / 1_000_000)} MB, and decides nothing`);
    const text = await this.#files.readText(path);
    if (text === undefined) return refused('it cannot be read, and decides nothing');
    const name = basename(path);
    // In the folder of VEX documents the name is anybody's choice.
    const isInFolder = basename(dirname(path)) === VEX_FOLDER;
    const lines = new LineIndex(text);
    const formats = isInFolder ? VEX_FORMATS : formatsOf(name);
    return formats.flatMap((format) => {
      const parsed = format.read(text, name);
      if (parsed === undefined || (parsed.value.length === 0 && parsed.problems.length === 0)) return [];
      const decisions = parsed.value.map(({ span, ...said }) => ({
        ...said,
        tool: format.tool,
        place: { path, span },
      }));
      return [{ path, lines, decisions, problems: parsed.problems }];
    });
  }
}

const VEX_FORMATS = formatsOf('.vex.json');

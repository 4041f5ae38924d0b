import { basename, dirname, join } from 'node:path';

import type { DecisionFile, DecisionSet } from '../core/decision.ts';
import { LineIndex } from '../core/line-index.ts';
import type { Files } from '../core/ports.ts';
import { formatsOf, VEX_FOLDER } from '../decisions/formats.ts';

/** Decisions are text that people write; what is bigger was made by a machine for another purpose. */
const MAX_BYTES = 4_000_000;
/** YAML takes far longer to read, and nobody waits for a hostile file. */
const MAX_YAML_BYTES = 400_000;
const MAX_FILES = 50;
/** How far above a project the repository's root is looked for. */
const MAX_LEVELS = 20;

/** Reads the files in which people have written down what they decided. Unchanged ones are not read again. */
export class DecisionFiles {
  readonly #files: Files;
  readonly #read = new Map<string, { readonly stamp: string; readonly files: readonly DecisionFile[] }>();

  constructor(files: Files) {
    this.#files = files;
  }

  /**
   * What holds for a project: of its own folder and those above it, the nearest first, up to the repository's root, or
   * without one to the workspace's folder. `before` is answered again while nothing changed.
   */
  async read(root: string, folder: string, isApplied: boolean, before: DecisionSet | undefined): Promise<DecisionSet> {
    const files: DecisionFile[] = [];
    const candidates = await this.#candidates(root, folder);
    for (const path of candidates.slice(0, MAX_FILES)) files.push(...(await this.#readOne(path)));
    const [unread] = candidates.slice(MAX_FILES);
    if (unread !== undefined) files.push(...this.#unread(unread, candidates.length - MAX_FILES));
    const isSame =
      before !== undefined &&
      before.isApplied === isApplied &&
      before.files.length === files.length &&
      before.files.every((file, index) => file === files[index]);
    return isSame ? before : { files, isApplied };
  }

  async #candidates(root: string, folder: string): Promise<string[]> {
    const levels: string[][] = [];
    let withinFolder = 1;
    let at = root;
    for (let level = 1; level <= MAX_LEVELS; level++) {
      const names = await this.#files.list(at);
      levels.push(await this.#candidatesIn(at, names));
      if (at === folder) withinFolder = level;
      if (names.some(({ name }) => name === '.git')) return levels.flat();
      const parent = dirname(at);
      if (parent === at) break;
      at = parent;
    }
    // Without a repository, what lies above may be anybody's.
    return levels.slice(0, withinFolder).flat();
  }

  async #candidatesIn(folder: string, names: Awaited<ReturnType<Files['list']>>): Promise<string[]> {
    const files = names.filter(({ name, kind }) => kind === 'file' && formatsOf(name).length > 0);
    const isVex = names.some(({ name, kind }) => name === VEX_FOLDER && kind === 'directory');
    const documents = isVex ? await this.#files.list(join(folder, VEX_FOLDER)) : [];
    const vex = documents.filter(({ name, kind }) => kind === 'file' && name.endsWith('.json'));
    return [...files.map(({ name }) => join(folder, name)), ...vex.map(({ name }) => join(folder, VEX_FOLDER, name))];
  }

  /** The same objects as before while they say the same. */
  #unread(path: string, number: number): readonly DecisionFile[] {
    const stamp = `unread ${String(number)}`;
    const before = this.#read.get(path);
    if (before?.stamp === stamp) return before.files;
    const message = `this and ${String(number - 1)} more files of decisions are not read: there are more than ${String(MAX_FILES)}`;
    const files = refused(path, message);
    this.#read.set(path, { stamp, files });
    return files;
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
    const limit = /\.ya?ml$/.test(path) ? MAX_YAML_BYTES : MAX_BYTES;
    if (size > limit) return refused(path, `it is bigger than ${String(limit / 1000)} kB, and decides nothing`);
    const text = await this.#files.readText(path);
    if (text === undefined) return refused(path, 'it cannot be read, and decides nothing');
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

function refused(path: string, message: string): DecisionFile[] {
  return [{ path, lines: new LineIndex(''), decisions: [], problems: [{ span: { start: 0, end: 0 }, message }] }];
}

const VEX_FORMATS = formatsOf('.vex.json');

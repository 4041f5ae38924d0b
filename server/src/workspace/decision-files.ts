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

interface Read {
  readonly stamp: string;
  /** The editor's text that it was read from. */
  readonly open: string | undefined;
  readonly files: readonly DecisionFile[];
}

/** What the editor holds; undefined for a file that is not open. */
type OpenText = (path: string) => { readonly text: string; readonly version: number } | undefined;

/** True for a file in which decisions may stand. */
export function mayHoldDecisions(path: string): boolean {
  return basename(dirname(path)) === VEX_FOLDER || formatsOf(basename(path)).length > 0;
}

/** Reads the files in which people have written down what they decided. Unchanged ones are not read again. */
export class DecisionFiles {
  readonly #files: Files;
  readonly #openText: OpenText;
  readonly #read = new Map<string, Read>();

  constructor(files: Files, openText: OpenText = () => undefined) {
    this.#files = files;
    this.#openText = openText;
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
    this.#read.set(path, { stamp, open: undefined, files });
    return files;
  }

  async #readOne(path: string): Promise<readonly DecisionFile[]> {
    const open = this.#openText(path);
    const stat = open === undefined ? await this.#files.stat(path) : undefined;
    if (open === undefined && stat?.kind !== 'file') return [];
    const size = open?.text.length ?? stat?.size ?? 0;
    const stamp = open === undefined ? `${String(size)} ${String(stat?.modifiedMs)}` : `open ${String(open.version)}`;
    const before = this.#read.get(path);
    // Versions begin anew when a document is opened again.
    if (before?.stamp === stamp && before.open === open?.text) return before.files;
    const limit = /\.ya?ml$/.test(path) ? MAX_YAML_BYTES : MAX_BYTES;
    const isTooBig = size > limit;
    const text = isTooBig ? undefined : (open?.text ?? (await this.#files.readText(path)));
    const tooBig = `it is bigger than ${String(limit / 1000)} kB, and decides nothing`;
    const unread = isTooBig ? tooBig : 'it cannot be read, and decides nothing';
    const files = text === undefined ? refused(path, unread) : parsed(path, text);
    this.#read.set(path, { stamp, open: open?.text, files });
    return files;
  }
}

function parsed(path: string, text: string): DecisionFile[] {
  const name = basename(path);
  // In the folder of VEX documents the name is anybody's choice.
  const isInFolder = basename(dirname(path)) === VEX_FOLDER;
  const lines = new LineIndex(text);
  const formats = isInFolder ? VEX_FORMATS : formatsOf(name);
  return formats.flatMap((format) => {
    const read = format.read(text, name);
    if (read === undefined) return [];
    const settings = format.readSettings?.(text);
    const problems = [...read.problems, ...(settings?.problems ?? [])];
    const hasSettings = settings !== undefined && Object.keys(settings.value).length > 0;
    if (read.value.length === 0 && problems.length === 0 && !hasSettings) return [];
    const decisions = read.value.map(({ span, ...said }) => ({
      ...said,
      tool: format.tool,
      place: { path, span },
    }));
    return [{ path, lines, decisions, problems, ...(hasSettings ? { settings: settings.value } : {}) }];
  });
}

function refused(path: string, message: string): DecisionFile[] {
  return [{ path, lines: new LineIndex(''), decisions: [], problems: [{ span: { start: 0, end: 0 }, message }] }];
}

const VEX_FORMATS = formatsOf('.vex.json');

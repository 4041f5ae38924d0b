import { posix, relative, sep } from 'node:path';

import { RepositoryError, type FileVersion, type Repository } from '../../core/repository.ts';
import type { Files } from '../../core/ports.ts';
import { fileVersions } from './file-versions.ts';
import { findGit, runGit, type GitOutput, type GitProgram } from './git-program.ts';
import { ObjectReader } from './object-reader.ts';
import { treeFiles, type TreeEntry } from './tree-files.ts';

/**
 * The repository whose working tree a folder lies in. Rejects with a {@link RepositoryError} when it lies in none, when git is
 * not installed, and when git refuses to read it.
 * @param folder absolute.
 */
export async function openGitRepository(
  folder: string,
  environment: GitProgram['environment'],
  platform: NodeJS.Platform,
): Promise<Repository> {
  const git = findGit(environment, platform);
  if (git === undefined) throw new RepositoryError('git is not installed, or not in a folder of the search path');
  const words = ['rev-parse', '--is-inside-work-tree', '--is-shallow-repository', '--show-prefix', '--show-toplevel'];
  const { code, stdout, complaint } = await runGit(git, folder, words);
  const [isInside, isShallow, prefix = '', root = ''] = stdout.toString('utf8').split('\n');
  if (isInside === 'false') throw new RepositoryError('the repository has no working tree here');
  if (code !== 0) throw new RepositoryError(`there is no history to read: ${complaint}`);
  return new GitRepository({ git, folder, prefix, root, isShallow: isShallow === 'true' });
}

interface Place {
  readonly git: GitProgram;
  /** As the caller names it. */
  readonly folder: string;
  /** Where the folder lies below the root: empty, or with a slash at its end. */
  readonly prefix: string;
  /** As git names it, where no link is left. */
  readonly root: string;
  readonly isShallow: boolean;
}

class GitRepository implements Repository {
  readonly isShallow: boolean;
  readonly #place: Place;
  readonly #reader: ObjectReader;

  constructor(place: Place) {
    this.#place = place;
    this.isShallow = place.isShallow;
    this.#reader = new ObjectReader(place.git, place.root);
  }

  async commitOf(name: string): Promise<string | undefined> {
    const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    return idOf(await this.#run(words));
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    return idOf(await this.#run(['merge-base', one, other]));
  }

  async filesOf(tree: { readonly commit: string } | 'staged'): Promise<Files> {
    const words =
      tree === 'staged' ? ['ls-files', '--stage', '-z'] : ['ls-tree', '-r', '-z', '--full-tree', tree.commit];
    const { code, stdout, complaint } = await this.#run(words);
    if (code !== 0) throw new RepositoryError(`the files of the repository cannot be listed: ${complaint}`);
    return treeFiles({
      entries: entriesOf(stdout.toString('utf8')),
      pathInTree: (path) => this.#pathInTree(path),
      read: async (id) => {
        const object = await this.#reader.read(id);
        if (object === undefined) throw new RepositoryError(`object ${id} is missing: was it left out of the clone?`);
        return object.content;
      },
    });
  }

  async *versionsOf(path: string, commit: string): AsyncIterable<FileVersion> {
    const inTree = this.#pathInTree(path);
    if (inTree === undefined) return;
    yield* fileVersions({ path: inTree, commit, run: (words) => this.#run(words), reader: this.#reader });
  }

  async author(): Promise<string | undefined> {
    const [name, email] = await Promise.all(
      ['user.name', 'user.email'].map(async (key) => {
        const { code, stdout } = await this.#run(['config', '--get', key]);
        return code === 0 ? stdout.toString('utf8').trim() : '';
      }),
    );
    if (name === undefined || name === '') return undefined;
    return email === undefined || email === '' ? name : `${name} <${email}>`;
  }

  close(): void {
    this.#reader.close();
  }

  async #run(words: readonly string[]): Promise<GitOutput> {
    return runGit(this.#place.git, this.#place.root, words);
  }

  #pathInTree(path: string): string | undefined {
    const below = relative(this.#place.folder, path).split(sep).join('/');
    const inTree = posix.join(this.#place.prefix, below);
    const isOutside = inTree === '..' || inTree.startsWith('../') || posix.isAbsolute(below) || /^[a-z]:/i.test(below);
    return isOutside ? undefined : inTree.replace(/(?<=[^/])\/$/, '');
  }
}

function idOf({ code, stdout }: GitOutput): string | undefined {
  const [id] = stdout.toString('utf8').split('\n');
  return code === 0 && id !== undefined && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}

/** `mode type id TAB path`, and from the index `mode id stage TAB path`; each ends with a NUL. */
const LISTED = /^(100[0-7]{3}) (?:blob ([0-9a-f]+)|([0-9a-f]+) ([0-3]))\t([^]+)$/;

/** Of a file with conflicts that were not resolved, its own side is taken. */
function entriesOf(listing: string): TreeEntry[] {
  return listing.split('\0').flatMap((line) => {
    const [, , blob, staged, stage, path] = LISTED.exec(line) ?? [];
    const id = blob ?? staged;
    return id === undefined || path === undefined || stage === '1' || stage === '3' ? [] : [{ path, id }];
  });
}

import { RepositoryError, type FileVersion } from '../../core/repository.ts';
import type { GitOutput } from './git-program.ts';
import type { ObjectReader } from './object-reader.ts';

export interface HistoryRequest {
  /** Below the repository's root. */
  readonly path: string;
  readonly commit: string;
  readonly run: (words: readonly string[]) => Promise<GitOutput>;
  readonly reader: ObjectReader;
}

/** So many are asked for ahead that git is never idle, and so few that their contents fit in memory. */
const AHEAD = 8;

const MAX_NAMES = 20;

/**
 * The versions of a file along the history, newest first. Where the file appears, the commit's other files say whether it
 * was renamed: a file that went with the same content is where it came from.
 */
export async function* fileVersions({ path, commit, run, reader }: HistoryRequest): AsyncGenerator<FileVersion> {
  let at = path;
  let from = commit;
  for (let round = 0; round < MAX_NAMES; round++) {
    const commits = await commitsOf(at, from, run);
    yield* contentsOf(at, commits, reader);
    const first = commits.at(-1);
    const before = first === undefined ? undefined : await renamedFrom(at, first.commit, run);
    if (first === undefined || before === undefined) return;
    at = before;
    from = `${first.commit}^`;
  }
}

interface Changed {
  readonly commit: string;
  readonly committedAt: number;
}

async function commitsOf(path: string, from: string, run: HistoryRequest['run']): Promise<Changed[]> {
  // Both sides of a merge are walked: what a branch had resolved for a while was installed by those who worked on it.
  const words = ['rev-list', '--timestamp', '--full-history', from, '--', path];
  const { code, stdout, complaint } = await run(words);
  if (code !== 0) throw new RepositoryError(`the history of ${path} cannot be read: ${complaint}`);
  return stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [, time, id] = /^(\d+) ([0-9a-f]{40,64})$/.exec(line) ?? [];
      return id === undefined ? [] : [{ commit: id, committedAt: Number(time) * 1_000 }];
    });
}

async function* contentsOf(
  path: string,
  commits: readonly Changed[],
  reader: ObjectReader,
): AsyncGenerator<FileVersion> {
  const asked: Promise<FileVersion>[] = [];
  const ask = async (changed: Changed): Promise<FileVersion> => {
    const object = await reader.read(`${changed.commit}:${path}`);
    return { ...changed, path, content: object?.type === 'blob' ? object.content : undefined };
  };
  for (const changed of commits) {
    const question = ask(changed);
    // Whoever stops reading early does not hear of what failed behind it.
    question.catch(() => undefined);
    asked.push(question);
    const next = asked.length > AHEAD ? asked.shift() : undefined;
    if (next !== undefined) yield await next;
  }
  for (const next of asked) yield await next;
}

/** `:mode mode id id status[score] NUL path NUL [path NUL]`. */
async function renamedFrom(path: string, commit: string, run: HistoryRequest['run']): Promise<string | undefined> {
  const words = ['diff-tree', '-r', '-z', '--root', '--no-commit-id', '--no-ext-diff', '--no-textconv', '-M', commit];
  const { code, stdout } = await run(words);
  if (code !== 0) return undefined;
  const parts = stdout.toString('utf8').split('\0');
  for (let index = 0; index + 1 < parts.length;) {
    const isRename = / R\d+$/.test(parts[index] ?? '');
    if (isRename && parts[index + 2] === path) return parts[index + 1];
    index += isRename ? 3 : 2;
  }
  return undefined;
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';

/** A working tree of git's, made for a test. */
export interface GitFolder {
  readonly folder: string;
  /** Runs git there, and answers what it printed. Throws when it fails. */
  readonly git: (...words: string[]) => string;
  /** Writes files and commits everything, a minute after the commit before. Answers the commit's id. */
  readonly commit: (files: Readonly<Record<string, string>>) => string;
}

/** Makes a repository with the branch `main` in a folder. Nothing of the user's own configuration counts in it. */
export function gitFolder(folder: string): GitFolder {
  let minutes = 0;
  const git = (...words: string[]): string => {
    const time = new Date(Date.UTC(2025, 0, 1, 0, minutes)).toISOString();
    const environment = {
      ...process.env,
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_SYSTEM: devNull,
      GIT_AUTHOR_DATE: time,
      GIT_COMMITTER_DATE: time,
    };
    const names = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'core.hooksPath=/dev/null'];
    return execFileSync('git', [...names, ...words], { cwd: folder, env: environment, encoding: 'utf8' }).trim();
  };
  git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    git,
    commit: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      minutes++;
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', 'a change');
      return git('rev-parse', 'HEAD');
    },
  };
}

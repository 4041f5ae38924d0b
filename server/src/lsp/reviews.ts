import { relative } from 'node:path';
import type { CancellationToken } from 'vscode-languageserver';

import { RepositoryError, type Repository } from '../core/repository.ts';
import { changeMarkdown } from '../features/change-markdown.ts';
import { escapeMarkdown } from '../features/markdown.ts';
import { baseText } from '../features/words.ts';
import type { ReviewParams, ReviewResult } from '../protocol.ts';
import { findBase, mainBranch, type BaseCommit } from '../workspace/find-base.ts';
import { reviewSince } from '../workspace/review-since.ts';
import type { FolderConfig } from '../workspace/workspace.ts';
import { cancellableJob } from './cancellable-job.ts';
import type { Running, Session } from './session.ts';

/** What changed in each folder since an earlier state, as Markdown. Git is read in trusted folders only. */
export async function provideReview(
  session: Session,
  params: ReviewParams,
  token: CancellationToken,
): Promise<ReviewResult> {
  const running = await session.running();
  return cancellableJob(session, 'Provender: reviewing changes', token, async (signal, progress) => {
    const parts: string[] = [];
    for (const folder of running.workspace.folders) {
      parts.push(
        await reviewFolder(running, folder, params, { signal, onProgress: (message) => progress.say(message) }),
      );
    }
    return { markdown: parts.join('\n') };
  });
}

interface ReviewWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

async function reviewFolder(
  { world, workspace }: Running,
  folder: FolderConfig,
  params: ReviewParams,
  watch: ReviewWatch,
): Promise<string> {
  const { path, settings, trusted } = folder;
  if (!trusted) return notReviewed(path, 'its history is read only in a workspace that you trust');
  let repository: Repository | undefined;
  try {
    repository = await world.openRepository(path);
    const base = await baseOf(repository, params);
    if ('trouble' in base) return notReviewed(path, base.trouble);
    const { commit } = base;
    const files = commit === undefined ? undefined : await repository.filesOf({ commit });
    const current = (): Promise<ReturnType<typeof workspace.projectsOf>> => {
      workspace.flush();
      return Promise.resolve(workspace.projectsOf(folder));
    };
    const isOnline = world.isOnline();
    const review = await reviewSince(world, { path, settings, files, current, isOnline, ...watch });
    const shownPath = (document: string): string => relative(path, document).replaceAll('\\', '/') || '.';
    return changeMarkdown(review, { base: baseText(base), shownPath });
  } catch (error) {
    if (error instanceof RepositoryError) return notReviewed(path, error.message);
    throw error;
  } finally {
    repository?.close();
  }
}

async function baseOf(
  repository: Repository,
  { since }: ReviewParams,
): Promise<BaseCommit | { readonly trouble: string }> {
  if (since.kind === 'head') return findBase(repository, undefined);
  const name = since.kind === 'commit' ? since.name : await mainBranch(repository);
  if (name === undefined) return { trouble: 'there is no branch main or master, here or at origin' };
  return findBase(repository, name);
}

function notReviewed(path: string, reason: string): string {
  return `Not reviewed: ${escapeMarkdown(path, 500)}, because ${escapeMarkdown(reason, 500)}\n`;
}

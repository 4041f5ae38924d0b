import { ECOSYSTEMS } from '../ecosystems/all.ts';
import { changeMarkdown } from '../features/change-markdown.ts';
import { baseText } from '../features/words.ts';
import type { ChangeReview } from '../workspace/change-review.ts';
import { readProjects } from '../workspace/read-projects.ts';
import { reviewSince } from '../workspace/review-since.ts';
import type { DiffInvocation } from './arguments.ts';
import { paintFor } from './colors.ts';
import type { CommandLineIo, Program } from './command-line-io.ts';
import { diffJson } from './diff-json.ts';
import { diffTable } from './diff-table.ts';
import { findTarget, nothingFound } from './find-target.ts';
import { openBase, type Base } from './open-base.ts';
import { openCheckWorld } from './open-check-world.ts';
import { printable } from './printable.ts';
import { ProgressLine } from './progress-line.ts';
import { shownPath } from './shown-path.ts';

/** `provender diff`: what a change of lockfiles brings in, takes away and moves. */
export async function diff(invocation: DiffInvocation, program: Program, io: CommandLineIo): Promise<number> {
  const { path: given, offline, base: ref, staged } = invocation;
  const { signal } = io;
  const path = await findTarget(given, io.cwd, io.files, ECOSYSTEMS);
  const progress = new ProgressLine(io);
  const { world, settings } = await openCheckWorld(invocation, program, io, progress);
  let base: Base | undefined;
  let review: ChangeReview;
  try {
    world.setOnline(!offline);
    base = await openBase({ target: path, ref, staged }, world);
    const looked = base.staged === undefined ? world : { ...world, files: base.staged };
    let projects = 0;
    review = await reviewSince(world, {
      path,
      settings,
      signal,
      files: base.files,
      current: async () => {
        const snapshot = await readProjects(looked, { path, settings, signal });
        projects = snapshot.projects.length;
        return snapshot.projects;
      },
      isOnline: world.isOnline(),
      onProgress: (message) => progress.report(message),
    });
    if (projects === 0 && review.projects.length === 0) throw nothingFound(given, ECOSYSTEMS);
  } finally {
    progress.clear();
    base?.repository.close();
    await world.close();
  }
  io.signal.throwIfAborted();
  await io.stdout.write(written(review, base, invocation, io));
  return 0;
}

function written(review: ChangeReview, base: Base, { format }: DiffInvocation, io: CommandLineIo): string {
  const shown = (path: string): string => shownPath(path, io.cwd);
  switch (format) {
    case 'json':
      return diffJson(review, base, shown);
    case 'markdown':
      return changeMarkdown(review, { base: baseText(base), shownPath: shown });
    case 'table':
      return diffTable(review, { base: printable(baseText(base)), shownPath: shown, paint: paintFor(io) });
  }
}

import type { LineIndex } from '../core/line-index.ts';
import type { Problem } from '../core/span.ts';
import type { ProjectView } from '../workspace/snapshot.ts';
import { shownPath } from './shown-path.ts';

/** What could not be read, and where. */
export interface DocumentProblem {
  readonly document: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** The troubles in all documents, each once: what could not be read is not covered by the check. */
export function documentProblems(projects: readonly ProjectView[], cwd: string): DocumentProblem[] {
  const found = new Map<string, DocumentProblem>();
  const note = (path: string, line: number, message: string): void => {
    found.set(`${path}\n${String(line)}\n${message}`, { document: shownPath(path, cwd), line, message });
  };
  const noteAll = (path: string, lines: LineIndex, problems: readonly Problem[]): void => {
    for (const { span, message } of problems) note(path, lines.positionAt(span.start).line + 1, message);
  };
  for (const { layout, manifests, lockfile } of projects) {
    for (const { document, problems } of manifests) noteAll(document.path, document.lines, problems);
    const read = new Set(manifests.map(({ document }) => document.path));
    for (const { path } of layout.manifests) if (!read.has(path)) note(path, 1, 'cannot be read');
    if (lockfile !== undefined) noteAll(lockfile.document.path, lockfile.document.lines, lockfile.problems);
    else if (layout.lockfile !== undefined) note(layout.lockfile, 1, 'cannot be read');
    // A rival of the lockfile that decides is said as what it is: out of order, not unread.
    for (const { path, reason, rival } of layout.unread) if (rival === undefined) note(path, 1, reason);
  }
  return [...found.values()];
}

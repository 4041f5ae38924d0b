import { LineIndex } from '../../server/src/core/line-index.ts';
import type { OpenLockfile, ProjectView } from '../../server/src/workspace/snapshot.ts';
import { projectOf, ROOT, type ProjectFacts, type TestProject } from './project-of.ts';

export interface OpenedLockfile {
  readonly lockfile: OpenLockfile;
  readonly project: ProjectView;
  readonly test: TestProject;
  /** Of the cursor mark, wherever it stands. */
  readonly position: { readonly line: number; readonly character: number };
}

/** The project of marked files with its lockfile in the editor. */
export async function openLockfile(text: string, facts: ProjectFacts = {}): Promise<OpenedLockfile> {
  const test = await projectOf(text, facts);
  const { project, marked } = test;
  const view = project.lockfile;
  const content = marked.files[view?.document.path.slice(ROOT.length + 1) ?? ''];
  if (view === undefined || content === undefined) throw new Error('the text has no lockfile');
  const position = view.document.lines.positionAt(marked.cursor?.offset ?? 0);
  return { lockfile: { ...view, text: content }, project, test, position };
}

/** A place as `path:line:column text`, counted from one, as people name it. */
export function describePlace(
  files: Readonly<Record<string, string>>,
  { uri, range }: { uri: string; range: { start: OpenedLockfile['position']; end: OpenedLockfile['position'] } },
): string {
  const path = uri.slice(`file://${ROOT}/`.length);
  const text = files[path] ?? '';
  const lines = new LineIndex(text);
  const found = text.slice(lines.offsetAt(range.start), lines.offsetAt(range.end));
  return `${path}:${String(range.start.line + 1)}:${String(range.start.character + 1)} ${found}`;
}

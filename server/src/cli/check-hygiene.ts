import type { HygieneCode, HygieneIssue } from '../core/hygiene.ts';
import { pendingWords } from '../features/words.ts';
import { documentLines } from '../workspace/document-lines.ts';
import type { ProjectView } from '../workspace/snapshot.ts';
import type { ShownPlace } from './checked-finding.ts';
import { shownPath } from './shown-path.ts';

/** What is out of order between a project's documents, and where. */
export interface ShownIssue {
  readonly code: HygieneCode;
  readonly place: ShownPlace;
  readonly message: string;
}

/** What is out of order in all projects: lines that wait for an install first. */
export function shownIssues(projects: readonly ProjectView[], cwd: string): ShownIssue[] {
  return projects.flatMap((project) => {
    const lines = documentLines(project);
    return [...waitingLines(project), ...project.hygiene].map(({ code, place: { path, span }, message }) => {
      const start = lines.get(path)?.positionAt(span.start) ?? { line: 0, character: 0 };
      const document = shownPath(path, cwd);
      return { code, place: { document, line: start.line + 1, column: start.character + 1 }, message };
    });
  });
}

function waitingLines({ manifests, layout }: ProjectView): HygieneIssue[] {
  return manifests.flatMap(({ document, lines }) =>
    lines.flatMap(({ dependency, pending }): HygieneIssue[] => {
      if (pending === undefined) return [];
      const message = `${dependency.name}: ${pendingWords(pending)}. Run: ${layout.installCommand}`;
      const place = { path: document.path, span: dependency.valueSpan };
      return [{ code: 'waiting-for-install', place, message }];
    }),
  );
}

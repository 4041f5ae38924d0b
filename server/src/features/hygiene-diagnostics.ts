import type { Diagnostic } from 'vscode-languageserver-types';

import { LineIndex } from '../core/line-index.ts';
import type { DocumentText, ProjectView } from '../workspace/snapshot.ts';
import { severityOf, SOURCE } from './diagnostic-parts.ts';
import { hygieneLevel } from './level.ts';
import { rangeOfSpan } from './ranges.ts';
import { oneLine } from './words.ts';

/** What in a document of a project is out of order, but for the lines that wait for an install. */
export function hygieneDiagnostics(document: DocumentText, { hygiene, settings }: ProjectView): Diagnostic[] {
  return hygiene.flatMap(({ code, place, message }): Diagnostic[] => {
    const severity = severityOf(hygieneLevel(code, settings));
    if (place.path !== document.path || severity === undefined) return [];
    const range = rangeOfSpan(document, place.span);
    return [{ range, severity, source: SOURCE, code, message: `${oneLine(message, 400)}.` }];
  });
}

/** What is said of a lockfile that is not the one that decides, at its start. */
export function rivalDiagnostics(path: string, projects: readonly ProjectView[]): Diagnostic[] {
  const document = { path, lines: new LineIndex(''), version: undefined };
  return projects.flatMap((project) => hygieneDiagnostics(document, project));
}

/** What is not understood of a file of decisions, on its lines; undefined when no project reads it. */
export function decisionDiagnostics(path: string, projects: readonly ProjectView[]): Diagnostic[] | undefined {
  const [reader] = projects.flatMap((project) =>
    project.decisions.files.filter((file) => file.path === path).map(({ lines }) => ({ project, lines })),
  );
  return reader && hygieneDiagnostics({ path, lines: reader.lines, version: undefined }, reader.project);
}

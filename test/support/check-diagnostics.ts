import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';
import { expect } from 'vitest';

import { LineIndex } from '../../server/src/core/line-index.ts';
import { diagnostics, lockfileProblems } from '../../server/src/features/diagnostics.ts';
import { hygieneDiagnostics, rivalDiagnostics } from '../../server/src/features/hygiene-diagnostics.ts';
import type { DocumentText } from '../../server/src/workspace/snapshot.ts';
import { parseMarked, renderMarked, type Annotation } from './marked-text.ts';
import { projectOf, ROOT, type ProjectFacts, type TestProject } from './project-of.ts';

/** The text's caret lines are all that is said of the project. */
export async function checkDiagnostics(text: string, facts: ProjectFacts): Promise<void> {
  const found = await foundIn(text, facts);
  const marked = parseMarked(text);
  expect(renderMarked({ ...marked, annotations: sorted(found.annotations) })).toBe(
    renderMarked({ ...marked, annotations: sorted(marked.annotations) }),
  );
}

/** All diagnostics of all documents, in the client's form and as marks of the text. */
export async function foundIn(
  text: string,
  facts: ProjectFacts,
): Promise<{ annotations: Annotation[]; all: Diagnostic[]; test: TestProject }> {
  const test = await projectOf(text, facts);
  const annotations: Annotation[] = [];
  const all: Diagnostic[] = [];
  for (const project of test.snapshot.projects) {
    for (const manifest of project.manifests) {
      const found = diagnostics(manifest, project, (path) => `file://${path}`);
      all.push(...found);
      annotations.push(...found.map((item) => annotationOf(item, manifest.document)));
    }
    const { lockfile } = project;
    if (lockfile) {
      const said = [...lockfileProblems(lockfile), ...hygieneDiagnostics(lockfile.document, project)];
      annotations.push(...said.map((item) => annotationOf(item, lockfile.document)));
    }
    for (const { path, rival } of project.layout.unread) {
      if (rival === undefined) continue;
      const document = { path, lines: new LineIndex(''), version: undefined };
      annotations.push(...rivalDiagnostics(path, [project]).map((item) => annotationOf(item, document)));
    }
  }
  return { annotations, all, test };
}

const WORDS = { 1: 'error', 2: 'warning', 3: 'information', 4: 'hint' } as const;

export function annotationOf(
  { range, severity, code, message }: Diagnostic,
  { path, lines }: DocumentText,
): Annotation {
  return {
    path: path.slice(ROOT.length + 1),
    start: lines.offsetAt(range.start),
    end: lines.offsetAt(range.end),
    severity: WORDS[severity ?? DiagnosticSeverity.Error],
    code: String(code),
    message: typeof message === 'string' ? message : message.value,
  };
}

export function sorted(annotations: readonly Annotation[]): Annotation[] {
  return [...annotations].sort((a, b) => a.start - b.start || (a.code < b.code ? -1 : 1));
}

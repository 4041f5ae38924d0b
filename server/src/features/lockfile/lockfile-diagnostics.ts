import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';

import type { Finding } from '../../core/finding.ts';
import { compareFindings } from '../../core/rank-findings.ts';
import { affectedLines, viewEntry } from '../../workspace/view-entry.ts';
import type { LockfileView, ProjectView } from '../../workspace/snapshot.ts';
import { lockfileProblems, packageTrouble } from '../diagnostics.ts';
import { SOURCE } from '../diagnostic-parts.ts';
import { hygieneDiagnostics } from '../hygiene-diagnostics.ts';
import { levelOf } from '../level.ts';
import { rangeOfSpan } from '../ranges.ts';
import { count } from '../words.ts';

/** A lockfile of tens of thousands of entries may have thousands of affected ones, and each keystroke sends them all. */
const MAX_ENTRIES = 200;

/**
 * What is wrong with the packages of a lockfile, at the entry of each: one diagnostic per line, in the words of the
 * manifest's line, the worst packages first. Only affected packages are looked at.
 */
export function lockfileDiagnostics(
  lockfile: LockfileView,
  project: ProjectView,
  uriOf: (path: string) => string,
): Diagnostic[] {
  const entries = affectedEntries(project);
  const uri = uriOf(lockfile.document.path);
  const lines = affectedLines(project);
  const found = entries.slice(0, MAX_ENTRIES).flatMap((index): Diagnostic[] => {
    const entry = project.installed.lockfile.entries[index];
    if (entry === undefined) return [];
    const line = lines.get(entry) ?? viewEntry(entry, index, project);
    const trouble = packageTrouble(line, { uri, range: rangeOfSpan(lockfile.document, entry) }, project);
    return trouble === undefined ? [] : [trouble];
  });
  return [
    ...found,
    ...unsaid(entries.length - MAX_ENTRIES),
    ...lockfileProblems(lockfile),
    ...hygieneDiagnostics(lockfile.document, project),
  ];
}

/** Indexes of entries with findings that are shown, the worst packages first, one for each place. */
function affectedEntries({ installed, assessment, settings }: ProjectView): number[] {
  const isShown = (finding: Finding): boolean =>
    (settings.transitive || finding.direct) && levelOf(finding, settings) !== 'off';
  const affected = [...assessment.byPackage].flatMap(([index, findings]) => {
    const worst = findings.find(isShown);
    return worst === undefined ? [] : [{ index, worst }];
  });
  affected.sort((a, b) => compareFindings(a.worst, b.worst));
  // What was decided about comes behind what is open.
  const all = (settings.severity.decided ?? 'hint') === 'off' ? affected : [...affected, ...decidedOnly(assessment)];
  const places = new Map<number, number>();
  for (const { index } of all) {
    for (const entry of installed.packages[index]?.entries ?? []) {
      const start = installed.lockfile.entries[entry]?.start;
      if (start !== undefined && !places.has(start)) places.set(start, entry);
    }
  }
  return [...places.values()];
}

function decidedOnly({ byPackage, decided }: ProjectView['assessment']): { readonly index: number }[] {
  return [...decided.keys()].flatMap((index) => (byPackage.has(index) ? [] : [{ index }]));
}

function unsaid(number: number): Diagnostic[] {
  if (number <= 0) return [];
  const start = { line: 0, character: 0 };
  const message = `${count(number, 'more entry', 'more entries')} with findings not marked here: the ${String(MAX_ENTRIES)} worst are. Dependency Risks and the command line list all`;
  return [
    {
      range: { start, end: start },
      severity: DiagnosticSeverity.Information,
      source: SOURCE,
      code: 'more-findings',
      message,
    },
  ];
}

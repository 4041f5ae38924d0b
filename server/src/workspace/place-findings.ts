import type { Decision } from '../core/decision.ts';
import type { Finding, Place, PlacedFinding } from '../core/finding.ts';
import type { Remedy } from '../core/remedy.ts';
import { distinctEdits } from '../core/text-edit.ts';
import type { Installed } from './installed-packages.ts';
import { lineRemedies } from './line-remedies.ts';
import type { LockfileView, ProjectView } from './snapshot.ts';

/** The findings of a project that somebody has decided about, with the lines they stand on. No edit is offered for them. */
export function placeDecided({ manifests, installed, assessment, lockfile }: ProjectView): PlacedDecision[] {
  const places = new Map<Finding, Place[]>();
  for (const { document, lines } of manifests) {
    for (const { decided, dependency } of lines) {
      for (const { finding } of decided) push(places, finding, { path: document.path, span: dependency.valueSpan });
    }
  }
  return [...assessment.decided].flatMap(([index, items]) => {
    const entry = lockfile && entryPlace(index, installed, lockfile);
    return items.map(({ finding, decision }): PlacedDecision => {
      const all = [...(places.get(finding) ?? []), ...(entry ? [entry] : [])];
      return { decision, placed: { finding, places: all, remedies: [] } };
    });
  });
}

export interface PlacedDecision {
  readonly decision: Decision;
  readonly placed: PlacedFinding;
}

/** The findings of a project with the lines they stand on and the edits that mend them, worst first. */
export function placeFindings(project: ProjectView): PlacedFinding[] {
  const places = new Map<Finding, Place[]>();
  const remedies = new Map<Finding, Remedy[]>();
  for (const manifest of project.manifests) {
    const { path } = manifest.document;
    for (const line of manifest.lines) {
      if (line.own.length === 0 && line.brings.length === 0 && line.doubtful.length === 0) continue;
      const place = { path, span: line.dependency.valueSpan };
      for (const finding of [...line.own, ...line.brings, ...line.doubtful]) push(places, finding, place);
      for (const remedy of line.own.length > 0 ? lineRemedies(line, manifest, project) : []) {
        for (const finding of line.own) if (remedy.clears.includes(finding.ruleId)) push(remedies, finding, remedy);
      }
    }
  }
  const inLockfile = lockfilePlaces(project);
  return project.assessment.findings.map((finding) => {
    const entry = inLockfile.get(finding);
    return {
      finding,
      places: [...(places.get(finding) ?? []), ...(entry ? [entry] : [])],
      remedies: distinct(remedies.get(finding) ?? []),
    };
  });
}

function lockfilePlaces({ installed, assessment, lockfile }: ProjectView): Map<Finding, Place> {
  const places = new Map<Finding, Place>();
  if (lockfile === undefined) return places;
  for (const [index, findings] of assessment.byPackage) {
    const place = entryPlace(index, installed, lockfile);
    if (place !== undefined) for (const finding of findings) places.set(finding, place);
  }
  return places;
}

function entryPlace(index: number, installed: Installed, { document }: LockfileView): Place | undefined {
  const first = installed.packages[index]?.entries[0];
  const entry = first === undefined ? undefined : installed.lockfile.entries[first];
  return entry && { path: document.path, span: { start: entry.start, end: entry.end } };
}

/** Several members may offer the same upgrade: one remedy with all their edits. */
function distinct(remedies: readonly Remedy[]): Remedy[] {
  const merged = new Map<string, Remedy>();
  for (const remedy of remedies) {
    const key = `${remedy.kind}\n${remedy.package}\n${remedy.to}`;
    const before = merged.get(key);
    merged.set(key, before ? { ...before, edits: distinctEdits([...before.edits, ...remedy.edits]) } : remedy);
  }
  return [...merged.values()];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

import type { Finding, Place, PlacedFinding } from '../core/finding.ts';
import type { Remedy } from '../core/remedy.ts';
import { distinctEdits } from '../core/text-edit.ts';
import { lineRemedies } from './line-remedies.ts';
import type { ProjectView } from './snapshot.ts';

/** The findings of a project with the lines they stand on and the edits that mend them, worst first. */
export function placeFindings(project: ProjectView): PlacedFinding[] {
  const places = new Map<Finding, Place[]>();
  const remedies = new Map<Finding, Remedy[]>();
  for (const manifest of project.manifests) {
    const { path } = manifest.document;
    for (const line of manifest.lines) {
      if (line.own.length === 0 && line.brings.length === 0) continue;
      const place = { path, span: line.dependency.valueSpan };
      for (const finding of [...line.own, ...line.brings]) push(places, finding, place);
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
    const first = installed.packages[index]?.entries[0];
    const entry = first === undefined ? undefined : installed.lockfile.entries[first];
    if (entry === undefined) continue;
    const place = { path: lockfile.document.path, span: { start: entry.start, end: entry.end } };
    for (const finding of findings) places.set(finding, place);
  }
  return places;
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

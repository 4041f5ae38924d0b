import { isAdvisoryFinding, type Finding } from '../core/finding.ts';
import { fingerprintOf } from '../core/fingerprint.ts';
import { changeNotes } from '../features/change-words.ts';
import type { ChangeNote, ChangeReview, ReviewedChange } from '../workspace/change-review.ts';
import { jsonText } from './json.ts';
import type { Base } from './open-base.ts';

/** The review as `schemaVersion` 1; docs/json.md describes it. */
export function diffJson(
  { projects, newFindings, goneFindings, unchecked }: ChangeReview,
  { name, commit }: Pick<Base, 'name' | 'commit'>,
  shownPath: (path: string) => string,
): string {
  return jsonText({
    schemaVersion: 1,
    base: { name, commit: commit ?? null },
    documents: projects.map(({ document, changes }) => ({
      document: shownPath(document),
      changes: changes.map(changeJson),
    })),
    new: newFindings.map(findingJson),
    gone: goneFindings.map(findingJson),
    unchecked: unchecked.map(({ name, version, reason }) => ({ name, version, reason })),
  });
}

function changeJson(change: ReviewedChange): object {
  const { name, kind, from, to, kept, direct, isDevelopmentOnly, paths, notes } = change;
  return {
    name,
    kind,
    from: from.map(({ subject }) => subject.version),
    to: to.map(({ subject }) => subject.version),
    kept,
    direct,
    developmentOnly: isDevelopmentOnly,
    paths,
    attention: notes.map(codeOf),
    notes: changeNotes(change),
  };
}

function codeOf(note: ChangeNote): string {
  switch (note.kind) {
    case 'install-script':
      return note.isNew ? 'new-install-script' : 'install-script';
    case 'signature':
      return note.verdict === 'invalid' ? 'invalid-signature' : 'lost-signature';
    case 'publication':
      return note.change.kind;
    default:
      return note.kind;
  }
}

function findingJson(finding: Finding): object {
  const { ruleId, kind, severity, summary, package: affected } = finding;
  return {
    ruleId,
    fingerprint: fingerprintOf(finding),
    kind,
    severity,
    name: affected.name,
    version: affected.version,
    ...(isAdvisoryFinding(finding) ? { advisory: finding.match.advisory.id } : {}),
    summary,
  };
}

import { isAdvisoryFinding, type Finding } from '../core/finding.ts';
import type { ChangeNote, ChangeReview, ReviewedChange } from '../workspace/change-review.ts';
import type { PublicationChange } from '../workspace/publication-changes.ts';
import type { PublicationSince } from '../workspace/publication-since.ts';
import { ageText, count, countAdvisories, heldBackText, severityText } from './words.ts';

/** "12 added, 3 removed, 7 upgraded; 2 advisories new, 14 gone". */
export function reviewTitle({ projects, newFindings, goneFindings }: ChangeReview): string {
  const changes = projects.flatMap((project) => project.changes);
  const kinds = KINDS.flatMap((kind) => {
    const number = changes.filter((change) => change.kind === kind).length;
    return number === 0 ? [] : [`${String(number)} ${kind}`];
  });
  if (changes.length === 0 && newFindings.length + goneFindings.length === 0) return 'No package changes';
  const came = newFindings.filter(isAdvisoryFinding).length;
  const went = goneFindings.filter(isAdvisoryFinding).length;
  return `${kinds.length === 0 ? 'no package changes' : kinds.join(', ')}; ${countAdvisories(came)} new, ${String(went)} gone`;
}

const KINDS = ['added', 'removed', 'upgraded', 'downgraded', 'replaced'] as const satisfies ReviewedChange['kind'][];

/** What came and went: `1.0.0`, or `1.0.0, 2.0.0` where a package is installed more than once. */
export function versionsText(items: ReviewedChange['to']): string {
  return items.map(({ subject }) => subject.version).join(', ');
}

/** Everything that a reviewer should know of one change besides its versions, the worst first. */
export function changeNotes({ notes, newFindings, goneFindings, kept, kind }: ReviewedChange): string[] {
  const gone = goneFindings.filter(isAdvisoryFinding).length;
  const also = kind === 'added' || kind === 'removed' ? kept : [];
  return [
    // What else is found (a signature, a deprecation) is among the notes.
    ...newFindings.filter(isAdvisoryFinding).map((finding) => `${findingName(finding)} is new`),
    ...notes.map(noteText),
    ...(gone === 0 ? [] : [`clears ${countAdvisories(gone)}`]),
    ...(also.length === 0 ? [] : [`${also.join(', ')} ${also.length === 1 ? 'stays' : 'stay'} beside it`]),
  ];
}

/** "GHSA-35jh-r3h4-6jhm (high 7.2)"; what no advisory is behind is named by its kind. */
export function findingName(finding: Finding): string {
  return `${finding.ruleId} (${severityText(finding)})`;
}

function noteText(note: ChangeNote): string {
  switch (note.kind) {
    case 'other-hash':
      return 'the same version with another hash';
    case 'other-source':
      return 'the same version from another place';
    case 'unreached':
      return 'nobody asks for it';
    case 'downgrade':
      return 'an older version than before';
    case 'install-script':
      return note.isNew ? 'runs an install script, which is new' : 'runs an install script, as before';
    case 'signature':
      return note.verdict === 'invalid' ? 'its signature does not fit' : 'not signed, as it was before';
    case 'publication':
      return publicationText(note.change);
    case 'deprecated':
      return `deprecated: ${note.message}`;
    case 'held-back':
      return heldBackText(note.until);
    case 'published':
      return `published ${ageText(note.ageMs)} ago`;
  }
}

/** Each thing in which a version was published in another way than the one before: "published by b, before by a". */
export function publicationWords({
  changes,
  isNewScript,
}: Pick<PublicationSince, 'changes' | 'isNewScript'>): string[] {
  return [...changes.map(publicationText), ...(isNewScript ? ['runs an install script, which is new'] : [])];
}

function publicationText(change: PublicationChange): string {
  switch (change.kind) {
    case 'provenance-lost':
      return `no provenance any more, as it had from ${change.was}`;
    case 'other-repository':
      return `built from ${change.is}, before from ${change.was}`;
    case 'other-workflow':
      return `built by ${change.is}, before by ${change.was}`;
    case 'other-publisher':
      return `published by ${change.is}, before by ${change.was}`;
  }
}

/** "brought in by webpack > terser"; "direct" for what a manifest names. */
export function broughtInText({ direct, paths }: ReviewedChange): string {
  if (direct) return 'direct';
  const [shortest, ...others] = paths.map((path) => path.slice(0, -1).join(' > ')).filter((path) => path !== '');
  if (shortest === undefined) return '';
  return others.length === 0 ? shortest : `${shortest} and ${count(others.length, 'more way')}`;
}

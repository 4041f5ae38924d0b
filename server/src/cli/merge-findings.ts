import { isAdvisoryFinding, type Finding, type PlacedFinding } from '../core/finding.ts';
import { joinUses } from '../core/import-use.ts';
import { identityOf } from '../core/fingerprint.ts';
import type { LineIndex } from '../core/line-index.ts';
import { compareFindings } from '../core/rank-findings.ts';
import type { Remedy } from '../core/remedy.ts';
import { compareSeverity } from '../core/severity.ts';
import type { Span } from '../core/span.ts';
import type { VersionScheme } from '../core/version-scheme.ts';
import { documentLines } from '../workspace/document-lines.ts';
import type { ProjectView } from '../workspace/snapshot.ts';
import type { CheckedFinding, PlacedRemedy, ShownPlace } from './checked-finding.ts';
import { purlFor } from './purl.ts';
import { shownPath } from './shown-path.ts';

interface Draft {
  finding: Finding;
  readonly purl: string;
  readonly ownPlaces: Map<string, ShownPlace>;
  readonly manifestPlaces: Map<string, ShownPlace>;
  readonly lockfilePlaces: Map<string, ShownPlace>;
  readonly paths: Map<string, readonly string[]>;
  readonly remedies: Map<string, PlacedRemedy>;
  written: string | undefined;
  readonly versions: VersionScheme;
}

/** Joins what several projects say of the same package and rule. */
export class FindingMerger {
  readonly #cwd: string;
  readonly #drafts = new Map<string, Draft>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  add(placed: readonly PlacedFinding[], project: ProjectView): void {
    const lines = documentLines(project);
    const own = ownLines(project);
    const lockfile = project.lockfile?.document.path;
    for (const { finding, places, remedies } of placed) {
      const draft = this.#draftOf(finding, project);
      draft.written ??= own.written.get(identityOf(finding));
      for (const { path, span } of places) {
        const place = this.#shown(path, span, lines);
        const key = `${path}\n${String(place.line)}\n${String(place.column)}`;
        if (path === lockfile) draft.lockfilePlaces.set(key, place);
        else if (own.keys.has(lineKey(finding, path, span))) draft.ownPlaces.set(key, place);
        else draft.manifestPlaces.set(key, place);
      }
      for (const path of finding.paths) draft.paths.set(path.join('\n'), path);
      for (const remedy of remedies) {
        const [edit] = remedy.edits;
        addRemedy(draft.remedies, remedy, edit && this.#shown(edit.path, edit.span, lines));
      }
    }
  }

  result(): CheckedFinding[] {
    return [...this.#drafts.values()]
      .map(({ finding, purl, ownPlaces, manifestPlaces, lockfilePlaces, paths, remedies, written, versions }) => ({
        finding: { ...finding, paths: [...paths.values()] },
        purl,
        places: [...new Map([...ownPlaces, ...manifestPlaces, ...lockfilePlaces]).values()],
        remedies: [...remedies.values()],
        written,
        versions,
      }))
      .sort((a, b) => compareSeverity(a.finding.severity, b.finding.severity) || compareFindings(a.finding, b.finding));
  }

  #draftOf(finding: Finding, { ecosystem }: ProjectView): Draft {
    const before = this.#drafts.get(identityOf(finding));
    if (before !== undefined) {
      before.finding = joined(before.finding, finding);
      return before;
    }
    const { name, version } = finding.package;
    const draft: Draft = {
      finding,
      purl: purlFor(ecosystem, name, version),
      ownPlaces: new Map(),
      manifestPlaces: new Map(),
      lockfilePlaces: new Map(),
      paths: new Map(),
      remedies: new Map(),
      written: undefined,
      versions: ecosystem.versions,
    };
    this.#drafts.set(identityOf(finding), draft);
    return draft;
  }

  #shown(path: string, span: Span, lines: ReadonlyMap<string, LineIndex>): ShownPlace {
    const start = lines.get(path)?.positionAt(span.start) ?? { line: 0, character: 0 };
    return { document: shownPath(path, this.#cwd), line: start.line + 1, column: start.character + 1 };
  }
}

/** The lines that name an affected package itself, not one that brings it in, and what is written there by now. */
function ownLines({ manifests }: ProjectView): {
  readonly keys: ReadonlySet<string>;
  /** By identity. */
  readonly written: ReadonlyMap<string, string>;
} {
  const keys = new Set<string>();
  const written = new Map<string, string>();
  for (const { document, lines } of manifests) {
    for (const { own, dependency, pending } of lines) {
      for (const finding of own) {
        keys.add(lineKey(finding, document.path, dependency.valueSpan));
        if (pending !== undefined && pending.madeFor === undefined) written.set(identityOf(finding), pending.written);
      }
    }
  }
  return { keys, written };
}

function lineKey(finding: Finding, path: string, span: Span): string {
  return `${identityOf(finding)}\n${path}\n${String(span.start)}`;
}

/** A name that matches in one place and is certain in another is certain. */
function joined(a: Finding, b: Finding): Finding {
  const imported = joinUses([a.imported, b.imported]);
  const both = { direct: a.direct || b.direct, scopes: a.scopes | b.scopes, imported };
  if (isAdvisoryFinding(a) && isAdvisoryFinding(b)) {
    return { ...a, ...both, matchedByName: a.matchedByName && b.matchedByName };
  }
  return { ...a, ...both };
}

/** The same step in several documents is one remedy, and as good as its weakest part. */
function addRemedy(remedies: Map<string, PlacedRemedy>, remedy: Remedy, place: ShownPlace | undefined): void {
  const key = `${remedy.kind}\n${remedy.package}\n${remedy.from}\n${remedy.to}`;
  const before = remedies.get(key);
  if (before === undefined) {
    remedies.set(key, { remedy, place });
    return;
  }
  const joint: Remedy = {
    ...before.remedy,
    state: before.remedy.state === 'verified' && remedy.state === 'verified' ? 'verified' : 'proposed',
    clears: before.remedy.clears.filter((id) => remedy.clears.includes(id)),
    breaking: before.remedy.breaking || remedy.breaking,
    edits: [...before.remedy.edits, ...remedy.edits],
  };
  remedies.set(key, { remedy: joint, place: before.place });
}

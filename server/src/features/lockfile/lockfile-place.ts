import type { LockBlock, LockNeed, LockText } from '../../core/lock-text.ts';
import type { Importer, LockEntry } from '../../core/lockfile.ts';
import type { Span } from '../../core/span.ts';
import type { OpenLockfile, ProjectView } from '../../workspace/snapshot.ts';

/** Whose block a line stands in: an entry, a workspace member, or both. */
export interface Asker {
  /** Index of the entry; undefined for members that are none. */
  readonly entry: number | undefined;
  readonly importer: Importer | undefined;
  readonly at: LockBlock;
}

/** What a place in a lockfile's text means. */
export interface LockfilePlace {
  /** Indexes of the entries that it names. */
  readonly entries: readonly number[];
  readonly span: Span;
  /** Set on a line that asks for a package, in the block of whoever asks. */
  readonly asked: { readonly need: LockNeed; readonly by: Asker } | undefined;
}

/** What stands at an offset: the key of an entry, or a line that asks for one. Read from the text around it. */
export function placeAt(lockfile: OpenLockfile, project: ProjectView, offset: number): LockfilePlace | undefined {
  const { places, lockfile: read } = project.installed;
  const index = places.at(offset);
  const entry = index === undefined ? undefined : read.entries[index];
  if (index !== undefined && entry !== undefined) return { entries: [index], span: spanOf(entry), asked: undefined };
  const by = askerAround(lockfile, project, offset);
  const need = by && needAt(needsOf(by, lockfile, project), offset);
  if (by !== undefined && need !== undefined) {
    const target = resolveNeed(need, by, lockfile, project);
    return { entries: target === undefined ? [] : [target], span: need.span, asked: { need, by } };
  }
  return secondPlace(lockfile, project, offset);
}

/** The lines in the block of who asks. */
export function needsOf({ at }: Asker, { text, document }: OpenLockfile, project: ProjectView): readonly LockNeed[] {
  return project.ecosystem.lockText(document.path).needsIn(text, at.block);
}

/** The index of the entry that a line means; undefined when the lockfile has none for it. */
export function resolveNeed(
  need: LockNeed,
  { entry, importer }: Asker,
  lockfile: OpenLockfile,
  project: ProjectView,
): number | undefined {
  const resolved = importer?.dependencies.find(({ name, entry: index }) => name === need.name && index >= 0);
  if (resolved !== undefined) return resolved.entry;
  const { entries } = project.installed.lockfile;
  const edges = entries[entry ?? -1]?.edges ?? [];
  const format = textOf(lockfile, project);
  const isMeant = (index: number): boolean => format.isAnsweredBy(need, keyOf(entries[index], lockfile.text));
  return edges.find(isMeant) ?? edges.find((index) => entries[index]?.name === need.name);
}

/** The block of an entry. */
export function askerOf(index: number, lockfile: OpenLockfile, project: ProjectView): Asker | undefined {
  const entry = project.installed.lockfile.entries[index];
  if (entry === undefined || entry.end <= entry.start) return undefined;
  const at = textOf(lockfile, project).blockOf(lockfile.text, spanOf(entry));
  const importer = entry.source === 'workspace' ? importerAt(at, lockfile, project) : undefined;
  return { entry: index, importer, at };
}

/** The blocks of members that are no entries. */
export function membersOf(lockfile: OpenLockfile, project: ProjectView): Asker[] {
  return textOf(lockfile, project)
    .membersIn(lockfile.text)
    .map((at) => ({ entry: undefined, importer: importerAt(at, lockfile, project), at }));
}

export function spanOf({ start, end }: LockEntry): Span {
  return { start, end };
}

function askerAround(lockfile: OpenLockfile, project: ProjectView, offset: number): Asker | undefined {
  const before = project.installed.places.before(offset);
  const asker = before === undefined ? undefined : askerOf(before, lockfile, project);
  if (asker !== undefined && isInside(asker.at.block, offset)) return asker;
  return membersOf(lockfile, project).find(({ at }) => isInside(at.block, offset));
}

function needAt(needs: readonly LockNeed[], offset: number): LockNeed | undefined {
  return needs.find(({ span }) => span.start - 1 <= offset && offset <= span.end + 1);
}

function secondPlace(lockfile: OpenLockfile, project: ProjectView, offset: number): LockfilePlace | undefined {
  const second = textOf(lockfile, project).secondKeyAt?.(lockfile.text, offset);
  if (second === undefined) return undefined;
  const { entries } = project.installed.lockfile;
  const found = [...entries.keys()].filter((index) => {
    const entry = entries[index];
    return entry !== undefined && second.isOf(entry, keyOf(entry, lockfile.text));
  });
  return found.length === 0 ? undefined : { entries: found, span: second.span, asked: undefined };
}

function importerAt({ key }: LockBlock, lockfile: OpenLockfile, project: ProjectView): Importer | undefined {
  const path = textOf(lockfile, project).importerOf(lockfile.text.slice(key.start, key.end));
  return project.installed.lockfile.importers.find((importer) => importer.path === path);
}

function keyOf(entry: LockEntry | undefined, text: string): string {
  return entry === undefined ? '' : text.slice(entry.start, entry.end);
}

function textOf({ document }: OpenLockfile, { ecosystem }: ProjectView): LockText {
  return ecosystem.lockText(document.path);
}

function isInside({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

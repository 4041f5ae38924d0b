import type { Importer, LockEntry, Lockfile } from '../../../core/lockfile.ts';
import type { Parsed, Problem } from '../../../core/span.ts';

/**
 * Parses a lockfile that may have merge-conflict markers. Each side is read as if the other were not there, and what only
 * the second side has is added to the first: whichever is kept in the end, its packages have been looked at.
 */
export function readConflictSides(text: string, parse: (text: string) => Parsed<Lockfile>): Parsed<Lockfile> {
  const sides = splitConflicts(text);
  if (sides === undefined) return parse(text);
  const ours = parse(sides.ours);
  const theirs = parse(sides.theirs);
  const seen = new Set(ours.problems.map(problemKey));
  const others = theirs.problems.filter((problem) => !seen.has(problemKey(problem)));
  return { value: merge(ours.value, theirs.value), problems: [...sides.problems, ...ours.problems, ...others] };
}

/** What belongs to the other side, or to the common ancestor, is replaced by spaces, so that offsets hold in both. */
interface ConflictSides {
  readonly ours: string;
  readonly theirs: string;
  readonly problems: readonly Problem[];
}

type Side = 'both' | 'ours' | 'base' | 'theirs';

function splitConflicts(text: string): ConflictSides | undefined {
  // Three characters are found much faster than seven, and lockfiles have no other use for them.
  if (!text.includes('<<<') || !/^<{7}(?:[ \r]|$)/m.test(text)) return undefined;
  const ours: string[] = [];
  const theirs: string[] = [];
  const problems: Problem[] = [];
  let side: Side = 'both';
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    const line = text.slice(start, end);
    const marker = sideAfter(line, side);
    if (marker === 'ours') {
      const span = { start, end: start + line.trimEnd().length };
      problems.push({ span, message: 'A merge conflict is not resolved; both sides are read' });
    }
    ours.push(marker === undefined && (side === 'both' || side === 'ours') ? line : blank(line));
    theirs.push(marker === undefined && (side === 'both' || side === 'theirs') ? line : blank(line));
    side = marker ?? side;
    start = end;
  }
  return { ours: ours.join(''), theirs: theirs.join(''), problems };
}

/** The side that a marker line begins; undefined for other lines. */
function sideAfter(line: string, side: Side): Side | undefined {
  const marker = /^([<|=>])\1{6}(?:\s|$)/.exec(line)?.[1];
  if (marker === '<') return 'ours';
  if (marker === undefined || side === 'both') return undefined;
  if (marker === '>') return 'both';
  return marker === '=' ? 'theirs' : 'base';
}

function blank(line: string): string {
  return line.replace(/[^\r\n]/g, ' ');
}

function merge(ours: Lockfile, theirs: Lockfile): Lockfile {
  const entries = [...ours.entries];
  const indexOf = new Map(ours.entries.map((entry, index) => [entryKey(entry), index]));
  const added: LockEntry[] = [];
  const moved = theirs.entries.map((entry) => {
    const known = indexOf.get(entryKey(entry));
    if (known !== undefined) return known;
    added.push(entry);
    return entries.length + added.length - 1;
  });
  const move = (index: number): number => moved[index] ?? -1;
  entries.push(...added.map((entry) => ({ ...entry, edges: [] })));
  theirs.entries.forEach((entry, index) => {
    const at = move(index);
    const known = entries[at];
    if (known === undefined) return;
    const edges = new Set([...known.edges, ...entry.edges.map(move)]);
    edges.delete(-1);
    entries[at] = { ...known, edges: [...edges] };
  });
  return {
    ...ours,
    entries,
    importers: mergeImporters(ours.importers, theirs.importers, move),
    catalogs: [...new Map([...theirs.catalogs, ...ours.catalogs].map((item) => [JSON.stringify(item), item])).values()],
    tools: [...new Set([...ours.tools, ...theirs.tools.map(move)])],
    ...mergeTopLevels(ours, theirs, move),
    ...mergeCompletions(ours, theirs),
  };
}

function mergeCompletions({ completedBy: ours }: Lockfile, { completedBy: theirs }: Lockfile): Partial<Lockfile> {
  if (ours === undefined || theirs === undefined) return {};
  return { completedBy: (manifests) => merge(ours(manifests), theirs(manifests)) };
}

function mergeTopLevels(ours: Lockfile, theirs: Lockfile, move: (index: number) => number): Partial<Lockfile> {
  if (ours.topLevel === undefined && theirs.topLevel === undefined) return {};
  const others = [...(theirs.topLevel ?? [])].map(([name, index]) => [name, move(index)] as const);
  return { topLevel: new Map([...(ours.topLevel ?? []), ...others, ...(ours.topLevel ?? [])]) };
}

function mergeImporters(
  ours: readonly Importer[],
  theirs: readonly Importer[],
  move: (index: number) => number,
): Importer[] {
  const merged = new Map(ours.map((importer) => [importer.path, [...importer.dependencies]]));
  for (const { path, dependencies } of theirs) {
    const known = merged.get(path) ?? [];
    merged.set(path, known);
    for (const dependency of dependencies) {
      const entry = move(dependency.entry);
      const isKnown = known.some((other) => other.name === dependency.name && other.entry === entry);
      if (!isKnown) known.push({ ...dependency, entry });
    }
  }
  return [...merged].map(([path, dependencies]) => ({ path, dependencies }));
}

function entryKey(entry: LockEntry): string {
  return `${entry.start} ${entry.name} ${entry.version}`;
}

function problemKey(problem: Problem): string {
  return `${problem.span.start} ${problem.message}`;
}

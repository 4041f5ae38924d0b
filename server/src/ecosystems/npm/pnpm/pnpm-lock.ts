import { EMPTY_LOCKFILE, type LockEntry, type Lockfile } from '../../../core/lockfile.ts';
import { SCOPE_BIT } from '../../../core/package.ts';
import type { Parsed, Span } from '../../../core/span.ts';
import { readConflictSides } from '../lockfile/conflict-sides.ts';
import { PnpmDocument } from './pnpm-document.ts';
import { buildGraph } from './pnpm-graph.ts';
import { readPnpmLines } from './pnpm-lines.ts';
import { readPnpmTree } from './pnpm-lock-fallback.ts';

/**
 * Reads `pnpm-lock.yaml` of lockfile versions 5, 6 and 9. Since pnpm 11 the file may hold two YAML documents: one for the package
 * manager itself and its configuration dependencies, and the project's, which is the last. Never throws: what cannot be
 * read is a problem, and the rest is read.
 * @see https://github.com/pnpm/spec/blob/master/lockfile/9.0.md
 */
export function parsePnpmLock(text: string): Parsed<Lockfile> {
  return readConflictSides(text, parseOneSide);
}

function parseOneSide(text: string): Parsed<Lockfile> {
  const documents = readPnpmDocuments(text);
  const project = documents.findLast((document) => !isToolDocument(document));
  for (const document of documents) {
    if (document === project || isToolDocument(document)) continue;
    const { start, end } = document.versionSpan;
    document.report(start, end, 'Only the last document of a project is read');
  }
  const tools = documents.filter(isToolDocument).map(buildGraph);
  const value = addTools(project === undefined ? EMPTY_LOCKFILE : buildGraph(project), tools);
  const problems = documents.flatMap((document) => document.problems);
  if (documents.length === 0) {
    problems.push({ span: { start: 0, end: Math.min(1, text.length) }, message: 'The lockfile is empty' });
  }
  return { value, problems };
}

/**
 * The YAML documents that have anything in them: the packages of each with their places, and what there is to say of it. Who
 * brings in what is found out when a graph is made of it.
 */
export function readPnpmDocuments(text: string): PnpmDocument[] {
  const documents: PnpmDocument[] = [];
  let start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  while (start < text.length) {
    const document = new PnpmDocument(text, start);
    const odd = readPnpmLines(document);
    if (hasContent(document)) documents.push(settled(checked(document, odd)));
    start = document.next;
  }
  return documents;
}

function hasContent({ text, start, end }: PnpmDocument): boolean {
  for (let index = start; index < end; index += 1) if (text.charCodeAt(index) > SPACE) return true;
  return false;
}

function settled(document: PnpmDocument): PnpmDocument {
  document.settle();
  return document;
}

/** The document as it was read line by line, or as a tree where that reads more. */
function checked(document: PnpmDocument, odd: readonly Span[]): PnpmDocument {
  if (isTooOld(document.version)) return unread(document);
  const { text, start, end } = document;
  const tree = odd.length === 0 || end - start > MAX_TREE ? undefined : readPnpmTree(text, start, end);
  if (tree !== undefined && isTooOld(tree.version)) return unread(tree);
  // Broken text may say more line by line than as a tree.
  const better = tree !== undefined && tree.entries.length >= document.entries.length ? tree : document;
  if (better === document) {
    for (const span of odd) document.report(span.start, span.end, 'The line is not in the form that pnpm writes');
  }
  if (better.oldMajor === undefined && majorOf(better.version) !== 9) {
    const what =
      better.version === undefined ? 'lockfileVersion is missing' : `lockfileVersion ${better.version} is not known`;
    better.report(better.versionSpan.start, better.versionSpan.end, `${what}; the packages are read all the same`);
  }
  return better;
}

/** A form of pnpm 2 or older, whose packages would be misread. */
function unread(document: PnpmDocument): PnpmDocument {
  const empty = new PnpmDocument(document.text, document.start);
  empty.version = document.version;
  empty.versionSpan = document.versionSpan;
  const { start, end } = document.versionSpan;
  empty.report(
    start,
    end,
    `lockfileVersion ${document.version ?? ''} cannot be read, because it is older than 5: an install with a newer pnpm writes one that can`,
  );
  return empty;
}

function isTooOld(version: string | undefined): boolean {
  const major = majorOf(version);
  return major !== undefined && major < 5;
}

function majorOf(version: string | undefined): number | undefined {
  const major = Number.parseInt(version ?? '', 10);
  return Number.isNaN(major) ? undefined : major;
}

/** The document of the package manager itself: it has such dependencies, and its importers have no others. */
function isToolDocument(document: PnpmDocument): boolean {
  return (
    document.hasTools &&
    document.importers.every(({ dependencies }) => dependencies.every(({ scope }) => scope === 'tool'))
  );
}

function addTools(project: Lockfile, tools: readonly Lockfile[]): Lockfile {
  if (tools.length === 0) return project;
  const entries: LockEntry[] = [...project.entries];
  for (const tool of tools) {
    const offset = entries.length;
    for (const entry of tool.entries) {
      entries.push({ ...entry, scopes: SCOPE_BIT.tool, edges: entry.edges.map((edge) => edge + offset) });
    }
  }
  const indexes = Array.from(
    { length: entries.length - project.entries.length },
    (_, at) => project.entries.length + at,
  );
  const format = project === EMPTY_LOCKFILE ? (tools.at(-1)?.format ?? project.format) : project.format;
  return { ...project, format, entries, tools: indexes };
}

/** Longer documents are not read as a tree: it would take seconds. In characters. */
const MAX_TREE = 1024 * 1024;
const BYTE_ORDER_MARK = 0xfeff;
const SPACE = 32;

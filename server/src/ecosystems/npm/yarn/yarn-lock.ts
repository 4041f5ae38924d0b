import type { Lockfile, MemberManifest } from '../../../core/lockfile.ts';
import type { Parsed } from '../../../core/span.ts';
import { buildYarnGraph } from './build-yarn-graph.ts';
import { readConflictSides } from '../lockfile/conflict-sides.ts';
import { readYarnBerryLines } from './yarn-berry-lines.ts';
import { readYarnBerryTree } from './yarn-berry-tree.ts';
import { readYarnClassicLines } from './yarn-classic-lines.ts';
import { YarnDocument } from './yarn-document.ts';
import type { YarnGraph } from './yarn-graph.ts';
import { completeYarnLockfile } from './yarn-manifests.ts';

/**
 * Reads a `yarn.lock`, of yarn 1 or in the YAML of later ones, which says its version below `__metadata`. The entries are
 * listed without what they bring in: who asks for what is found out when the lockfile is completed by manifests, without
 * which it means nothing. Never throws: what cannot be read is a problem, and the rest is read.
 */
export function parseYarnLock(text: string): Parsed<Lockfile> {
  return readConflictSides(text, parseOneSide);
}

function parseOneSide(text: string): Parsed<Lockfile> {
  const document = isBerry(text) ? readBerry(text) : readClassic(text);
  const value = {
    format: formatOf(document),
    entries: document.entries,
    importers: [{ path: '.', dependencies: [] }],
    catalogs: [],
    tools: [],
    completedBy: completerOf(document),
  };
  return { value, problems: document.problems };
}

function formatOf({ isBerry: isOfBerry, version }: YarnDocument): string {
  const name = isOfBerry ? 'yarn berry' : 'yarn';
  return isOfBerry && version === undefined ? name : `${name} v${version ?? '1'}`;
}

/**
 * Keeps the parts until the graph is made of them, and the document not at all. The parts keep the text so long: a project
 * completes a lockfile right after it is read, and to copy what is dropped at once takes as long as to read it.
 */
function completerOf(document: YarnDocument): (manifests: readonly MemberManifest[]) => Lockfile {
  const { isBerry: isOfBerry, entries } = document;
  const format = formatOf(document);
  let parts = document.parts;
  let graph: YarnGraph | undefined;
  return (manifests) => {
    graph ??= buildYarnGraph(isOfBerry, entries, parts);
    parts = [];
    return completeYarnLockfile(format, graph, manifests);
  };
}

/** Both forms say what they are in their first lines. Where those are missing, the first field tells. */
function isBerry(text: string): boolean {
  const head = text.slice(0, LOOKED_AT);
  if (head.startsWith('__metadata:') || head.includes('\n__metadata:') || head.startsWith('\uFEFF__metadata:'))
    return true;
  if (head.includes('# yarn lockfile v')) return false;
  const field = /^ {2}(?:version|resolution|resolved|dependencies)(:? )/m.exec(text)?.[1];
  return field === undefined ? /^__metadata:/m.test(text) : field === ': ';
}

function readClassic(text: string): YarnDocument {
  const document = new YarnDocument(text, false);
  readYarnClassicLines(document);
  document.settle();
  if (document.version !== undefined && document.version !== '1') {
    const { start, end } = document.versionSpan;
    document.report(start, end, `version ${document.version} is not known; the packages are read all the same`);
  }
  return document;
}

function readBerry(text: string): YarnDocument {
  const lines = new YarnDocument(text, true);
  const odd = readYarnBerryLines(lines);
  lines.settle();
  const tree = odd.length === 0 || text.length > MAX_TREE ? undefined : readYarnBerryTree(text);
  // Broken text may say more line by line than as a tree.
  const better = tree !== undefined && tree.entries.length >= lines.entries.length ? tree : lines;
  if (better === lines) {
    for (const { start, end } of odd) lines.report(start, end, 'The line is not in the form that yarn writes');
  }
  const { version, versionSpan } = better;
  if (!isKnown(version)) {
    const what = version === undefined ? 'the version of the lockfile is missing' : `version ${version} is not known`;
    better.report(versionSpan.start, versionSpan.end, `${what}; the packages are read all the same`);
  }
  return better;
}

function isKnown(version: string | undefined): boolean {
  return version !== undefined && /^\d+$/.test(version) && Number(version) >= OLDEST && Number(version) <= NEWEST;
}

/** The versions of `__metadata`, from yarn 2 on. */
const OLDEST = 4;
const NEWEST = 10;
const LOOKED_AT = 4_000;
/** Longer documents are not read as a tree: it would take seconds. In characters. */
const MAX_TREE = 1024 * 1024;

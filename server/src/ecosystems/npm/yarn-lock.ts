import type { Lockfile } from '../../core/lockfile.ts';
import type { Parsed } from '../../core/span.ts';
import { buildYarnLockfile } from './build-yarn-graph.ts';
import { readConflictSides } from './conflict-sides.ts';
import { readYarnBerryLines } from './yarn-berry-lines.ts';
import { readYarnBerryTree } from './yarn-berry-tree.ts';
import { readYarnClassicLines } from './yarn-classic-lines.ts';
import { YarnDocument } from './yarn-document.ts';

/**
 * Reads a `yarn.lock`, of yarn 1 or in the YAML of later ones, which says its version below `__metadata`. Never throws:
 * what cannot be read is a problem, and the rest is read.
 */
export function parseYarnLock(text: string): Parsed<Lockfile> {
  return readConflictSides(text, parseOneSide);
}

function parseOneSide(text: string): Parsed<Lockfile> {
  const document = isBerry(text) ? readBerry(text) : readClassic(text);
  const value = buildYarnLockfile(document);
  return { value, problems: document.problems };
}

/** Both forms say what they are in their first lines. Where those are missing, the first field tells. */
function isBerry(text: string): boolean {
  const head = text.slice(0, LOOKED_AT);
  if (/^__metadata:/m.test(head)) return true;
  if (head.includes('# yarn lockfile v')) return false;
  const field = /^ {2}(?:version|resolution|resolved|dependencies)(:? )/m.exec(text)?.[1];
  return field === undefined ? /^__metadata:/m.test(text) : field === ': ';
}

function readClassic(text: string): YarnDocument {
  const document = new YarnDocument(text, false);
  readYarnClassicLines(document);
  if (document.version !== undefined && document.version !== '1') {
    const { start, end } = document.versionSpan;
    document.report(start, end, `version ${document.version} is not known; the packages are read all the same`);
  }
  return document;
}

function readBerry(text: string): YarnDocument {
  const lines = new YarnDocument(text, true);
  const odd = readYarnBerryLines(lines);
  const tree = odd.length === 0 || text.length > MAX_TREE ? undefined : readYarnBerryTree(text);
  // Broken text may say more line by line than as a tree.
  const better = tree !== undefined && tree.entries.length >= lines.entries.length ? tree : lines;
  if (better === lines) {
    for (const { start, end } of odd) lines.report(start, end, 'The line is not in the form that yarn writes');
  }
  const { version, versionSpan } = better;
  if (!isKnown(version)) {
    const what = version === undefined ? 'The version of the lockfile is missing' : `version ${version} is not known`;
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

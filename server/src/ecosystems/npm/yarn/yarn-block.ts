import { readScalar } from '../pnpm/pnpm-scalar.ts';
import { unquoted } from './yarn-key.ts';

/** What one entry asks for, what it needs before what is optional. */
export interface YarnRequests {
  readonly names: readonly string[];
  readonly ranges: readonly string[];
  /** How many are not optional; undefined when all are. */
  readonly required: number | undefined;
}

/** Reads the lines of an entry's dependencies in a lockfile of yarn 1. Lines of another form are passed over. */
export function readClassicBlock(block: string): YarnRequests {
  const names: string[] = [];
  const ranges: string[] = [];
  let required: number | undefined;
  for (const line of linesOf(block)) {
    if (line.startsWith('    ')) {
      const pair = readClassicPair(line.slice(4));
      if (pair === undefined) continue;
      names.push(pair[0]);
      ranges.push(pair[1]);
    } else if (line.trim() !== '') {
      // Optional ones come last as yarn writes it; in another order all count as required.
      required = line.startsWith('  optional') ? names.length : undefined;
    }
  }
  return { names, ranges, required };
}

/** A name and a range with a space between them, each plain or in quotes; undefined for any other form. */
export function readClassicPair(line: string): readonly [name: string, range: string] | undefined {
  const space = line.indexOf(' ');
  if (space <= 0) return undefined;
  const name = unquoted(line.slice(0, space));
  const range = unquoted(line.slice(space + 1));
  return name === undefined || range === undefined || name === '' ? undefined : [name, range];
}

/** The same for later versions, which say in `dependenciesMeta` what is optional. */
export function readBerryBlock(block: string): YarnRequests {
  const pairs: (readonly [name: string, range: string])[] = [];
  const optional = new Set<string>();
  let header = '';
  let name = '';
  for (const line of linesOf(block)) {
    if (!line.startsWith('    ')) header = line.trim() === '' ? header : line;
    else if (header.startsWith('  dependencies:')) {
      const pair = readBerryPair(line.slice(4));
      if (pair !== undefined) pairs.push(pair);
    } else if (!header.startsWith('  dependenciesMeta:')) continue;
    else if (!line.startsWith('      ')) name = readScalar(line, 4, line.length - 1) ?? '';
    else if (line.startsWith('optional: true', 6)) optional.add(name);
  }
  const needed = optional.size === 0 ? pairs : pairs.filter(([each]) => !optional.has(each));
  const ordered = optional.size === 0 ? pairs : [...needed, ...pairs.filter(([each]) => optional.has(each))];
  return {
    names: ordered.map(([each]) => each),
    ranges: ordered.map(([, range]) => range),
    required: optional.size === 0 ? undefined : needed.length,
  };
}

/** `name: range`, each plain or in quotes; undefined for any other form. */
export function readBerryPair(line: string): readonly [name: string, range: string] | undefined {
  const isQuoted = line.charCodeAt(0) === QUOTE;
  const nameEnd = isQuoted ? line.indexOf('"', 1) : line.indexOf(': ');
  const colon = isQuoted ? nameEnd + 1 : nameEnd;
  if (nameEnd <= 0 || !line.startsWith(': ', colon)) return undefined;
  const name = isQuoted ? line.slice(1, nameEnd) : line.slice(0, nameEnd);
  const range = readScalar(line, colon + 2, line.length);
  return range === undefined || ODD_IN_NAME.test(name) ? undefined : [name, range];
}

function linesOf(block: string): string[] {
  return block.includes('\r') ? block.split(/\r?\n/) : block.split('\n');
}

/** Signs that a name as yarn writes it does not have. */
const ODD_IN_NAME = /["'\\\t{}[\] ]|^[&*!|>%`-]/;
const QUOTE = 34;

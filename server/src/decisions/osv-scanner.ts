import type { Problem, Span } from '../core/span.ts';
import { loadToml } from '../text/load-toml.ts';
import { ignored, timeOf, type DecisionFormat, type FoundDecision } from './decision-format.ts';

/** @see https://google.github.io/osv-scanner/configuration/ */
export const osvScanner: DecisionFormat = {
  tool: 'osv-scanner',
  matches: (name) => name === 'osv-scanner.toml',
  read(text) {
    const toml = loadToml();
    const problems: Problem[] = [];
    try {
      const root: unknown = toml.parse(text.replace(/^\uFEFF/, ' '));
      return {
        value: [
          ...tablesAt(root, 'IgnoredVulns').flatMap((table) => ignoredVulnerability(table, text, problems)),
          ...tablesAt(root, 'PackageOverrides').flatMap((table) => overridden(table, text, problems)),
        ],
        problems,
      };
    } catch (error) {
      // The library names a line and a column; in a text that is nothing but brackets the stack may end.
      const line = error instanceof toml.TomlError ? error.line : 1;
      const message = error instanceof toml.TomlError ? firstLine(error.message) : 'it is nested too deeply';
      return {
        value: [],
        problems: [{ span: lineSpan(text, line), message: `${message}; nothing of this file is applied` }],
      };
    }
  },
};

function ignoredVulnerability(table: unknown, text: string, problems: Problem[]): FoundDecision[] {
  const id = textOf(table, 'id');
  if (id === undefined) return [];
  const until = timeAt(table, 'ignoreUntil');
  if (at(table, 'ignoreUntil') !== undefined && until === undefined) return refused(id, text, problems);
  return [
    ignored(placeOf(id, text), {
      ids: [id],
      reason: textOf(table, 'reason') ?? '',
      until,
    }),
  ];
}

function overridden(table: unknown, text: string, problems: Problem[]): FoundDecision[] {
  const isIgnored = at(table, 'ignore') === true || at(at(table, 'vulnerability'), 'ignore') === true;
  const ecosystem = textOf(table, 'ecosystem');
  if (!isIgnored || (ecosystem !== undefined && ecosystem !== 'npm')) return [];
  const [name, version] = [textOf(table, 'name'), textOf(table, 'version')];
  const until = timeAt(table, 'effectiveUntil');
  // An override without a name speaks of everything; so broad a one is passed over.
  if (name === undefined) return [];
  // A limit that cannot be read must not widen what is decided.
  const isUnclear =
    (at(table, 'effectiveUntil') !== undefined && until === undefined) ||
    (at(table, 'version') !== undefined && version === undefined);
  if (isUnclear) return refused(name, text, problems);
  return [
    ignored(placeOf(name, text), {
      packages: [{ purlType: 'npm', name, ...(version === undefined ? {} : { version }) }],
      reason: textOf(table, 'reason') ?? '',
      until,
    }),
  ];
}

function refused(word: string, text: string, problems: Problem[]): FoundDecision[] {
  problems.push({
    span: placeOf(word, text),
    message: `the end or the version of ${word} cannot be read, and it is not applied`,
  });
  return [];
}

function at(table: unknown, name: string): unknown {
  return typeof table === 'object' && table !== null && Object.hasOwn(table, name)
    ? Reflect.get(table, name)
    : undefined;
}

function tablesAt(table: unknown, name: string): readonly unknown[] {
  const value = at(table, name);
  return Array.isArray(value) ? value : [];
}

function textOf(table: unknown, name: string): string | undefined {
  const value = at(table, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function timeAt(table: unknown, name: string): number | undefined {
  const value = at(table, name);
  if (value instanceof Date) return value.getTime();
  return typeof value === 'string' ? timeOf(value) : undefined;
}

/** The library gives no places: the first mention is the one to show. */
function placeOf(word: string, text: string): Span {
  const start = Math.max(0, text.indexOf(word));
  return { start, end: Math.min(text.length, start + word.length) };
}

function lineSpan(text: string, line: number): Span {
  let start = 0;
  for (let number = 1; number < line; number++) {
    const end = text.indexOf('\n', start);
    if (end === -1) break;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return { start, end: end === -1 ? text.length : end };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

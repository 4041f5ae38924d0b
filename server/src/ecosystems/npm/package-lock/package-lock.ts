import { EMPTY_LOCKFILE, type Lockfile } from '../../../core/lockfile.ts';
import type { Parsed, Problem, Span } from '../../../core/span.ts';
import { readConflictSides } from '../lockfile/conflict-sides.ts';
import { JsonScanner } from '../text/json-scanner.ts';
import { keyWords } from '../text/key-words.ts';
import { readPackages } from './package-lock-packages.ts';
import { readLegacyDependencies } from './package-lock-v1.ts';

/**
 * Reads `package-lock.json` or `npm-shrinkwrap.json` of lockfile version 1, 2 or 3. Of version 2, which says everything
 * twice, `packages` is read. Never throws: what cannot be read is a problem, and the rest is read.
 */
export function parsePackageLock(text: string): Parsed<Lockfile> {
  return readConflictSides(text, parseOneSide);
}

const TOP_KEYS = keyWords('lockfileVersion', 'packages', 'dependencies');

function parseOneSide(text: string): Parsed<Lockfile> {
  const problems: Problem[] = [];
  const json = new JsonScanner(text, problems);
  if (!json.enterObject()) {
    json.report(0, Math.min(1, text.length), 'The lockfile has to be an object');
    return { value: EMPTY_LOCKFILE, problems };
  }
  const { version, versionSpan, packages, legacy } = readSections(json);
  json.expectEnd();
  const isKnown = version !== undefined && version >= 1 && version <= 3;
  if (!isKnown) {
    const what = version === undefined ? 'lockfileVersion is missing' : `lockfileVersion ${version} is not known`;
    json.report(versionSpan.start, versionSpan.end, `${what}; the packages are read all the same`);
  }
  const format = version === undefined ? 'package-lock' : `package-lock v${version}`;
  if (packages !== undefined) {
    return { value: { ...EMPTY_LOCKFILE, format, tellsInstallScripts: true, ...packages }, problems };
  }
  if (legacy === undefined) return { value: { ...EMPTY_LOCKFILE, format }, problems };
  // This form does not say what the root asks for.
  const importers = [{ path: '.', dependencies: [] }];
  return { value: { ...EMPTY_LOCKFILE, format, importers, ...legacy }, problems };
}

interface Sections {
  readonly version: number | undefined;
  /** The key `lockfileVersion`; the file's first character when there is none. */
  readonly versionSpan: Span;
  readonly packages: ReturnType<typeof readPackages> | undefined;
  readonly legacy: ReturnType<typeof readLegacyDependencies> | undefined;
}

function readSections(json: JsonScanner): Sections {
  let version: number | undefined;
  let versionSpan: Span = { start: 0, end: Math.min(1, json.text.length) };
  let packages: Sections['packages'];
  let legacy: Sections['legacy'];
  while (json.nextKey()) {
    const { start, end } = json;
    switch (json.keyAmong(TOP_KEYS)) {
      case 'lockfileVersion':
        versionSpan = { start, end };
        version = json.readInteger();
        break;
      case 'packages':
        if (packages !== undefined) json.report(start, end, '"packages" stands here twice; the last one counts');
        if (json.enterObject()) packages = readPackages(json);
        else json.report(start, end, '"packages" has to be an object');
        break;
      case 'dependencies':
        if (packages !== undefined) json.skip();
        else if (json.enterObject()) legacy = readLegacyDependencies(json);
        break;
      case undefined:
        json.skip();
    }
  }
  return { version, versionSpan, packages, legacy };
}

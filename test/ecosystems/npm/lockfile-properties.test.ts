import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateBunLock, generatePackageLock, generatePnpmLock } from '../../../scripts/bench/generate-lockfiles.ts';
import type { Lockfile } from '../../../server/src/core/lockfile.ts';
import type { Parsed } from '../../../server/src/core/span.ts';
import { parseBunLock } from '../../../server/src/ecosystems/npm/bun/bun-lock.ts';
import { parsePackageLock } from '../../../server/src/ecosystems/npm/package-lock/package-lock.ts';
import { parsePnpmLock } from '../../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';
import { completeYarnLock } from '../../support/check-lockfile.ts';
import { BERRY, CLASSIC } from '../../support/yarn-lockfile.ts';

const PACKAGE_LOCK = generatePackageLock({ packages: 12, direct: 6 });
const PNPM_LOCK = generatePnpmLock({ packages: 12, direct: 6 });
const BUN_LOCK = generateBunLock({ packages: 12, direct: 6 });
const LEGACY_LOCK = JSON.stringify(
  {
    lockfileVersion: 1,
    dependencies: {
      a: { version: '1.0.0', requires: { b: '1' }, dependencies: { b: { version: '1.0.0', dev: true } } },
      '@s/c': { version: 'npm:d@2.0.0', resolved: 'https://registry.example/d/-/d-2.0.0.tgz' },
    },
  },
  null,
  2,
);

/** Of twelve packages, in the form of an older version. */
function oldPnpmLock(version: string): string {
  const separator = version === '5.4' ? '/' : '@';
  const names = Array.from({ length: 12 }, (_, at) => (at % 3 === 0 ? `@s/p${String(at)}` : `p${String(at)}`));
  const packages = names.map(
    (name, at) =>
      `  /${name}${separator}1.${String(at)}.0:\n    resolution: {integrity: sha512-x}\n    dependencies:\n      p11: 1.11.0\n    dev: false\n`,
  );
  return `lockfileVersion: ${version}\n\nspecifiers:\n  p1: ^1.0.0\n\ndependencies:\n  p1: 1.1.0\n\npackages:\n\n${packages.join('\n')}`;
}

const FORMATS: readonly (readonly [string, string, (text: string) => Parsed<Lockfile>])[] = [
  ['package-lock v3', PACKAGE_LOCK, parsePackageLock],
  ['package-lock v1', LEGACY_LOCK, parsePackageLock],
  ['bun v1', BUN_LOCK, parseBunLock],
  ['pnpm v9', PNPM_LOCK, parsePnpmLock],
  ['pnpm v5', oldPnpmLock('5.4'), parsePnpmLock],
  ['pnpm v6', oldPnpmLock("'6.0'"), parsePnpmLock],
  ['pnpm v9 in two documents', `---\n${PNPM_LOCK}\n---\n${PNPM_LOCK}`, parsePnpmLock],
  ['yarn 1', CLASSIC, completeYarnLock],
  ['yarn 4', BERRY, completeYarnLock],
];

/** Whatever the text is: places lie inside of it, and indexes inside of the lists. */
function expectSound(text: string, { value, problems }: Parsed<Lockfile>): void {
  const isIndex = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < value.entries.length;
  for (const { span, message } of problems) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(text.length);
    expect(message).not.toBe('');
  }
  for (const entry of value.entries) {
    expect(entry.start).toBeGreaterThanOrEqual(0);
    expect(entry.end).toBeLessThanOrEqual(text.length);
    // An empty key has an empty span.
    expect(entry.end).toBeGreaterThanOrEqual(entry.start);
    expect(entry.scopes).toBeGreaterThan(0);
    expect(entry.edges.every(isIndex)).toBe(true);
    expect(new Set(entry.edges).size).toBe(entry.edges.length);
  }
  for (const { dependencies } of value.importers) {
    for (const { entry } of dependencies) expect(entry === -1 || isIndex(entry)).toBe(true);
  }
  expect(value.tools.every(isIndex)).toBe(true);
}

describe.each(FORMATS)('%s', (_, text, parse) => {
  test('any prefix is read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length }), (length) => {
        const prefix = text.slice(0, length);
        expectSound(prefix, parse(prefix));
      }),
    );
  });

  test('a change of any character is read', () => {
    const character = fc.oneof(
      fc.string({ maxLength: 2 }),
      fc.constantFrom('"', "'", '{', '}', ':', '\n', '\\', '#', '\t'),
    );
    fc.assert(
      fc.property(fc.nat(text.length - 1), character, (at, replacement) => {
        const changed = `${text.slice(0, at)}${replacement}${text.slice(at + 1)}`;
        expectSound(changed, parse(changed));
      }),
    );
  });

  test('a part that is left out, or stands twice, does not matter', () => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(200), fc.boolean(), (at, length, isTwice) => {
        const part = text.slice(at, at + length);
        const changed = `${text.slice(0, at)}${isTwice ? part + part : ''}${text.slice(at + length)}`;
        expectSound(changed, parse(changed));
      }),
    );
  });

  test('any other text is read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json()), (other) => {
        expectSound(other, parse(other));
      }),
    );
  });

  test('the span of each package spells its name', () => {
    for (const { name, source, start, end } of parse(text).value.entries) {
      if (source === 'registry' && name !== 'd') expect(text.slice(start, end)).toContain(name);
    }
  });
});

test('of any prefix of a bun.lock, the span of each package ends with the name that it claims', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: BUN_LOCK.length }), (length) => {
      const prefix = BUN_LOCK.slice(0, length);
      for (const { name, start, end } of parseBunLock(prefix).value.entries) {
        expect(`/${prefix.slice(start, end)}`.endsWith(`/${name}`)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

const NAME = fc.constantFrom(
  'a',
  'b',
  'c-with-a-long-name',
  '@s/a',
  '@scope/with-a-long-name',
  '__proto__',
  'constructor',
);
const VERSION = fc.constantFrom('1.0.0', '2.3.4', '0.0.1-beta.12+build.77');

/** The packages of a version 3 lockfile, with up to three levels of nesting. */
const PACKAGES = fc
  .array(
    fc.record({
      path: fc.array(NAME, { minLength: 1, maxLength: 3 }),
      version: VERSION,
      dependencies: fc.array(NAME, { maxLength: 3 }),
    }),
    { maxLength: 12 },
  )
  .map((items) => new Map(items.map(({ path, ...item }) => [`node_modules/${path.join('/node_modules/')}`, item])));

describe.each([
  ['yarn 1', CLASSIC],
  ['yarn 4', BERRY],
])('any prefix of a lockfile of %s', (_, text) => {
  test('has entries whose spans slice to keys of the whole, and those to the names that the entries claim', () => {
    const whole = completeYarnLock(text).value.entries.map(({ start }) => start);
    for (let length = 0; length <= text.length; length += 1) {
      const prefix = text.slice(0, length);
      for (const { name, start, end } of completeYarnLock(prefix).value.entries) {
        const key = prefix.slice(start, end);
        if (!key.startsWith(`${name}@`) && key !== name) expect.fail(`"${key}" of "${name}" at ${length}`);
        // A key without its colon yet may be one of its own; the last line only.
        if (!whole.includes(start) && prefix.indexOf('\n', end) !== -1 && !/@patch:/.test(key)) {
          expect.fail(`"${key}" at ${length}`);
        }
      }
    }
  });
});

describe('a lockfile that JSON.parse can read', () => {
  test('has the packages and edges that a plain reading gives', () => {
    fc.assert(
      fc.property(PACKAGES, fc.constantFrom(undefined, 2, '\t'), (packages, indent) => {
        const fields = [...packages].map(([location, { version, dependencies }]) => {
          const names = [...new Set(dependencies)].map((name) => `${JSON.stringify(name)}: "*"`);
          return `${JSON.stringify(location)}: {"version": "${version}", "dependencies": {${names.join()}}}`;
        });
        // Written by hand, since an object literal would lose "__proto__"; then laid out by JSON's own means where it can be.
        const compact = `{"lockfileVersion": 3, "packages": {${fields.join()}}}`;
        const text = indent === undefined ? compact : compact.replaceAll(/([{,])"/g, `$1\n${' '.repeat(4)}"`);
        const { value, problems } = parsePackageLock(text);
        expect(problems).toEqual([]);
        const shown = value.entries.map(({ start, end, version, edges }) => [
          text.slice(start, end),
          version,
          edges.map((edge) => text.slice(value.entries[edge]?.start, value.entries[edge]?.end)),
        ]);
        const plain = [...packages].map(([location, { version, dependencies }]) => [
          location,
          version,
          [...new Set([...new Set(dependencies)].flatMap((name) => resolvePlainly(packages, location, name) ?? []))],
        ]);
        expect(shown).toEqual(plain);
      }),
    );
  });
});

/** Node's own rule: the nearest `node_modules` on the way up. */
function resolvePlainly(packages: ReadonlyMap<string, unknown>, location: string, name: string): string | undefined {
  const path = location.slice('node_modules/'.length).split('/node_modules/');
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const candidate = `node_modules/${[...path.slice(0, depth), name].join('/node_modules/')}`;
    if (packages.has(candidate)) return candidate;
  }
  return undefined;
}

describe('memory', () => {
  test.each(['package-lock', 'pnpm'])('what is read of a %s keeps nothing of its text', (format) => {
    const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const script = `
      import { generatePackageLock, generatePnpmLock } from ${source('../../../scripts/bench/generate-lockfiles.ts')};
      import { parsePackageLock } from ${source('../../../server/src/ecosystems/npm/package-lock/package-lock.ts')};
      import { parsePnpmLock } from ${source('../../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts')};
      const isPnpm = ${String(format === 'pnpm')};
      const generate = isPnpm ? generatePnpmLock : generatePackageLock;
      const parse = isPnpm ? parsePnpmLock : parsePackageLock;
      const used = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
      // Spaces at the end make the text large and the result no larger.
      const read = () => parse(generate({ packages: 300, direct: 50 }) + ' '.repeat(20_000_000)).value;
      read();
      const before = used();
      const kept = read();
      const after = used();
      console.log(after - before, kept.entries.length);`;
    const output = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    const [grown, entries] = output.trim().split(' ').map(Number);
    expect(entries).toBeGreaterThan(250);
    expect(grown).toBeLessThan(2_000_000);
  });
});

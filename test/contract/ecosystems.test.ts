import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ecosystem } from '../../server/src/core/ecosystem.ts';
import type { Span } from '../../server/src/core/span.ts';
import { ECOSYSTEMS } from '../../server/src/ecosystems/all.ts';
import { memoryFiles } from '../support/memory-files.ts';

const FOLDER = join(import.meta.dirname, '../../server/src/ecosystems');

test('every folder of an ecosystem is in the list, under its own name', () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(ECOSYSTEMS.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort());
});

const ODD = fc.oneof(
  fc.string(),
  fc.stringMatching(/^[0-9.+^~<>=|*xv \t\n:/@#$"'{}[\],-]*$/),
  fc.constantFrom('__proto__', 'constructor', '0'.repeat(1_000), '1.'.repeat(500), '\u0000', '\uFEFF', '<<<<<<< a'),
);

describe.each(ECOSYSTEMS.map((ecosystem) => [ecosystem.id, ecosystem] as const))('%s', (_, ecosystem) => {
  test('names its files, its registry and its word in OSV records', () => {
    expect(ecosystem.manifestNames.length * ecosystem.lockfileNames.length).toBeGreaterThan(0);
    expect(ecosystem.purlType).toMatch(/^[a-z]+$/);
    expect(ecosystem.osvName).not.toBe('');
    expect(ecosystem.registry.publicBase).toMatch(/^https:\/\/[^/]+\/(?:.*\/)?$/);
  });

  test('reads any text as any of its documents without throwing, all places inside the text', () => {
    fc.assert(fc.property(ODD, (text) => checkDocuments(ecosystem, text)));
  });

  test('has a version scheme that is total', () => {
    const { versions } = ecosystem;
    fc.assert(
      fc.property(ODD, ODD, (a, b) => {
        expect(Math.sign(versions.compare(a, b)) + Math.sign(versions.compare(b, a))).toBe(0);
        expect(versions.compare(a, a)).toBe(0);
        versions.satisfies(a, b);
        versions.isPrerelease(a);
        versions.step(a, b);
        const bumped = versions.bumpRange(a, b);
        if (bumped !== undefined) expect(versions.satisfies(b, bumped)).toBe(true);
        if (!versions.isVersion(a) && versions.isVersion(b)) expect(versions.compare(a, b)).toBeLessThan(0);
      }),
    );
  });

  test('keeps a request for any name below the base it was given', () => {
    fc.assert(
      fc.property(ODD, (name) => {
        const { url } = ecosystem.registry.request('https://registry.example/base/', name);
        expect(new URL(url).host).toBe('registry.example');
        expect(url.startsWith('https://registry.example/base/')).toBe(true);
        expect(new URL(ecosystem.registry.page(name, name)).protocol).toBe('https:');
        expect(ecosystem.registry.decode(name, name).value).toBeUndefined();
      }),
    );
  });

  test('finds a lockfile that lies alone, and nothing in an empty folder', async () => {
    for (const name of ecosystem.lockfileNames) {
      const projects = await ecosystem.discover(memoryFiles({ [`/w/${name}`]: '' }), '/w', {
        ceiling: '/w',
        exclude: () => false,
      });
      const named = projects.flatMap(({ lockfile, unread }) => [lockfile, ...unread.map(({ path }) => path)]);
      expect(named).toContain(`/w/${name}`);
    }
    const nothing = await ecosystem.discover(memoryFiles({ '/w/readme': '' }), '/w', {
      ceiling: '/w',
      exclude: () => false,
    });
    expect(nothing).toEqual([]);
  });

  test('withholds a name that the lockfile took from elsewhere', async () => {
    const layout = {
      ecosystem: ecosystem.id,
      root: '/w',
      manifests: [],
      lockfile: undefined,
      registryConfigs: [],
      unread: [],
      installCommand: '',
    };
    const options = { trusted: false, userConfigPath: undefined, environment: {}, publicRegistryHost: undefined };
    const policy = await ecosystem.readPolicy(memoryFiles({}), layout, options);
    expect(policy.registryOf('a')).toBe(ecosystem.registry.publicBase);
    expect(policy.withheld('a', undefined)).toBeUndefined();
    expect(policy.withheld('a', 'https://elsewhere.example')).toBeDefined();
  });
});

function checkDocuments(ecosystem: Ecosystem, text: string): void {
  const places: Span[] = [];
  for (const name of ecosystem.manifestNames) {
    const { value, problems } = ecosystem.parseManifest(`/w/${name}`, text);
    places.push(...problems.map(({ span }) => span), ...value.dependencies.map(({ valueSpan }) => valueSpan));
  }
  for (const name of ecosystem.lockfileNames) {
    const { value, problems } = ecosystem.parseLockfile(`/w/${name}`, text);
    const format = ecosystem.lockText(`/w/${name}`);
    const blocks = [...value.entries.map((entry) => format.blockOf(text, entry)), ...format.membersIn(text)];
    const needs = [{ start: 0, end: text.length }, ...blocks.map(({ block }) => block)].flatMap((block) =>
      format.needsIn(text, block).flatMap(({ nameSpan, span }) => [nameSpan, span]),
    );
    places.push(...problems.map(({ span }) => span), ...value.entries, ...needs);
    places.push(...blocks.flatMap(({ key, block }) => [key, block]));
    for (const offset of [0, text.length >> 1, text.length]) {
      places.push(format.secondKeyAt?.(text, offset)?.span ?? { start: 0, end: 0 });
    }
  }
  for (const { start, end } of places) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(text.length);
  }
}

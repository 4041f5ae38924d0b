import { describe, expect, test } from 'vitest';

import type { Override } from '../../../server/src/core/manifest.ts';
import type { ProjectLayout } from '../../../server/src/core/project.ts';
import type { LockChange, OverrideRule, Replacement } from '../../../server/src/core/transitive-dialect.ts';
import { npmTransitive } from '../../../server/src/ecosystems/npm/transitive-dialect.ts';

const HASH = `sha512-${'A'.repeat(86)}==`;
const OTHER_HASH = `sha512-${'B'.repeat(86)}==`;

function layoutWith(lockfile: string, more: readonly string[] = []): ProjectLayout {
  return {
    ecosystem: 'npm',
    root: '/w',
    manifests: ['package.json', ...more].map((name) => ({ path: `/w/${name}`, importer: '.' })),
    lockfile: `/w/${lockfile}`,
    unread: [],
    registryConfigs: [],
    installCommand: 'npm install',
  };
}

const CHANGE: LockChange = {
  name: 'deep',
  from: '1.0.1',
  to: '1.0.2',
  integrity: OTHER_HASH,
  tarball: 'https://registry.example/deep/-/deep-1.0.2.tgz',
  dependencies: { more: '^2.0.0' },
};

const PACKAGE_LOCK = `{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "top": "^1.0.0" } },
  "node_modules/deep": {
    "version": "1.0.1",
    "resolved": "https://registry.example/deep/-/deep-1.0.1.tgz",
    "integrity": "${HASH}",
    "dependencies": { "more": "^1.0.0" }
  },
  "node_modules/top/node_modules/deep": { "version": "1.0.0", "integrity": "${HASH}" }
} }`;

const PNPM_LOCK = `lockfileVersion: '9.0'

packages:

  deep@1.0.1:
    resolution: {integrity: ${HASH}}

  top@1.0.0:
    resolution: {integrity: ${HASH}}

snapshots:

  deep@1.0.1: {}

  top@1.0.0:
    dependencies:
      deep: 1.0.1
`;

const YARN_ONE_LOCK = `# yarn lockfile v1


deep@^1.0.0, "deep@~1.0.0 <1.1.0":
  version "1.0.1"
  resolved "https://registry.example/deep/-/deep-1.0.1.tgz#0000000000000000000000000000000000000000"
  integrity ${HASH}
  dependencies:
    more "^2.0.0"

deep@0.9.0:
  version "0.9.0"
  resolved "https://registry.example/deep/-/deep-0.9.0.tgz#0000000000000000000000000000000000000000"
  integrity ${HASH}
`;

const YARN_LOCK = `__metadata:
  version: 8
  cacheKey: 10c0

"deep@npm:^1.0.0":
  version: 1.0.1
  resolution: "deep@npm:1.0.1"
  dependencies:
    more: "npm:^2.0.0"
  checksum: 10c0/0123abcd
  languageName: node
  linkType: hard

"other-deep@npm:^1.0.0":
  version: 1.0.1
  resolution: "other-deep@npm:1.0.1"
  checksum: 10c0/4567abcd
  languageName: node
  linkType: hard
`;

const BUN_LOCK = `{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "shop", "dependencies": { "deep": "^1.0.0", "top": "^1.0.0" } },
  },
  "packages": {
    "deep": ["deep@1.0.1", "", { "dependencies": { "more": "^2.0.0" } }, "${HASH}"],

    "top": ["top@1.0.0", "", { "dependencies": { "deep": "1.0.1" } }, "${HASH}"],

    "top/deep": ["deep@1.0.1", "https://registry.example/deep/-/deep-1.0.1.tgz", { "dependencies": { "more": "^2.0.0" } }, "${HASH}"],
  }
}
`;

/** The lockfile after the edit; undefined when none is made. */
function locked(format: string, text: string, change: Partial<LockChange> = {}): string | undefined {
  const layout = layoutWith(NAMES[format.split(' ')[0] ?? ''] ?? 'package-lock.json');
  return applied(text, npmTransitive.lock(layout, format, { ...CHANGE, ...change })?.replacements(text));
}

const NAMES: Readonly<Record<string, string>> = { pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock', bun: 'bun.lock' };

function applied(text: string, replacements: readonly Replacement[] | undefined): string | undefined {
  return replacements
    ?.toSorted((a, b) => b.span.start - a.span.start)
    .reduce((after, { span, newText }) => after.slice(0, span.start) + newText + after.slice(span.end), text);
}

describe('a lockfile is taken to another version', () => {
  test('of npm, with its address, hash and ranges, and no other version', () => {
    const after = PACKAGE_LOCK.replace('"1.0.1"', '"1.0.2"')
      .replace('deep-1.0.1', 'deep-1.0.2')
      .replace(HASH, OTHER_HASH)
      .replace('"more": "^1.0.0"', '"more": "^2.0.0"');
    expect(locked('package-lock v3', PACKAGE_LOCK)).toBe(after);
  });

  test('of pnpm, wherever it is named', () => {
    const after = PNPM_LOCK.replaceAll('1.0.1', '1.0.2').replace(HASH, OTHER_HASH);
    expect(locked('pnpm v9', PNPM_LOCK)).toBe(after);
  });

  test('of yarn 1, without the old hash behind the address', () => {
    const after = YARN_ONE_LOCK.replace('"1.0.1"', '"1.0.2"')
      .replace(/deep-1\.0\.1\.tgz#0+/, 'deep-1.0.2.tgz')
      .replace(HASH, OTHER_HASH);
    expect(locked('yarn v1', YARN_ONE_LOCK)).toBe(after);
  });

  test.each(['\n', '\r\n'])('of later yarns, without the checksum, with lines that end in %j', (newline) => {
    const text = YARN_LOCK.replaceAll('\n', newline);
    const after = text
      .replace('version: 1.0.1', 'version: 1.0.2')
      .replace('"deep@npm:1.0.1"', '"deep@npm:1.0.2"')
      .replace(`  checksum: 10c0/0123abcd${newline}`, '');
    expect(locked('yarn berry v8', text)).toBe(after);
  });

  test('of bun, at every place, and no range that asks for it', () => {
    const after = BUN_LOCK.replaceAll('deep@1.0.1', 'deep@1.0.2')
      .replace('deep-1.0.1', 'deep-1.0.2')
      .replaceAll(/("deep@1\.0\.2".*)sha512-A+==/g, `$1${OTHER_HASH}`);
    expect(locked('bun v1', BUN_LOCK)).toBe(after);
  });
});

describe.each([
  ['yarn v1', YARN_ONE_LOCK, `\ndeep@1.0.2:\n  version "1.0.2"\n  integrity ${HASH}\n`],
  ['yarn berry v8', YARN_LOCK, '\n"deep@npm:1.0.2":\n  version: 1.0.2\n  resolution: "deep@npm:1.0.2"\n'],
  ['bun v1', BUN_LOCK, `    "old/deep": ["deep@1.0.2", "", {}, "${HASH}"],\n`],
])('where the package manager would have more to write, a %s is left alone', (format, text, more) => {
  test.each<readonly [string, string, Partial<LockChange>]>([
    ['since it needs something else', text, { dependencies: { more: '^2.1.0' } }],
    ['since it needs more', text, { dependencies: { more: '^2.0.0', most: '1.0.0' } }],
    ['since it needs nothing any more', text, { dependencies: {} }],
    ['since the version is there already', text + more, {}],
  ])('%s', (_, before, change) => {
    expect(locked(format, text)).toBeDefined();
    expect(locked(format, before, change)).toBeUndefined();
  });
});

test('a patched package, and one with an address of its own, are left alone in a yarn.lock', () => {
  const patch = '\n"deep@patch:deep@npm%3A1.0.1#x":\n  version: 1.0.1\n  resolution: "deep@patch:deep@npm%3A1.0.1#x"\n';
  const address = YARN_LOCK.replace('"deep@npm:1.0.1"', '"deep@npm:1.0.1::__archiveUrl=x"');
  expect(locked('yarn berry v8', YARN_LOCK)).toBeDefined();
  expect(locked('yarn berry v8', YARN_LOCK + patch)).toBeUndefined();
  expect(locked('yarn berry v8', address)).toBeUndefined();
});

describe.each([
  ['package-lock v3', PACKAGE_LOCK],
  ['pnpm v9', PNPM_LOCK],
  ['yarn v1', YARN_ONE_LOCK],
  ['yarn berry v8', YARN_LOCK],
  ['bun v1', BUN_LOCK],
])('nothing is written into a %s', (format, text) => {
  test.each<readonly [string, Partial<LockChange>]>([
    ['that holds another version by now', { from: '1.0.9' }],
    ['of a hash that is none', { integrity: '' }],
    ['of a hash that would say more', { integrity: `${OTHER_HASH}", "hasInstallScript": true, "x": "` }],
    ['of a hash that would end its braces', { integrity: `${OTHER_HASH}, tarball: https://evil.example/x.tgz` }],
    ['of a version that would begin a line', { to: '1.0.2\nevil: true' }],
  ])('%s', (_, change) => {
    expect(locked(format, text, change)).toBeUndefined();
  });
});

test.each([
  ['https://evil.example/deep/-/x.tgz', undefined],
  ['https://registry.example/files/deep.tgz', 'https://registry.example/files/deep.tgz'],
  ['https://registry.example/a"b.tgz', 'https://registry.example/a%22b.tgz'],
  ['https://evil.example/deep/-/deep-1.0.2.tgz', 'https://registry.example/deep/-/deep-1.0.2.tgz'],
  ['no address', undefined],
])('the archive %s is written as %s', (tarball, written) => {
  const after = locked('package-lock v3', PACKAGE_LOCK, { tarball });
  expect(/"resolved": "([^"]*)"/.exec(after ?? '')?.[1]).toBe(written);
});

test.each([
  ['package-lock.json', 'deep', 'npm update deep'],
  ['pnpm-lock.yaml', '@scope/deep', 'pnpm update @scope/deep'],
  ['package-lock.json', 'a(b)', undefined],
  ['package-lock.json', 'a; b', undefined],
  ['package-lock.json', '--global', undefined],
  ['package-lock.json', '$HOME', undefined],
])('with %s the command for %s is %s', (lockfile, name, command) => {
  expect(npmTransitive.updateCommand(layoutWith(lockfile), 'any', name)).toBe(command);
});

const RULE: OverrideRule = { package: 'deep', to: '1.0.2', parent: undefined, range: undefined, mayBeForAll: true };

test.each<readonly [string, Partial<OverrideRule>, string]>([
  ['a plain one', {}, 'deep: 1.0.2'],
  ['one for a parent', { parent: { name: 'top', version: '1.0.0' } }, "'top@1.0.0>deep': 1.0.2"],
  ['a name that YAML takes for a value', { package: 'null' }, "'null': 1.0.2"],
  ['a version that would be more than one', { to: "1.0.2 # 'x'" }, "deep: '1.0.2 # ''x'''"],
])('a rule in pnpm-workspace.yaml: %s', (_, rule, written) => {
  const layout = layoutWith('pnpm-lock.yaml', ['pnpm-workspace.yaml']);
  const late = npmTransitive.override({ layout, format: 'pnpm v9', existing: [] }, [{ ...RULE, ...rule }]);
  expect(late?.path).toBe('/w/pnpm-workspace.yaml');
  expect(applied('', late?.replacements(''))).toBe(`overrides:\n  ${written}\n`);
});

const OWN_RULE = ruleOf('pnpm.overrides');

test.each([
  ['pnpm 9', 'pnpm v9', '9.15.9', [], 'package.json'],
  ['pnpm 10.5', 'pnpm v9', '10.5.0', [], 'pnpm-workspace.yaml'],
  ['pnpm 10 with rules in the manifest', 'pnpm v9', '10.34.9', [OWN_RULE], 'package.json'],
  ['pnpm 11', 'pnpm v9', '11.0.0', [OWN_RULE], 'pnpm-workspace.yaml'],
  ['pnpm of an old lockfile', 'pnpm v6', undefined, [], 'package.json'],
])('a rule is written where %s reads it', (_, format, managerVersion, existing, name) => {
  const layout = layoutWith('pnpm-lock.yaml', ['pnpm-workspace.yaml']);
  const named = managerVersion === undefined ? layout : { ...layout, managerVersion };
  const scene = { layout: named, format, existing };
  expect(npmTransitive.override(scene, [RULE])?.path).toBe(`/w/${name}`);
  const isYaml = name === 'pnpm-workspace.yaml';
  expect(npmTransitive.readOverride(scene, ruleOf('settings.overrides')) !== undefined).toBe(isYaml);
  expect(npmTransitive.readOverride(scene, OWN_RULE) !== undefined).toBe(!isYaml);
});

test('pnpm 11 without a file that it reads gets no rule', () => {
  const layout = { ...layoutWith('pnpm-lock.yaml'), managerVersion: '11.0.0' };
  expect(npmTransitive.override({ layout, format: 'pnpm v9', existing: [] }, [RULE])).toBeUndefined();
});

function ruleOf(group: string): Override {
  const nowhere = { start: 0, end: 0 };
  return { path: ['deep'], group, value: '2.0.0', nameSpan: nowhere, valueSpan: nowhere };
}

test('a line without an end in a bun.lock is passed over at once', () => {
  const text = `{\n  "packages": {\n    "${'": ["'.repeat(200_000)}\n  }\n}\n`;
  expect(locked('bun v1', text)).toBeUndefined();
});

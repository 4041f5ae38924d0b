import { parseBunLock } from '../../server/src/ecosystems/npm/bun/bun-lock.ts';
import { parsePackageLock } from '../../server/src/ecosystems/npm/package-lock/package-lock.ts';
import { parsePnpmLock } from '../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';
import { parseYarnLock } from '../../server/src/ecosystems/npm/yarn/yarn-lock.ts';

/**
 * A process of its own, run with `--expose-gc`, that reads big lockfiles, drops their texts and measures what is kept. Its
 * report is one line of JSON: `[{ name, text, kept, results }]`, of which `text` is in characters and `kept` in bytes.
 *
 * Each file holds every kind of string that a reader keeps, among much that it does not: one slice would keep it all.
 */
const PADDING = 'some words that no reader has a use for '.repeat(500);
const SIZE = 20 * 1024 * 1024;

const hash = (name: string): string => `sha512-${name.padEnd(86, 'x')}==`;
const conflict = (ours: string, theirs: string): string =>
  `\n<<<<<<< ours\n${ours}\n=======\n${theirs}\n>>>>>>> theirs\n`;

function packageLock(): string {
  const root = `"":{"dependencies":{"a-rather-long-package-name":"^1.0.0 || ^2.0.0 || ^3.0.0"},"workspaces":["folder/*"]}`;
  const member = `"folder/of-a-workspace-member":{"dependencies":{"another-long-package-name":"^10.20.30"}}`;
  const odd = `"node_modules/package-without-a-version":{},"node_modules/a-package-that-is-a-git-repository":{"version":"10.20.30-git","resolved":"git+ssh://git@git.example/a.git#1"}`;
  const alias = `"node_modules/an-alias-of-a-package":{"name":"the-name-of-the-package","version":"10.20.30-alias.1"}`;
  const escaped = `"node_modules/\\u0061-package-with-escapes":{"version":"10.20.30-escaped.\\u0031","deprecated":"with a \\"quote\\" in it"}`;
  const both = conflict(
    '"node_modules/ours-of-a-conflict":{"version":"10.20.30-ours"},',
    '"node_modules/theirs-of-a-conflict":{"version":"10.20.30-theirs"},',
  );
  const packages = filled(
    (at) => `"node_modules/package-number-${at}":{"version":"10.20.30-beta.${at}",
    "resolved":"https://registry.example/base/${at % 100}/package-number-${at}/-/package-number-${at}-10.20.30-beta.${at}.tgz",
    "integrity":"${hash(`${at}`)}","deprecated":"a long message, number ${at}","padding":"${PADDING}",
    "dependencies":{"package-number-${at + 1}":"^10.20.30"}}`,
  );
  return `{"lockfileVersion":3,"packages":{${root},${both}${member},${odd},${alias},${escaped},${packages.join(',')}}}`;
}

function legacyLock(): string {
  const alias = `"an-alias-of-a-package":{"version":"npm:the-name-of-the-package@10.20.30-alias.1"}`;
  const tarball = `"name-of-a-tarball":{"version":"https://registry.example/name-of-a-tarball/-/name-of-a-tarball-10.20.30-tar.tgz"}`;
  const packages = filled(
    (at) => `"package-number-${at}":{"version":"10.20.30-beta.${at}","integrity":"${hash(`${at}`)}",
    "resolved":"https://registry.example/base/${at % 100}/package-number-${at}/-/package-number-${at}-10.20.30-beta.${at}.tgz",
    "padding":"${PADDING}","requires":{"package-number-${at + 1}":"^10.20.30"}}`,
  );
  return `{"lockfileVersion":1,"dependencies":{${alias},${tarball},${packages.join(',')}}}`;
}

function bunLock(): string {
  const dependencies = `{"package-number-1":"^10.20.30 || ^11.20.30","a-package-that-is-nowhere":"catalog:a-catalog-with-a-name"}`;
  const member = `{"name":"a-workspace-member","version":"10.20.30-member","dependencies":${dependencies}}`;
  const odd = `"a-package-that-is-a-git-repository":["its-name-in-the-registry@git+ssh://git@git.example/a.git#1",{}],
    "\\u0061-package-with-escapes":["\\u0061-package-with-escapes@10.20.30-escaped.\\u0031","",{}],
    "a-workspace-member":["a-workspace-member@workspace:folder/of-a-workspace-member"]`;
  const both = conflict(
    '"ours-of-a-conflict":["ours-of-a-conflict@10.20.30-ours","",{}],',
    '"theirs-of-a-conflict":["theirs-of-a-conflict@10.20.30-theirs","",{}],',
  );
  const packages = filled(
    (at) => `"package-number-${at}":["package-number-${at}@10.20.30-beta.${at}",
    "https://registry.example/base/${at % 100}/package-number-${at}/-/package-number-${at}-10.20.30-beta.${at}.tgz",
    {"padding":"${PADDING}","dependencies":{"package-number-${at + 1}":"^10.20.30"}},"${hash(`${at}`)}"]`,
  );
  return `{"lockfileVersion":1,"workspaces":{"folder/of-a-workspace-member":${member}},
    "catalogs":{"a-catalog-with-a-name":{"package-number-1":"^10.20.30-range"}},"packages":{${both}${odd},${packages.join(',')}}}`;
}

function pnpmLock(): string {
  const importers = `importers:
  folder/of-a-workspace-member:
    dependencies:
      package-number-1:
        specifier: ^10.20.30 || ^11.20.30
        version: 10.20.30-beta.1
      a-folder-that-is-linked:
        specifier: link:../../../a-folder-that-is-linked
        version: link:../../../a-folder-that-is-linked
      a-package-that-is-nowhere:
        version: 10.20.30
`;
  const catalogs = `catalogs:
  a-catalog-with-a-name:
    package-number-1:
      specifier: ^10.20.30 || ^11.20.30
      version: 10.20.30-beta.1
`;
  const both = conflict(
    '  ours-of-a-conflict@10.20.30-ours:\n    resolution: {}',
    '  theirs-of-a-conflict@10.20.30-theirs:\n    resolution: {}',
  );
  const key = (at: number): string => `package-number-${at}@10.20.30-beta.${at}`;
  const packages = filled(
    (at) => `  ${key(at)}:
    resolution: {integrity: ${hash(`${at}`)}, tarball: https://registry.example/base/${at}/package-number-${at}/-/x.tgz}
    deprecated: a long message, number ${at}
    padding: ${PADDING}`,
  );
  const snapshots = packages.map(
    (_, at) => `  ${key(at)}:\n    dependencies:\n      package-number-${at + 1}: 10.20.30-beta.${at + 1}`,
  );
  return `lockfileVersion: '9.0'\n${catalogs}${importers}packages:\n${packages.join('\n')}${both}snapshots:\n${snapshots.join('\n')}\n`;
}

/** As JSON, which is YAML in another form than pnpm writes. */
function pnpmTree(at: number): string {
  const key = `package-number-${at}@10.20.30-beta.${at}`;
  return JSON.stringify({
    lockfileVersion: '9.0',
    catalogs: {
      'a-catalog-with-a-name': { 'package-number-1': { specifier: '^10.20.30-range', version: '10.20.30-beta.1' } },
    },
    importers: {
      'folder/of-a-member': {
        dependencies: { 'package-number-0': { specifier: '^10.20.30-range', version: '10.20.30-beta.0' } },
      },
    },
    packages: {
      [key]: { resolution: { integrity: hash(key) }, deprecated: 'a rather long message', padding: PADDING.repeat(45) },
    },
    snapshots: { [key]: { dependencies: { 'package-number-0': '10.20.30-beta.0' } } },
  });
}

function yarnClassic(): string {
  const packages = filled(
    (at) => `package-number-${at}@^10.20.30:
  version "10.20.30-beta.${at}"
  resolved "https://registry.example/base/${at}/package-number-${at}/-/package-number-${at}-10.20.30-beta.${at}.tgz"
  integrity ${hash(`${at}`)}
  padding "${PADDING}"
  dependencies:
    package-number-${at + 1} "^10.20.30"
    a-package-that-is-nowhere-${at} "^10.20.30"
`,
  );
  const plain = packages
    .slice(0, 200)
    .map((text) => text.replace(/ {2}padding.*\n/, '').replaceAll('package-number', 'plain-number'));
  return `# yarn lockfile v1\n\n\n${packages.join('\n')}\n${plain.join('\n')}`;
}

function yarnBerry(): string {
  const packages = filled(
    (at) => `"package-number-${at}@npm:^10.20.30":
  version: 10.20.30-beta.${at}
  resolution: "the-name-of-package-${at}@npm:10.20.30-beta.${at}"
  dependencies:
    package-number-${at + 1}: "npm:^10.20.30"
    a-package-that-is-nowhere-${at}: "npm:^10.20.30"
  checksum: ${PADDING}
  languageName: node
  linkType: hard
`,
  );
  const member = `"member-of-a-workspace@workspace:folder/of-a-member":
  version: 0.0.0-use.local
  resolution: "member-of-a-workspace@workspace:folder/of-a-member"
  dependencies:
    package-number-1: "npm:^10.20.30 || ^11.20.30"
    a-folder-that-is-linked: "link:../../../a-folder-that-is-linked"
  languageName: unknown
  linkType: soft
`;
  return `__metadata:\n  version: 8\n\n${member}\n${packages.join('\n')}`;
}

/** Read, and then joined with manifests, as a project does. */
function parseYarn(text: string): unknown {
  const { value } = parseYarnLock(text);
  return [value, value.completedBy?.([])];
}

function filled(item: (at: number) => string): string[] {
  return Array.from({ length: Math.ceil(SIZE / PADDING.length) }, (_, at) => item(at));
}

const trees = Array.from({ length: 20 }, (_, at) => (): string => pnpmTree(at));
const kinds = [
  { name: 'package-lock v3', parse: parsePackageLock, texts: [packageLock] },
  { name: 'package-lock v1', parse: parsePackageLock, texts: [legacyLock] },
  { name: 'bun', parse: parseBunLock, texts: [bunLock] },
  { name: 'pnpm', parse: parsePnpmLock, texts: [pnpmLock] },
  { name: 'yarn 1', parse: parseYarn, texts: [yarnClassic] },
  { name: 'yarn 4', parse: parseYarn, texts: [yarnBerry] },
  { name: 'pnpm as a tree', parse: parsePnpmLock, texts: trees },
];

function heapUsed(): number {
  // The engine remembers the last text that a pattern was looked for in.
  /x/.test('x');
  // What one collection makes unreachable, the next one takes.
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const report = kinds.map(({ name, parse, texts }) => {
  let text = 0;
  const read = (make: () => string): unknown => {
    // A copy by way of JSON is one flat text inside of the heap.
    const whole = String(JSON.parse(JSON.stringify(make())));
    text += whole.length;
    return parse(whole);
  };
  const before = heapUsed();
  const results = texts.map(read);
  const kept = heapUsed() - before;
  return { name, text, kept, results: results.length };
});
process.stdout.write(JSON.stringify(report));

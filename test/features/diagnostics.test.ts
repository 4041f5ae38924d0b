import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';

import { diagnostics, lockfileDiagnostics } from '../../server/src/features/diagnostics.ts';
import type { DocumentText } from '../../server/src/workspace/snapshot.ts';
import { parseMarked, renderMarked, type Annotation } from '../support/marked-text.ts';
import { projectOf, ROOT, type ProjectFacts, type TestProject } from '../support/project-of.ts';

/** The text's caret lines are all that is said of the project. */
async function checkDiagnostics(text: string, facts: ProjectFacts): Promise<void> {
  const found = await foundIn(text, facts);
  const marked = parseMarked(text);
  expect(renderMarked({ ...marked, annotations: sorted(found.annotations) })).toBe(
    renderMarked({ ...marked, annotations: sorted(marked.annotations) }),
  );
}

async function foundIn(
  text: string,
  facts: ProjectFacts,
): Promise<{ annotations: Annotation[]; all: Diagnostic[]; test: TestProject }> {
  const test = await projectOf(text, facts);
  const annotations: Annotation[] = [];
  const all: Diagnostic[] = [];
  for (const project of test.snapshot.projects) {
    for (const manifest of project.manifests) {
      const found = diagnostics(manifest, project, (path) => `file://${path}`);
      all.push(...found);
      annotations.push(...found.map((item) => annotationOf(item, manifest.document)));
    }
    const { lockfile } = project;
    if (lockfile) annotations.push(...lockfileDiagnostics(project).map((item) => annotationOf(item, lockfile.document)));
  }
  return { annotations, all, test };
}

const WORDS = { 1: 'error', 2: 'warning', 3: 'information', 4: 'hint' } as const;

function annotationOf({ range, severity, code, message }: Diagnostic, { path, lines }: DocumentText): Annotation {
  return {
    path: path.slice(ROOT.length + 1),
    start: lines.offsetAt(range.start),
    end: lines.offsetAt(range.end),
    severity: WORDS[severity ?? DiagnosticSeverity.Error],
    code: String(code),
    message,
  };
}

function sorted(annotations: readonly Annotation[]): Annotation[] {
  return [...annotations].sort((a, b) => a.start - b.start || (a.code < b.code ? -1 : 1));
}

const LODASH = { id: 'GHSA-1', package: 'lodash', versions: '>=0 <4.17.21', summary: 'command injection' } as const;

test('an affected direct dependency is marked at its version, with the fixed version', () =>
  checkDiagnostics(
    `{
  "dependencies": {
    "lodash": "^4.17.20"
               ^^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
  }
}`,
    { installed: { lodash: '4.17.20' }, advisories: [LODASH] },
  ));

test.each([
  ['critical', 'error'],
  ['high', 'warning'],
  ['medium', 'information'],
  ['low', 'hint'],
  ['unknown', 'warning'],
] as const)('a %s advisory in a direct production dependency is shown as %s', (severity, level) =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0"
        ^^^^^ ${level} GHSA-9: a 1.0.0 is affected by GHSA-9 (${severity}): bad. No fixed version is known.
} }`,
    { installed: { a: '1.0.0' }, advisories: [{ id: 'GHSA-9', package: 'a', versions: '>=0', severity, summary: 'bad' }] },
  ),
);

test('a score is shown where a vector gives one', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0"
        ^^^^^ warning GHSA-9: a 1.0.0 is affected by GHSA-9 (high 7.2): bad. No fixed version is known.
} }`,
    {
      installed: { a: '1.0.0' },
      advisories: [{ id: 'GHSA-9', package: 'a', versions: '>=0', summary: 'bad', cvss: { version: '3.1', score: 7.2, vector: '' } }],
    },
  ));

test('several advisories of one dependency are one diagnostic, told by the worst', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "vite": "4.1.0"
           ^^^^^ error GHSA-2: vite 4.1.0: 3 advisories, worst critical; 4.5.14 clears all.
} }`,
    {
      installed: { vite: '4.1.0' },
      advisories: [
        { id: 'GHSA-1', package: 'vite', versions: '>=4.0.0 <4.1.5' },
        { id: 'GHSA-2', package: 'vite', versions: '>=4.0.0 <4.5.14', severity: 'critical' },
        { id: 'GHSA-3', package: 'vite', versions: '>=4.0.0 <4.3.0', severity: 'low' },
      ],
    },
  ));

test('the list of several advisories stands in the related information, at the line itself', async () => {
  const { all } = await foundIn('{ "dependencies": { "a": "1.0.0" } }', {
    installed: { a: '1.0.0' },
    advisories: [
      { id: 'GHSA-1', package: 'a', versions: '>=0', summary: 'one\nand\u202e more' },
      { id: 'GHSA-2', package: 'a', versions: '>=0', severity: 'low', summary: 'two' },
    ],
  });
  expect(all).toHaveLength(1);
  expect(all[0]?.source).toBe('Provender');
  expect(all[0]?.codeDescription?.href).toBe('https://github.com/advisories/GHSA-1');
  expect(all[0]?.relatedInformation?.map(({ message }) => message)).toEqual([
    'GHSA-1 (high): one and more',
    'GHSA-2 (low): two',
  ]);
  expect(all[0]?.relatedInformation?.[0]?.location).toEqual({ uri: `file://${ROOT}/package.json`, range: all[0]?.range });
});

test('only a fix of part of the advisories is told as such', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0"
        ^^^^^ warning GHSA-1: a 1.0.0: 2 advisories, worst high; 1.1.0 clears 1.
} }`,
    {
      installed: { a: '1.0.0' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0' },
        { id: 'GHSA-2', package: 'a', versions: '>=0 <1.1.0' },
      ],
    },
  ));

test('malware is an error with words of its own, wherever it stands', () =>
  checkDiagnostics(
    `{
  "dependencies": {
    "a": "1.0.0",
          ^^^^^ error MAL-1: a 1.0.0 is malware (MAL-1): steals tokens. Remove it, treat the machine as compromised and rotate secrets from another one.
    "b": "1.0.0"
          ^^^^^ error MAL-2: b 1.0.0 brings in 1 affected package, 1 malware, by way of b > c 1.0.0.
  },
  "devDependencies": {
    "d": "1.0.0"
          ^^^^^ error MAL-3: d 1.0.0 is malware (MAL-3): mines coins. Remove it, treat the machine as compromised and rotate secrets from another one.
  }
}`,
    {
      installed: { a: '1.0.0', b: '1.0.0 needs c', c: '1.0.0', d: '1.0.0 dev' },
      advisories: [
        { id: 'MAL-1', package: 'a', versions: '>=0', summary: 'steals tokens' },
        { id: 'MAL-2', package: 'c', versions: '>=0', summary: 'steals tokens' },
        { id: 'MAL-3', package: 'd', versions: '>=0', summary: 'mines coins' },
      ],
    },
  ));

test('what is known to be exploited is an error in a direct dependency and a warning in a transitive one', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0",
        ^^^^^ error GHSA-1: a 1.0.0 is affected by GHSA-1 (low): bad. No fixed version is known. Known to be exploited (CISA KEV).
  "b": "1.0.0"
        ^^^^^ warning GHSA-2: b 1.0.0 brings in 1 affected package, 1 low, by way of b > c 1.0.0.
} }`,
    {
      installed: { a: '1.0.0', b: '1.0.0 needs c', c: '1.0.0' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0', severity: 'low', summary: 'bad', aliases: ['CVE-2026-1'] },
        { id: 'GHSA-2', package: 'c', versions: '>=0', severity: 'low', summary: 'bad', aliases: ['CVE-2026-1'] },
      ],
      kev: ['CVE-2026-1'],
    },
  ));

test('what is used in development only is a hint', () =>
  checkDiagnostics(
    `{ "devDependencies": {
  "a": "1.0.0",
        ^^^^^ hint GHSA-1: a 1.0.0 is affected by GHSA-1 (critical): bad. No fixed version is known.
  "b": "1.0.0"
        ^^^^^ hint GHSA-2: b 1.0.0 brings in 1 affected package, 1 critical, by way of b > c 1.0.0.
} }`,
    {
      installed: { a: '1.0.0 dev', b: '1.0.0 dev needs c', c: '1.0.0 dev' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0', severity: 'critical', summary: 'bad' },
        { id: 'GHSA-2', package: 'c', versions: '>=0', severity: 'critical' },
      ],
    },
  ));

test('a dependency is marked once for all that it brings in, with the way to the worst', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "webpack": "^4.0.0",
              ^^^^^^ warning GHSA-2: webpack 4.0.0 brings in 2 affected packages, 1 critical, by way of webpack > watchpack > chokidar 2.0.0.
  "other": "^1.0.0"
            ^^^^^^ information GHSA-1: other 1.0.0 brings in 1 affected package, 1 high, by way of other > braces 2.0.0.
} }`,
    {
      installed: {
        webpack: '4.0.0 needs watchpack',
        watchpack: '1.0.0 needs chokidar',
        chokidar: '2.0.0 needs braces',
        braces: '2.0.0',
        other: '1.0.0 needs braces',
      },
      advisories: [
        { id: 'GHSA-1', package: 'braces', versions: '>=0' },
        { id: 'GHSA-2', package: 'chokidar', versions: '>=0', severity: 'critical' },
        { id: 'GHSA-3', package: 'chokidar', versions: '>=0' },
      ],
    },
  ));

test('own trouble and what is brought in are two diagnostics', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0"
        ^^^^^ warning GHSA-1: a 1.0.0 is affected by GHSA-1 (high): bad. No fixed version is known.
        ^^^^^ information GHSA-2: a 1.0.0 brings in 1 affected package, 1 high, by way of a > b 1.0.0.
} }`,
    {
      installed: { a: '1.0.0 needs b', b: '1.0.0' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0', summary: 'bad' },
        { id: 'GHSA-2', package: 'b', versions: '>=0' },
      ],
    },
  ));

test('a deprecated dependency is tagged at its name', async () => {
  const text = `{ "dependencies": {
  "request": "2.88.2"
   ^^^^^^^ hint deprecated: request 2.88.2 is deprecated: no longer supported.
} }`;
  const facts = {
    installed: { request: '2.88.2' },
    registry: { request: [{ version: '2.88.2', deprecated: 'no longer supported' }] },
  };
  await checkDiagnostics(text, facts);
  expect((await foundIn(text, facts)).all[0]?.tags).toEqual([2]);
});

test('an invalid signature is an error, and one that is missing a warning', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0",
        ^^^^^ error signature-invalid: a 1.0.0: The signature does not fit the hash
  "b": "1.0.0",
        ^^^^^ warning signature-unsigned: b 1.0.0: It has no signature
  "c": "1.0.0"
} }`,
    {
      installed: { a: '1.0.0', b: '1.0.0', c: '1.0.0' },
      signatures: {
        'a@1.0.0': { verdict: 'invalid', message: 'The signature does not fit the hash' },
        'b@1.0.0': { verdict: 'unsigned', message: 'It has no signature' },
        'c@1.0.0': { verdict: 'registry-unsigned', message: 'The registry does not sign' },
      },
    },
  ));

test('a line that asks for more than the lockfile holds waits for an install', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "lodash": "^4.17.21",
             ^^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
             ^^^^^^^^ information waiting-for-install: ^4.17.21 written, the lockfile still has 4.17.20. Run: npm install
  "new": "1.0.0",
          ^^^^^ information waiting-for-install: 1.0.0 written, the lockfile does not have it yet. Run: npm install
  "newer": "latest"
            ^^^^^^ information waiting-for-install: latest written, the lockfile does not have it yet. Run: npm install
} }`,
    { installed: { lodash: '4.17.20' }, lockedFor: { lodash: '^4.17.20' }, advisories: [LODASH] },
  ));

test('a peer that nothing supplies waits for no install', () =>
  checkDiagnostics('{ "peerDependencies": { "react": ">=17" } }', { installed: {} }));

test('a line whose version an override of the root decides waits for no install', () =>
  checkDiagnostics('{ "dependencies": { "a": "^1.0.0" }, "pnpm": { "overrides": { "a@1": "2.0.0" } } }', {
    installed: { a: '2.0.0' },
    lockedFor: { a: '2.0.0' },
  }));

test('settings change each level, and "off" is silence', () =>
  checkDiagnostics(
    `{
  "dependencies": {
    "a": "1.0.0",
          ^^^^^ information MAL-1: a 1.0.0 is malware (MAL-1): bad. Remove it, treat the machine as compromised and rotate secrets from another one.
    "b": "1.0.0",
    "c": "2.0.0",
    "d": "1.0.0"
          ^^^^^ error GHSA-4: d 1.0.0 brings in 1 affected package, 1 high, by way of d > e 1.0.0.
  },
  "devDependencies": {
    "f": "1.0.0"
          ^^^^^ warning GHSA-5: f 1.0.0 is affected by GHSA-5 (high): bad. No fixed version is known.
  }
}`,
    {
      installed: { a: '1.0.0', b: '1.0.0', c: '1.0.0', d: '1.0.0 needs e', e: '1.0.0', f: '1.0.0 dev' },
      advisories: [
        { id: 'MAL-1', package: 'a', versions: '>=0', summary: 'bad' },
        { id: 'GHSA-2', package: 'b', versions: '>=0' },
        { id: 'GHSA-4', package: 'e', versions: '>=0' },
        { id: 'GHSA-5', package: 'f', versions: '>=0', summary: 'bad' },
      ],
      settings: {
        severity: { malware: 'information', high: 'off', pending: 'off', transitive: 'error', development: 'warning' },
      },
    },
  ));

test('what is brought in is not said where the settings turn it off', () =>
  checkDiagnostics('{ "dependencies": { "a": "1.0.0" } }', {
    installed: { a: '1.0.0 needs b', b: '1.0.0' },
    advisories: [{ id: 'GHSA-1', package: 'b', versions: '>=0' }],
    settings: { transitive: false },
  }));

test('without a lockfile the message says which version it is about', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "lodash": "~4.17.0"
             ^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.18.0. No lockfile: this is the highest version in the range.
} }`,
    { advisories: [LODASH], registry: { lodash: ['4.17.19', '4.17.20', '4.18.0'] } },
  ));

test('what could not be looked up is coverage and no diagnostic', () =>
  checkDiagnostics('{ "dependencies": { "a": "1.0.0", "b": "github:x/y", "c": "file:../c" } }', {
    installed: { a: '1.0.0' },
    unknown: { a: 'offline' },
  }));

test('what is affected among the records at hand is told although not all could be asked', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "lodash": "4.17.20"
             ^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
} }`,
    { installed: { lodash: '4.17.20' }, advisories: [LODASH], unknown: { lodash: 'timeout' } },
  ));

test('a private name that an advisory matches is told to be matched by name', () =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": {
  "@corp/a": "1.0.0"
              ^^^^^ warning GHSA-1: @corp/a 1.0.0 is affected by GHSA-1 (high): bad. No fixed version is known. Matched by name: the package is not from the public registry.
} }
-- .npmrc --
@corp:registry=https://corp.example/
`,
    { installed: { '@corp/a': '1.0.0' }, advisories: [{ id: 'GHSA-1', package: '@corp/a', versions: '>=0', summary: 'bad' }] },
  ));

test('an alias is told by the name of the package that is installed', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "old-lodash": "npm:lodash@^4.17.20"
                            ^^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
} }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "old-lodash": "npm:lodash@^4.17.20" } },
  "node_modules/old-lodash": { "name": "lodash", "version": "4.17.20" }
} }`,
    { advisories: [LODASH] },
  ));

test('the catalog owns the version, so the diagnostic stands there and not on the lines that point at it', () =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": { "lodash": "catalog:" } }
-- packages/a/package.json --
{ "name": "a", "dependencies": { "lodash": "catalog:" } }
-- pnpm-workspace.yaml --
packages: [packages/*]
catalog:
  lodash: ^4.17.20
          ^^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
  unused: ^1.0.0
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
catalogs:
  default:
    lodash:
      specifier: ^4.17.20
      version: 4.17.20
importers:
  .:
    dependencies:
      lodash:
        specifier: 'catalog:'
        version: 4.17.20
  packages/a:
    dependencies:
      lodash:
        specifier: 'catalog:'
        version: 4.17.20
packages:
  lodash@4.17.20:
    resolution: {integrity: sha512-AAAA}
snapshots:
  lodash@4.17.20: {}
`,
    { advisories: [LODASH] },
  ));

test('every member that brings in an affected package is marked', () =>
  checkDiagnostics(
    `-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/a/package.json --
{ "name": "a", "dependencies": {
  "x": "1.0.0"
        ^^^^^ information GHSA-1: x 1.0.0 brings in 1 affected package, 1 high, by way of x > z 1.0.0.
} }
-- packages/b/package.json --
{ "name": "b", "dependencies": {
  "y": "1.0.0"
        ^^^^^ information GHSA-1: y 1.0.0 brings in 1 affected package, 1 high, by way of y > z 1.0.0.
} }
`,
    {
      installed: { x: '1.0.0 needs z', y: '1.0.0 needs z', z: '1.0.0' },
      advisories: [{ id: 'GHSA-1', package: 'z', versions: '>=0' }],
    },
  ));

test('a manifest that is typed halfway is said to be so, and the rest of it still works', async () => {
  const { annotations } = await foundIn(
    `-- package.json --
{ "dependencies": {
  "lodash": "^4.17.20",
  "b":
} }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "lodash": "^4.17.20" } },
  "node_modules/lodash": { "version": "4.17.20" }
} }`,
    { advisories: [LODASH] },
  );
  expect(annotations.map(({ code }) => code)).toEqual(['GHSA-1', 'not-read']);
});

test('the places of a lockfile that cannot be read are said in the lockfile', async () => {
  const { annotations } = await foundIn(
    `-- package.json --
{}
-- package-lock.json --
{ "lockfileVersion": 3, "packages": { "": {}, "node_modules/a": 5 } }`,
    {},
  );
  expect(annotations).toMatchObject([{ path: 'package-lock.json', severity: 'information', code: 'not-read' }]);
});

test('development dependencies that are turned off are not marked', () =>
  checkDiagnostics('{ "devDependencies": { "lodash": "4.17.20" } }', {
    installed: { lodash: '4.17.20 dev' },
    advisories: [LODASH],
    settings: { devDependencies: false },
  }));

import { describe, expect, test } from 'vitest';
import { circles, importsOf, projectFiles, reachableFrom, root, textOf } from './source-tree.ts';

const BELOW_THE_TOP = [
  'core',
  'text',
  'decisions',
  'ecosystems',
  'sources',
  'evidence',
  'planner',
  'io',
  'store',
  'workspace',
];

/** The arrows of ARCHITECTURE.md: what each folder of `server/src` may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  core: [],
  text: ['core'],
  ecosystems: ['core', 'text'],
  decisions: ['core', 'text'],
  sources: ['core', 'evidence'],
  evidence: ['core'],
  planner: ['core'],
  io: ['core', 'protocol'],
  store: ['core'],
  workers: ['core', 'store', 'ecosystems', 'sources', 'evidence'],
  workspace: ['core', 'decisions', 'ecosystems', 'sources', 'evidence', 'planner'],
  features: ['core', 'decisions', 'planner', 'workspace', 'protocol'],
  lsp: [...BELOW_THE_TOP, 'protocol', 'features'],
  cli: [...BELOW_THE_TOP, 'workers', 'features', 'lsp'],
  'compose-world': [...BELOW_THE_TOP, 'protocol', 'workers', 'lsp'],
  main: ['core', 'io', 'compose-world', 'lsp', 'cli'],
};

/** Modules through which the world is touched, and the folders that do so. */
const WORLD =
  /^(?:node:)?(?:fs|fs\/promises|net|tls|http|https|http2|dns|child_process|worker_threads|sqlite|timers|timers\/promises)$|^(?:undici|yauzl)$/;
const TOUCHES_THE_WORLD: readonly string[] = ['io', 'store', 'workers', 'compose-world', 'main'];

const PURE: readonly string[] = [
  'core',
  'text',
  'decisions',
  'ecosystems',
  'sources',
  'evidence',
  'planner',
  'workspace',
  'features',
];
const WORLD_CALL = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|\bfetch\(|\bprocess\./;

/** A random seed against crafted collisions, which changes no result. */
const MAY_CALL_THE_WORLD: readonly string[] = ['server/src/ecosystems/npm/lockfile/string-table.ts'];

const TOP_LEVEL: ReadonlySet<string> = new Set([
  '.ci',
  '.gitattributes',
  '.gitignore',
  '.npmrc',
  '.vscodeignore',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'client',
  'docs',
  'examples',
  'package-lock.json',
  'package.json',
  'resources',
  'scripts',
  'server',
  'syntaxes',
  'test',
  'tsconfig.json',
]);

/** For the Python ecosystem, which is not there yet. */
const READY: readonly string[] = ['server/src/evidence/attestations/check-pypi-attestation.ts'];

const MAX_LINES = 400;

const files = projectFiles();
const sources = files.filter((path) => /^(?:client|server)\/src\/.*\.ts$/.test(path));
const modules = sources.filter((path) => !path.endsWith('.d.ts'));
const serverModules = modules.filter((path) => path.startsWith('server/src/'));
const code = files.filter((path) => /^(?:client|server|scripts|test)\/.*\.ts$/.test(path));
const imports = sources.flatMap(importsOf);

describe('the arrows between the folders', () => {
  test('point down only', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!from.startsWith('server/src/') || !to.startsWith('server/src/')) return false;
      const [source, target] = [folderOf(from), folderOf(to)];
      return source !== target && MAY_IMPORT[source]?.includes(target) !== true;
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('are drawn for every folder', () => {
    const unknown = serverModules.filter((path) => MAY_IMPORT[folderOf(path)] === undefined);
    expect(unknown).toEqual([]);
  });

  test('do not join one ecosystem to another', () => {
    const ecosystemOf = (path: string): string | undefined => /^server\/src\/ecosystems\/([^/]+)\//.exec(path)?.[1];
    const wrong = imports.filter(({ from, to }) => {
      const [source, target] = [ecosystemOf(from), ecosystemOf(to)];
      return source !== undefined && target !== undefined && source !== target;
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('lead from the client to the server by the protocol only', () => {
    const wrong = imports.filter(
      ({ from, to }) => from.startsWith('client/') && to.startsWith('server/') && to !== 'server/src/protocol.ts',
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('never lead from the server to the client, to VS Code, or to the tests', () => {
    const wrong = imports.filter(
      ({ from, to }) => from.startsWith('server/') && (/^(?:client|test|scripts)\//.test(to) || to === 'vscode'),
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('do not begin at the protocol', () => {
    expect(importsOf('server/src/protocol.ts')).toEqual([]);
  });

  test('form no circle', () => {
    expect(circles(imports.filter(({ to }) => to.endsWith('.ts')))).toEqual([]);
  });
});

describe('the world', () => {
  test('is imported only where it may be touched', () => {
    const wrong = imports.filter(
      ({ from, to }) => from.startsWith('server/src/') && WORLD.test(to) && !TOUCHES_THE_WORLD.includes(folderOf(from)),
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('of Sigstore’s libraries, which are heavy, is loaded by the checks of attestations only', () => {
    const wrong = imports.filter(
      ({ from, to }) => to.startsWith('@sigstore/') && !from.startsWith('server/src/evidence/attestations/'),
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('comes to the pure folders through ports: no clock, no chance, no process', () => {
    const wrong = serverModules.filter(
      (path) =>
        PURE.includes(folderOf(path)) && !MAY_CALL_THE_WORLD.includes(path) && WORLD_CALL.test(withoutComments(path)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('modules', () => {
  test('are all reached from an entry point', () => {
    const isWorker = (path: string): boolean => /^server\/src\/workers\/[\w-]+-(?:worker|writer)\.ts$/.test(path);
    const entries = ['client/src/extension.ts', 'server/src/main.ts', ...READY, ...modules.filter(isWorker)];
    const reached = reachableFrom(entries, imports);
    expect(modules.filter((path) => !reached.has(path))).toEqual([]);
  });

  test('of features are parts that other features share, or export a function named after the file that lsp calls', () => {
    const users = Map.groupBy(imports, ({ to }) => to);
    const isUsedBy = (path: string, folder: string): boolean =>
      users.get(path)?.some(({ from }) => from.startsWith(`server/src/${folder}/`)) === true;
    const isFeature = (path: string): boolean =>
      isUsedBy(path, 'lsp') &&
      new RegExp(`^export (?:async )?function ${camelCaseName(path)}\\b`, 'm').test(textOf(path));
    const all = serverModules.filter((path) => folderOf(path) === 'features');
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter((path) => !isUsedBy(path, 'features') && !isFeature(path))).toEqual([]);
  });
});

describe('files', () => {
  test('have a place at the top level only if it is theirs', () => {
    const names = new Set(files.map((path) => path.split('/')[0] ?? path));
    expect([...names].filter((name) => !TOP_LEVEL.has(name))).toEqual([]);
  });

  test('of code have names in kebab case', () => {
    const isKebab = (path: string): boolean => /(?:^|\/)[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)?\.ts$/.test(path);
    expect(code.filter((path) => !isKebab(path))).toEqual([]);
  });

  test('are not empty', () => {
    expect(files.filter((path) => isText(path) && textOf(path).trim() === '')).toEqual([]);
  });

  test(`of code have at most ${MAX_LINES} lines`, () => {
    const long = code.map((path) => ({ path, lines: textOf(path).split('\n').length }));
    expect(long.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
  });

  test('leave nothing to do in comments', () => {
    const mark = new RegExp(['TO', 'DO\\b|FIX', 'ME\\b'].join(''));
    expect(code.filter((path) => mark.test(textOf(path)))).toEqual([]);
  });

  test('name no path of the machine they were written on', () => {
    const paths = [
      root,
      ['', 'work', 'shared'].join('/'),
      ['', 'work', 'main'].join('/'),
      ['', 'tmp', 'corpus'].join('/'),
    ];
    const wrong = files.filter((path) => isText(path) && paths.some((each) => textOf(path).includes(each)));
    expect(wrong).toEqual([]);
  });

  test('name no host of a package registry', () => {
    const hosts = ['registry.npm' + 'js.org', 'registry.yarn' + 'pkg.com', 'npm.pkg.git' + 'hub.com'];
    const wrong = files.filter((path) => isText(path) && hosts.some((host) => textOf(path).includes(host)));
    expect(wrong).toEqual([]);
  });

  test('include a lockfile that does not say where packages were fetched from', () => {
    expect(textOf('package-lock.json')).not.toContain('"resolved"');
  });
});

/** `core` for `server/src/core/span.ts`, `main` for `server/src/main.ts`. */
function folderOf(path: string): string {
  return (path.slice('server/src/'.length).split('/')[0] ?? '').replace(/\.ts$/, '');
}

function camelCaseName(path: string): string {
  const name = (path.split('/').at(-1) ?? path).replace(/\.ts$/, '');
  return name.replaceAll(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

function withoutComments(path: string): string {
  return textOf(path).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

function isText(path: string): boolean {
  return /\.(?:ts|json|jsonl|md|txt|svg|yaml|yml|sh|cjs|mjs)$|(?:^|\/)\.[a-z]+$|LICENSE$/.test(path);
}

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleWithChunks } from '../../scripts/bundle/chunks.ts';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'provender-chunks-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const PROGRAM = {
  'main.ts': `
    import { Failure, count } from './shared.ts';
    export async function main() {
      const { fail } = await import('./late.ts');
      try { fail(); } catch (error) { console.log(error instanceof Failure, count()); }
      const { twice } = await import('./later.ts');
      console.log(twice());
    }
    void main();`,
  'shared.ts': `
    export class Failure extends Error {}
    let calls = 0;
    export function count() { return ++calls; }
    export function unused() { return 'never called'; }`,
  'late.ts': `
    import { Failure } from './shared.ts';
    import { half } from './half.ts';
    export function fail() { half(); throw new Failure('late'); }`,
  'later.ts': `
    import { half } from './half.ts';
    export function twice() { return 2 * half(); }`,
  'half.ts': `
    import { count } from './shared.ts';
    export function half() { return count(); }`,
};

test('a class and a counter are the same in the program and in what it loads late', async () => {
  await buildProgram(PROGRAM);
  expect(run()).toBe('true 2\n6\n');
});

test('what is loaded late does not lie in the file that is read at the start', async () => {
  const outputs = await buildProgram(PROGRAM);
  expect(outputs.get('server.cjs')).not.toContain('"late"');
  expect([...outputs].filter(([, text]) => text.includes('"late"')).map(([path]) => path)).toEqual([
    expect.stringMatching(/^chunks\/late-\w+\.cjs$/),
  ]);
});

test('what nobody calls is left out', async () => {
  const outputs = await buildProgram(PROGRAM);
  expect([...outputs.values()].some((text) => text.includes('never called'))).toBe(false);
});

test('a package that is required late keeps its named exports', async () => {
  await writePackage();
  await buildProgram({ 'main.ts': `void import('barn').then(({ hay }) => console.log(hay));` });
  expect(run()).toBe('dry\n');
});

test('a package that is required in the middle of a function becomes a file of its own', async () => {
  await writePackage();
  const outputs = await buildProgram({
    'main.ts': `function load() { return require('barn'); } console.log(load().hay);`,
  });
  expect([...outputs.keys()]).toContain('chunks/barn.cjs');
  expect(run()).toBe('dry\n');
});

test('a module of Node that takes long to load is loaded when it is used', async () => {
  await buildProgram({
    'main.ts': `
      import { createHash } from 'node:crypto';
      const isLoaded = () => process.moduleLoadList.includes('NativeModule crypto');
      console.log(isLoaded());
      console.log(createHash('sha256').update('a').digest('hex').slice(0, 8), isLoaded());`,
  });
  expect(run()).toBe('false\nca978112 true\n');
});

test('the folder of a module is the folder of the program, wherever the module lies', async () => {
  await buildProgram({
    'main.ts': `void import('./late.ts').then(({ folder }) => console.log(folder === import.meta.dirname));`,
    'late.ts': `export const folder = import.meta.dirname;`,
  });
  expect(run()).toBe('true\n');
});

async function writePackage(): Promise<void> {
  await write('node_modules/barn/package.json', '{ "name": "barn", "main": "index.js" }');
  await write('node_modules/barn/index.js', `exports.hay = 'dry';`);
}

async function buildProgram(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
  for (const [path, text] of Object.entries(files)) await write(join('src', path), text);
  const { outputs } = await bundleWithChunks({
    entry: join(root, 'src/main.ts'),
    name: 'server',
    root,
    version: '1.0.0',
  });
  for (const [path, text] of outputs) await write(join('dist', path), text);
  return outputs;
}

function run(): string {
  return execFileSync(process.execPath, [join(root, 'dist/server.cjs')], { encoding: 'utf8' });
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

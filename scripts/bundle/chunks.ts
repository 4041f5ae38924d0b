import { isBuiltin } from 'node:module';
import { dirname, posix, resolve, sep } from 'node:path';
import { build, type ImportKind, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { loadBuiltinsLate } from './late-builtins.ts';
import { nameDigests } from './name-digests.ts';
import { inDist, sharedOptions } from './options.ts';

export interface ProgramOptions {
  /** Absolute path of the program's source. */
  readonly entry: string;
  /** The name of its file in `dist/`, without ending. */
  readonly name: string;
  readonly root: string;
  readonly version: string;
}

export interface Bundle {
  /** Texts by path below `dist/`. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly metafiles: readonly Metafile[];
}

/**
 * Bundles a program so that what it imports dynamically lies in files of its own (`chunks/*.cjs`), which are read when
 * they are needed. esbuild splits ES modules only, so it is done in two steps:
 *
 * 1. One bundle of ES modules, split by esbuild. It puts every module into exactly one file, so that there is one
 *    instance of each class and constant, and `instanceof` holds between the program and its chunks.
 * 2. Each file becomes CommonJS. Those that the program needs from the start are joined with it into one file, which
 *    exports them by name; a chunk takes them from there. The program is the main module by then, so it is not run again.
 *
 * A package that the program's sources load late, by `import()` or `require`, becomes a chunk as a whole.
 */
export async function bundleWithChunks(options: ProgramOptions): Promise<Bundle> {
  const split = await splitIntoModules(options);
  const program = `${options.name}.js`;
  const eager = staticClosure(split.metafile, program);
  const lazy = [...split.texts.keys()].filter((path) => !eager.has(path));
  const result = await build({
    ...sharedOptions(options.root, options.version),
    format: 'cjs',
    minify: true,
    // A dynamic import becomes a `require` that is called late.
    supported: { 'dynamic-import': false },
    entryPoints: [
      ...[program, ...lazy].map((path) => ({ in: `split:${path}`, out: path.replace(/\.js$/, '') })),
      ...[...split.packages].map((name) => ({ in: name, out: packageChunk(name) })),
    ],
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    write: false,
    metafile: true,
    plugins: [nameDigests(), joinEagerModules({ ...split, eager, program, root: options.root })],
  });
  const texts = textsBelowDist(result.outputFiles, options.root);
  return {
    outputs: new Map([...texts].map(([path, text]) => [path, inDist(path, text)])),
    metafiles: [split.metafile, result.metafile],
  };
}

/** Texts of what esbuild would write, by path below `dist/`. */
export function textsBelowDist(files: readonly OutputFile[], root: string): ReadonlyMap<string, string> {
  const prefix = resolve(root, 'dist').length + 1;
  return new Map(files.map((file) => [file.path.slice(prefix).replaceAll('\\', '/'), file.text]));
}

interface SplitModules {
  readonly texts: ReadonlyMap<string, string>;
  readonly metafile: Metafile;
  /** The packages that are imported dynamically, which are left out. */
  readonly packages: ReadonlySet<string>;
}

async function splitIntoModules(options: ProgramOptions): Promise<SplitModules> {
  const packages = new Set<string>();
  const result = await build({
    ...sharedOptions(options.root, options.version),
    format: 'esm',
    splitting: true,
    entryPoints: { [options.name]: options.entry },
    chunkNames: 'chunks/[name]-[hash]',
    outdir: 'dist',
    write: false,
    metafile: true,
    plugins: [nameDigests(), leaveOutLatePackages(packages, options.entry), loadBuiltinsLate()],
  });
  const texts = [...textsBelowDist(result.outputFiles, options.root)].map(
    ([path, text]) => [path, withPlainRequire(text, packages)] as const,
  );
  return { texts: new Map(texts), metafile: result.metafile, packages };
}

/**
 * Leaves packages to the second step that the program's own sources load late, since a CommonJS package loses its
 * named exports when esbuild splits it off.
 */
function leaveOutLatePackages(found: Set<string>, entry: string): Plugin {
  const sources = dirname(entry) + sep;
  return {
    name: 'leave-out-late-packages',
    setup(pluginBuild) {
      pluginBuild.onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
        if (!isLate(kind) || isBuiltin(path) || !importer.startsWith(sources)) return undefined;
        found.add(path);
        return { path, external: true };
      });
    },
  };
}

function isLate(kind: ImportKind): boolean {
  return kind === 'dynamic-import' || kind === 'require-call';
}

/** In ES modules esbuild calls `require` by a stand-in, behind which the second step would not see the package. */
function withPlainRequire(text: string, packages: ReadonlySet<string>): string {
  let plain = text;
  for (const name of packages) plain = plain.replaceAll(`__require("${name}")`, `require("${name}")`);
  return plain;
}

function packageChunk(name: string): string {
  return `chunks/${name.replaceAll(/[^\w.-]+/g, '-')}`;
}

/** The file and all that it imports at its start, directly or not. */
function staticClosure(metafile: Metafile, start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const imported of metafile.outputs[`dist/${path}`]?.imports ?? []) {
      if (imported.kind === 'import-statement' && imported.external !== true) {
        waiting.push(imported.path.slice('dist/'.length));
      }
    }
  }
  return reached;
}

interface JoinOptions {
  readonly texts: ReadonlyMap<string, string>;
  /** The packages that are chunks of their own. */
  readonly packages: ReadonlySet<string>;
  /** The files that the program needs from the start, itself among them. */
  readonly eager: ReadonlySet<string>;
  readonly program: string;
  readonly root: string;
}

/** Reads the split modules from memory and decides for each import between two files what it becomes. */
function joinEagerModules({ texts, packages, eager, program, root }: JoinOptions): Plugin {
  const joined = [...eager].filter((path) => path !== program);
  const fileOf = (path: string): string => (eager.has(path) ? program : path);
  return {
    name: 'join-eager-modules',
    setup(pluginBuild) {
      pluginBuild.onResolve({ filter: /^split:/ }, ({ path }) => {
        const file = path.slice('split:'.length);
        return { path: file, namespace: file === program ? 'program' : 'split' };
      });
      pluginBuild.onResolve({ filter: /^\.\.?\//, namespace: 'program' }, ({ path }) => ({
        path: path.slice('./'.length),
        namespace: 'split',
      }));
      pluginBuild.onResolve({ filter: /^\.\.?\//, namespace: 'split' }, ({ path, importer }) => {
        const file = posix.join(posix.dirname(importer), path);
        if (!texts.has(file)) return undefined;
        if (!eager.has(file)) return { path: pathBetween(fileOf(importer), file), external: true };
        return { path: file, namespace: eager.has(importer) ? 'split' : 'from-program' };
      });
      pluginBuild.onResolve({ filter: /^[^./]/, namespace: 'split' }, ({ path, kind, importer }) => {
        if (!isLate(kind) || isBuiltin(path) || !packages.has(path)) return undefined;
        return { path: pathBetween(fileOf(importer), `${packageChunk(path)}.js`), external: true };
      });
      pluginBuild.onResolve({ filter: /^\.\.?\//, namespace: 'from-program' }, ({ path }) => ({
        path,
        external: true,
      }));
      pluginBuild.onLoad({ filter: /.*/, namespace: 'program' }, () => ({
        contents: [
          ...joined.map((path) => `export * as ${exportName(path)} from './${path}';`),
          `import './${program}';`,
        ].join('\n'),
      }));
      pluginBuild.onLoad({ filter: /.*/, namespace: 'split' }, ({ path }) => ({
        contents: texts.get(path) ?? '',
        resolveDir: root,
      }));
      pluginBuild.onLoad({ filter: /.*/, namespace: 'from-program' }, ({ path }) => ({
        contents: `module.exports = require('../${program.replace(/\.js$/, '.cjs')}').${exportName(path)};`,
      }));
    },
  };
}

/** How the built file of `from` names the built file of `to`. */
function pathBetween(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to).replace(/\.js$/, '.cjs');
  return path.startsWith('.') ? path : `./${path}`;
}

function exportName(path: string): string {
  return path.replace(/\.js$/, '').replaceAll(/\W/g, '_');
}

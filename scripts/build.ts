/** Writes `dist/`: the extension, the server with its lazily loaded chunks, and the workers, all as CommonJS. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { bundleWithChunks, textsBelowDist, type Bundle } from './bundle/chunks.ts';
import { nameDigests, requireNamedDigests } from './bundle/name-digests.ts';
import { nodeIsNewEnough } from './bundle/node-version.ts';
import { inDist, sharedOptions } from './bundle/options.ts';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');

export interface BuildResult {
  /** Bytes by path below `dist/`. */
  readonly files: ReadonlyMap<string, number>;
  /** What went into the bundles. */
  readonly metafiles: readonly Metafile[];
}

/** Builds everything anew. Nothing that an earlier build wrote is left. */
export async function buildAll(): Promise<BuildResult> {
  const version = await readVersion();
  const results = await Promise.all([bundleExtension(version), bundleServer(version), bundleWorkers(version)]);
  const outputs = new Map(results.flatMap((result) => [...result.outputs]));
  requireNamedDigests(results.flatMap((result) => result.metafiles));
  await rm(dist, { recursive: true, force: true });
  for (const [path, text] of outputs) {
    await mkdir(dirname(join(dist, path)), { recursive: true });
    await writeFile(join(dist, path), text);
  }
  return {
    files: new Map([...outputs].map(([path, text]) => [path, Buffer.byteLength(text)])),
    metafiles: results.flatMap((result) => result.metafiles),
  };
}

function bundleExtension(version: string): Promise<Bundle> {
  return bundle(version, {
    entryPoints: { extension: join(root, 'client/src/extension.ts') },
    external: ['vscode'],
  });
}

function bundleServer(version: string): Promise<Bundle> {
  return bundleWithChunks({ entry: join(root, 'server/src/main.ts'), name: 'server', root, version });
}

/**
 * Every file of `workers/` that is named as one is an entry point. Workers are bundles without chunks, because a chunk
 * shares its modules with the server's bundle, and loading that in a thread would start a second server.
 */
async function bundleWorkers(version: string): Promise<Bundle> {
  const folder = join(root, 'server/src/workers');
  const names = (await readdir(folder)).filter((name) => /-(?:worker|writer)\.ts$/.test(name));
  if (names.length === 0) return { outputs: new Map(), metafiles: [] };
  return bundle(version, {
    entryPoints: Object.fromEntries(names.map((name) => [`workers/${basename(name, '.ts')}`, join(folder, name)])),
  });
}

async function bundle(version: string, options: BuildOptions): Promise<Bundle> {
  const result = await build({
    ...sharedOptions(root, version),
    ...options,
    format: 'cjs',
    minify: true,
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    write: false,
    metafile: true,
    plugins: [nameDigests()],
  });
  const texts = textsBelowDist(result.outputFiles, root);
  const outputs = new Map([...texts].map(([path, text]) => [path, inDist(path, text)]));
  return { outputs, metafiles: [result.metafile] };
}

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const version: unknown = typeof manifest === 'object' && manifest !== null && Reflect.get(manifest, 'version');
  if (typeof version !== 'string') throw new Error('package.json has no version');
  return version;
}

async function main(): Promise<number> {
  if (!nodeIsNewEnough()) return 1;
  const started = performance.now();
  try {
    const { files } = await buildAll();
    for (const [path, bytes] of files) console.log(`dist/${path}  ${(bytes / 1000).toFixed(0)} kB`);
  } catch (error) {
    // esbuild has printed what it found, each with its place.
    if (!(error instanceof Error && 'errors' in error)) throw error;
    return 1;
  }
  console.log(`Built in ${(performance.now() - started).toFixed(0)} ms`);
  return 0;
}

if (import.meta.main) process.exitCode = await main();

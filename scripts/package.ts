/**
 * Makes `provender-VERSION.vsix` and `provender-VERSION.tgz` (server and command line), and checks what is in them.
 * A release is made with `--seed all.zip`, OSV's export of npm advisories: the extension then answers from the first
 * second, offline, as of the export's date. Without it there is no seed.
 */
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.ts';
import { entryNames } from './package/archive-entries.ts';
import { contentFaults } from './package/contents.ts';
import { thirdPartyNotices } from './package/third-party-notices.ts';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const NOTICES = 'THIRD_PARTY_NOTICES.txt';
const MAX_VSIX_BYTES = 1024 * 1024;
const MAX_SEEDED_BYTES = 4 * 1024 * 1024;
const SEED = join(root, 'resources/seed/advisories.db');

/** Builds and packs; answers the absolute paths of both packages. `seedExport` is OSV data that a seed is made of. */
export async function packAll(seedExport?: string): Promise<{ readonly vsix: string; readonly tarball: string }> {
  const { metafiles } = await buildAll();
  await makeSeed(seedExport);
  await writeFile(join(dist, NOTICES), await thirdPartyNotices(root, metafiles));
  const version = await readVersion();
  const vsix = join(root, `provender-${version}.vsix`);
  // Everything is bundled, so no dependencies are packed.
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false });
  const tarball = await packServer(version);
  await check(vsix, seedExport === undefined ? MAX_VSIX_BYTES : MAX_SEEDED_BYTES);
  return { vsix, tarball };
}

/** The server is published from a folder of its own, since its files lie in two places here. */
async function packServer(version: string): Promise<string> {
  const staging = await mkdtemp(join(tmpdir(), 'provender-package-'));
  try {
    await cp(dist, staging, { recursive: true, filter: (path) => !path.endsWith('extension.cjs') });
    await copyFile(join(root, 'server/package.json'), join(staging, 'package.json'));
    for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE']) await copyFile(join(root, name), join(staging, name));
    await promisify(execFile)('npm', ['pack', '--ignore-scripts', '--pack-destination', root], { cwd: staging });
    return join(root, `provender-${version}.tgz`);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Imports the export as the program itself would; an earlier seed goes away. */
async function makeSeed(seedExport: string | undefined): Promise<void> {
  await rm(dirname(SEED), { recursive: true, force: true });
  if (seedExport === undefined) return;
  await mkdir(dirname(SEED), { recursive: true });
  const command = ['advisories', 'import', resolve(seedExport), '--db', SEED, '--complete', 'npm'];
  const { stdout } = await promisify(execFile)(process.execPath, [join(dist, 'server.cjs'), ...command]);
  console.log(stdout.trim());
}

async function check(vsix: string, maxBytes: number): Promise<void> {
  const faults = contentFaults(await entryNames(vsix));
  const { size } = await stat(vsix);
  if (size > maxBytes) faults.push(`it has ${size} bytes, more than ${maxBytes}`);
  if (faults.length > 0) throw new Error(`The package is not as it should be:\n${faults.join('\n')}`);
}

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const version: unknown = typeof manifest === 'object' && manifest !== null && Reflect.get(manifest, 'version');
  if (typeof version !== 'string') throw new Error('package.json has no version');
  return version;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { seed: { type: 'string' } } });
  const { vsix, tarball } = await packAll(values.seed);
  for (const path of [vsix, tarball]) console.log(`${path}  ${((await stat(path)).size / 1000).toFixed(0)} kB`);
}

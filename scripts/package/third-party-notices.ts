import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** The licences of all packages that the bundles contain code of. */
export async function thirdPartyNotices(root: string, metafiles: readonly Metafile[]): Promise<string> {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const notices = await Promise.all([...folders].sort().map((folder) => noticeOf(join(root, folder))));
  return ['Provender contains code of these packages.', ...notices].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n';
}

/** The folder of the package that a bundled file belongs to: the innermost one, since packages can be nested. */
function packageFolder(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

async function noticeOf(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const title = `${field(manifest, 'name')} ${field(manifest, 'version')} (${field(manifest, 'license')})`;
  const file = (await readdir(folder)).sort().find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined ? `By ${author(manifest)}` : await readFile(join(folder, file), 'utf8');
  return `${title}\n\n${text.replaceAll('\r\n', '\n').trim()}`;
}

function field(manifest: unknown, name: string): string {
  const value: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, name) : undefined;
  if (typeof value !== 'string') throw new Error(`A bundled package does not say its ${name}`);
  return value;
}

function author(manifest: unknown): string {
  const value: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'author') : undefined;
  if (typeof value === 'string') return value;
  return field(value, 'name');
}

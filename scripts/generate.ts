/**
 * Writes what follows from tables in the code: the manifest's settings and activation events, the client's list of file
 * names, the pages on settings and ecosystems, the server's publish manifest, the embedded trust material. `--check` writes nothing and fails on drift.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ECOSYSTEMS } from '../server/src/ecosystems/all.ts';
import { ecosystemsPage, fileNamesModule } from './generate/ecosystem-texts.ts';
import { serverManifest, withGeneratedParts } from './generate/manifest.ts';
import { settingsPage } from './generate/setting-texts.ts';
import { trustTexts } from './generate/trust-texts.ts';

const root = resolve(import.meta.dirname, '..');

/** The generated files that do not say what the code says, with the text that they should have. */
export async function findDrift(): Promise<ReadonlyMap<string, string>> {
  const drift = new Map<string, string>();
  for (const [path, text] of await generateTexts()) {
    const wanted = await formatted(path, text);
    if ((await readText(path)) !== wanted) drift.set(path, wanted);
  }
  return drift;
}

/** Texts by path below the root, not yet formatted. */
async function generateTexts(): Promise<ReadonlyMap<string, string>> {
  const manifest: unknown = JSON.parse(await readText('package.json'));
  const published: unknown = JSON.parse(await readText('server/package.json'));
  return new Map([
    ['package.json', JSON.stringify(withGeneratedParts(manifest, ECOSYSTEMS), null, 2)],
    ['server/package.json', JSON.stringify(serverManifest(published, manifest), null, 2)],
    ['client/src/file-names.ts', fileNamesModule(ECOSYSTEMS)],
    ['docs/settings.md', settingsPage()],
    ['docs/ecosystems.md', ecosystemsPage(ECOSYSTEMS)],
    ...[...trustTexts()].map(([name, text]) => [`server/src/evidence/trust/${name}`, text] as const),
  ]);
}

async function formatted(path: string, text: string): Promise<string> {
  const filepath = join(root, path);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

async function readText(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8').catch(() => '');
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check');
  const drift = await findDrift();
  for (const [path, text] of drift) {
    if (isCheck) console.error(`${path} is out of date: run \`npm run generate\``);
    else await writeFile(join(root, path), text);
  }
  if (isCheck && drift.size > 0) process.exitCode = 1;
}

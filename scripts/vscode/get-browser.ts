import { access, constants, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { packVerified, provideTool, run, runNpm } from './tools-cache.ts';

const CHROMIUM_PACKAGE = '@sparticuz/chromium';
const CHROMIUM_VERSION = '153.0.0';
const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The page can reach this machine and nothing else; nothing asks, updates or phones home. */
export const BROWSER_FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

/**
 * The package's own configuration names fixed folders of Amazon's machines. This one finds the package's font
 * wherever it was unpacked, and the system's fonts, among which an editor's fixed-width one, where there are any.
 */
const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;

export interface Browser {
  readonly executablePath: string;
  /** What the browser needs in its environment, beyond what every program has. */
  readonly env: Readonly<Record<string, string>>;
}

/** Finds a Chromium: the one that CHROMIUM names, one on the PATH, or one out of the npm registry. */
export async function getBrowser(): Promise<Browser> {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return { executablePath: named, env: {} };
  const found = await findOnPath(SYSTEM_NAMES);
  return found === undefined ? fetchBrowser() : { executablePath: found, env: {} };
}

async function findOnPath(names: readonly string[]): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function fetchBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Set CHROMIUM to a Chromium or Chrome: one can be fetched for Linux x64 only');
  }
  const tool = await provideTool(`chromium-${CHROMIUM_VERSION}`, unpackBrowser);
  const unpacked = join(tool, 'unpacked');
  return {
    executablePath: join(unpacked, 'chromium'),
    // A bare machine lacks the libraries and fonts that the package brings along.
    env: { LD_LIBRARY_PATH: join(unpacked, 'al2023/lib'), FONTCONFIG_PATH: join(unpacked, 'fonts') },
  };
}

async function unpackBrowser(folder: string): Promise<void> {
  console.log(`Fetching ${CHROMIUM_PACKAGE}@${CHROMIUM_VERSION} (67 MB)`);
  const tarball = await packVerified(`${CHROMIUM_PACKAGE}@${CHROMIUM_VERSION}`, folder);
  // Without a manifest of its own npm would climb to the repository's and install there.
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await runNpm(['install', tarball, '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  const unpacked = join(folder, 'unpacked');
  await mkdir(unpacked);
  const program = `import chromium from '${CHROMIUM_PACKAGE}'; await chromium.executablePath();`;
  await run(process.execPath, ['--input-type=module', '--eval', program], folder, {
    ...process.env,
    // The package unpacks into the temporary folder and takes any `chromium` that lies there for its own.
    TMPDIR: unpacked,
    // It unpacks the system libraries only where it believes to run on Amazon's bare machines.
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  });
  await writeFile(join(unpacked, 'fonts/fonts.conf'), FONTS_CONF);
  for (const name of ['node_modules', tarball]) await rm(resolve(folder, name), { recursive: true, force: true });
  const made = await readdir(unpacked);
  if (!made.includes('chromium')) throw new Error(`${CHROMIUM_PACKAGE} unpacked no browser, only ${made.join(', ')}`);
}

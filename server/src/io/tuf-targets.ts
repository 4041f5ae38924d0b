import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Updater, type Fetcher } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';

import { SourceError } from '../core/evidence.ts';
import type { ReadTuf, TufRequest } from '../core/ports.ts';

/** The longest file that is taken, in bytes. Sigstore's are a tenth of it. */
const MAX_BYTES = 2_000_000;

/** No name that leads out of the folder. */
const METADATA_NAME = /^[\w%][\w.%-]*\.json$/;

/**
 * Reads targets as a client of TUF does: newer roots one by one, each signed by the one before, then timestamp, snapshot and
 * targets, none of them expired or older than at the reading before.
 * @see https://theupdateframework.github.io/specification/latest/#detailed-client-workflow
 */
export const readTuf: ReadTuf = async (request) => {
  // The library keeps its metadata in files. What is kept for good is the caller's.
  const folder = await mkdtemp(join(tmpdir(), 'provender-tuf-'));
  const source = new DownloadSource(request.download);
  try {
    return await readInto(folder, request, source);
  } catch (error) {
    if (source.failure !== undefined) throw source.failure;
    if (error instanceof SourceError) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new SourceError('bad-answer', `Sigstore's TUF repository cannot be trusted now: ${words}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function readInto(folder: string, { base, metadata, targets }: TufRequest, source: DownloadSource) {
  const targetFolder = join(folder, 'targets');
  await mkdir(targetFolder);
  for (const [name, text] of Object.entries(metadata)) {
    if (METADATA_NAME.test(name)) await writeFile(join(folder, name), text);
  }
  const updater = new Updater({
    metadataDir: folder,
    metadataBaseUrl: base,
    targetDir: targetFolder,
    targetBaseUrl: `${base}targets/`,
    fetcher: source,
  });
  await updater.refresh();
  const found: Record<string, string> = {};
  for (const name of targets) {
    const target = await updater.getTargetInfo(name);
    if (target === undefined) throw new Error(`there is no ${name}`);
    found[name] = await readFile(await updater.downloadTarget(target), 'utf8');
  }
  return { metadata: await textsIn(folder), targets: found };
}

async function textsIn(folder: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const name of await readdir(folder)) {
    if (METADATA_NAME.test(name)) texts[name] = await readFile(join(folder, name), 'utf8');
  }
  return texts;
}

/** Downloads by the caller's means, and remembers why one failed: the library turns some errors into sentences. */
class DownloadSource implements Fetcher {
  readonly #download: TufRequest['download'];
  failure: Error | undefined;

  constructor(download: TufRequest['download']) {
    this.#download = download;
  }

  async downloadFile<T>(url: string, maxLength: number, handler: (file: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'provender-tuf-'));
    try {
      const path = join(folder, 'target');
      await writeFile(path, await this.downloadBytes(url, maxLength));
      return await handler(path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async downloadBytes(url: string, maxLength: number): Promise<Buffer> {
    const bytes = await this.#ask(url, Math.min(maxLength, MAX_BYTES));
    // So it learns that there is no newer root.
    if (bytes === undefined) throw new DownloadHTTPError(`there is no ${url}`, 404);
    return Buffer.from(bytes);
  }

  async #ask(url: string, maxBytes: number): Promise<Uint8Array | undefined> {
    try {
      return await this.#download(url, maxBytes);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error), { cause: error });
      throw error;
    }
  }
}

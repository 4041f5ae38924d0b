import { appendFile, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { PartFile } from '../core/ports.ts';

/** Opens a download that may have been begun. Its validator lies in a file beside it. */
export async function openPartFile(path: string): Promise<PartFile> {
  const note = `${path}.version`;
  await mkdir(dirname(path), { recursive: true });
  let validator = await readFile(note, 'utf8').catch(() => undefined);
  let length = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (validator === undefined || length === 0) [validator, length] = [undefined, 0];
  return {
    path,
    get length() {
      return length;
    },
    get validator() {
      return validator;
    },
    async restart(next) {
      await rm(note, { force: true });
      await writeFile(path, '');
      await writeFile(note, next);
      [validator, length] = [next, 0];
    },
    async append(bytes) {
      try {
        await appendFile(path, bytes);
      } catch (error) {
        // A disk that is full may have taken a part of it.
        await truncate(path, length).catch(() => undefined);
        throw error;
      }
      length += bytes.length;
    },
    async remove() {
      await rm(path, { force: true });
      await rm(note, { force: true });
      [validator, length] = [undefined, 0];
    },
  };
}

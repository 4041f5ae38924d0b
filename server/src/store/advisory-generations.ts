import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../core/ports.ts';
import { openAdvisoryDatabase, type OpenAdvisoryDatabase } from './advisory-database.ts';
import { isUnfinished } from './build-advisory-database.ts';

export interface AdvisoryPlaces {
  /** The user's data folder. */
  readonly folder: string;
  /** A file to use in place of all others. */
  readonly explicit?: string | undefined;
  /** The generation that ships with the program. It need not exist. */
  readonly seed?: string | undefined;
}

/**
 * Opens the generation to use: the explicit file; else the newest that can be read, of those in the data folder and the
 * seed. Undefined when there is none. Throws a SourceError only for an explicit file, which nothing may stand in for.
 */
export function openAdvisories(places: AdvisoryPlaces, log: Log): OpenAdvisoryDatabase | undefined {
  if (places.explicit !== undefined) return openAdvisoryDatabase(places.explicit);
  const own = openFirst(generationPaths(places.folder), log);
  const seed = places.seed !== undefined && exists(places.seed) ? openFirst([places.seed], log) : undefined;
  if (own === undefined || seed === undefined) return own ?? seed;
  const [newer, older] = seed.builtAt > own.builtAt ? [seed, own] : [own, seed];
  older.close();
  return newer;
}

/** The generations in a data folder, newest first. Their names sort by time. */
export function generationPaths(folder: string): readonly string[] {
  const below = join(folder, 'advisories');
  return names(below)
    .filter((name) => GENERATION.test(name))
    .sort()
    .reverse()
    .map((name) => join(below, name));
}

/** A path for a new generation that sorts after all others, even when the clock was set back. */
export function newGenerationPath(folder: string, now: number): string {
  const newest = GENERATION.exec(generationPaths(folder)[0]?.split(/[\\/]/).at(-1) ?? '');
  const time = Math.max(now, Number(newest?.[1] ?? 0) + 1);
  return join(folder, 'advisories', `${String(time).padStart(14, '0')}-${randomBytes(4).toString('hex')}.db`);
}

/**
 * Removes generations that are no longer the newest, except one to fall back on, and files that an import left
 * unfinished over a day ago. What another process holds open on Windows stays until the next time.
 */
export function removeOldGenerations(folder: string, now: number): void {
  const below = join(folder, 'advisories');
  const dayAgo = now - 24 * 60 * 60 * 1_000;
  const abandoned = names(below)
    .filter(isUnfinished)
    .map((name) => join(below, name))
    .filter((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) < dayAgo);
  for (const path of [...generationPaths(folder).slice(2), ...abandoned]) {
    try {
      rmSync(path, { force: true });
    } catch {
      continue;
    }
  }
}

/** Milliseconds since the epoch in a fixed width, and something random for two imports at one moment. */
const GENERATION = /^(\d{14})-[0-9a-f]{8}\.db$/;

function openFirst(paths: readonly string[], log: Log): OpenAdvisoryDatabase | undefined {
  for (const path of paths) {
    try {
      return openAdvisoryDatabase(path);
    } catch (error) {
      log.warn(error instanceof Error ? error.message : String(error));
    }
  }
  return undefined;
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

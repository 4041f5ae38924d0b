import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  generationPaths,
  newGenerationPath,
  openAdvisories,
  removeOldGenerations,
  type AdvisoryPlaces,
} from '../../server/src/store/advisory-generations.ts';
import { AdvisoryDatabaseBuilder } from '../../server/src/store/build-advisory-database.ts';
import { record } from '../support/advisory-records.ts';
import { recordingLog } from '../support/recording-log.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');

let folder: string;
beforeEach(() => {
  folder = scratchFolder();
});

/** A generation with one advisory, which tells which one was opened. */
function build(target: string, id: string, now: number): string {
  const builder = new AdvisoryDatabaseBuilder({ target, now });
  builder.add(record(id));
  builder.finish({ complete: [] });
  return target;
}

const add = (id: string, now: number): string => build(newGenerationPath(folder, now), id, now);

function opened(places: Partial<AdvisoryPlaces> = {}, log = recordingLog()): string | undefined {
  const database = openAdvisories({ folder, ...places }, log);
  const id = database?.affected('npm', 'left-pad')[0]?.id;
  database?.close();
  return id;
}

describe('the generation to use', () => {
  it('is the newest in the data folder', () => {
    expect(opened()).toBeUndefined();
    add('GHSA-old', NOW);
    add('GHSA-new', NOW + 1_000);
    expect(opened()).toBe('GHSA-new');
  });

  it('is the last one made, also when the clock was set back', () => {
    add('GHSA-old', NOW);
    add('GHSA-new', NOW - 1_000_000);
    expect(opened()).toBe('GHSA-new');
  });

  it('is the one before when the newest is damaged, and the log names that', () => {
    add('GHSA-old', NOW);
    const newest = newGenerationPath(folder, NOW + 1_000);
    writeFileSync(newest, 'damaged');
    const log = recordingLog();
    expect(opened({}, log)).toBe('GHSA-old');
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain(basename(newest));
  });

  it('is the seed where there is no newer one', () => {
    const seed = build(join(folder, 'seed.db'), 'GHSA-seed', NOW);
    expect(opened({ seed })).toBe('GHSA-seed');
    add('GHSA-own', NOW - 1_000);
    expect(opened({ seed })).toBe('GHSA-seed');
    add('GHSA-newer', NOW + 1_000);
    expect(opened({ seed })).toBe('GHSA-newer');
  });

  it('is none when the seed does not exist, without a word', () => {
    const log = recordingLog();
    expect(opened({ seed: join(folder, 'seed.db') }, log)).toBeUndefined();
    expect(log.lines).toEqual([]);
  });

  it('is the explicit file or none at all', () => {
    add('GHSA-own', NOW);
    const explicit = build(join(folder, 'mine.db'), 'GHSA-mine', NOW - 1_000);
    expect(opened({ explicit })).toBe('GHSA-mine');
    expect(() => opened({ explicit: join(folder, 'missing.db') })).toThrow('missing.db');
  });
});

describe('removing old generations', () => {
  it('keeps the newest and one to fall back on', () => {
    for (const index of [0, 1, 2, 3]) add(`GHSA-${index}`, NOW + index * 1_000);
    const [newest, before] = generationPaths(folder);
    removeOldGenerations(folder, NOW);
    expect(generationPaths(folder)).toEqual([newest, before]);
  });

  it('removes what a killed import left behind a day ago, and nothing else', () => {
    const below = join(folder, 'advisories');
    mkdirSync(below);
    for (const name of ['a.db.1-aa.unfinished', 'b.db.2-bb.unfinished', 'notes.txt'])
      writeFileSync(join(below, name), '');
    utimesSync(join(below, 'a.db.1-aa.unfinished'), NOW / 1_000 - 90_000, NOW / 1_000 - 90_000);
    utimesSync(join(below, 'b.db.2-bb.unfinished'), NOW / 1_000, NOW / 1_000);
    removeOldGenerations(folder, NOW);
    expect(readdirSync(below).sort()).toEqual(['b.db.2-bb.unfinished', 'notes.txt']);
  });

  it('does nothing where there are none', () => {
    removeOldGenerations(join(folder, 'missing'), NOW);
    expect(generationPaths(join(folder, 'missing'))).toEqual([]);
  });
});

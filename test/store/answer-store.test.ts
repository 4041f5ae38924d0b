import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Worker } from 'node:worker_threads';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AnswerStore, StoredAnswer } from '../../server/src/core/ports.ts';
import { openAnswerStore, type AnswerStoreOptions } from '../../server/src/store/answer-store.ts';
import { loadSqlite } from '../../server/src/store/probe-sqlite.ts';
import { recordingLog } from '../support/recording-log.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const WRITER = join(import.meta.dirname, '..', '..', 'server', 'src', 'workers', 'store-writer.ts');
const CHILD = join(import.meta.dirname, '..', 'support', 'store-child.ts');
const DAY = 24 * 60 * 60 * 1_000;

let folder: string;
let file: string;
let now: number;
beforeEach(() => {
  folder = scratchFolder();
  file = join(folder, 'evidence.db');
  now = Date.parse('2026-06-01T00:00:00Z');
});

function open(options: Partial<AnswerStoreOptions> = {}): AnswerStore {
  const store = openAnswerStore(folder, { clock: { now: () => now }, log: recordingLog(), ...options });
  onTestFinished(() => store.close());
  return store;
}

const answer = (body: string, fetchedAt = now): StoredAnswer => ({ body, etag: undefined, fetchedAt });

/** The file, seen by another program. */
function other() {
  const database = new (loadSqlite()!.DatabaseSync)(file);
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return database;
}

describe.each([
  ['this thread', undefined],
  ['a thread of its own', WRITER],
])('a store written by %s', (_, writerPath) => {
  it('has nothing at first, and makes no file for a read', () => {
    expect(open({ writerPath }).get('osv', 'left-pad')).toBeUndefined();
    expect(existsSync(file)).toBe(false);
  });

  it('gives back what was put, at once and in another process later', async () => {
    const store = open({ writerPath });
    const full = { body: '{"é":"😀"}', etag: 'W/"1"', fetchedAt: now };
    store.put('osv', 'left-pad', full);
    expect(store.get('osv', 'left-pad')).toEqual(full);
    await store.flush();
    expect(store.get('osv', 'left-pad')).toEqual(full);
    expect(open({ writerPath }).get('osv', 'left-pad')).toEqual(full);
    expect(store.get('osv', 'right-pad')).toBeUndefined();
    expect(store.get('npm', 'left-pad')).toBeUndefined();
  });

  it('keeps the last of several', async () => {
    const store = open({ writerPath });
    for (let index = 0; index < 50; index += 1) store.put('osv', 'a', answer(String(index)));
    expect(store.get('osv', 'a')?.body).toBe('49');
    await store.flush();
    expect(store.get('osv', 'a')?.body).toBe('49');
  });

  it('is not set back by a process that asked earlier', async () => {
    const [store, slow] = [open({ writerPath }), open({ writerPath })];
    store.put('osv', 'a', answer('new', now));
    await store.flush();
    slow.put('osv', 'a', answer('old', now - 1));
    await slow.flush();
    expect(store.get('osv', 'a')?.body).toBe('new');
  });

  it('gives a lease to one, until it runs out', async () => {
    const [store, second] = [open({ writerPath }), open({ writerPath })];
    expect(await store.lease('kev', 1_000)).toBe(true);
    expect(await second.lease('kev', 1_000)).toBe(false);
    expect(await store.lease('kev', 1_000)).toBe(false);
    expect(await second.lease('other', 1_000)).toBe(true);
    now += 1_000;
    expect(await second.lease('kev', 1_000)).toBe(true);
    expect(await store.lease('kev', 1_000)).toBe(false);
  });

  it('gives a lease that was given back to whoever asks next', async () => {
    const [store, second] = [open({ writerPath }), open({ writerPath })];
    expect(await store.lease('kev', 1_000)).toBe(true);
    await store.lease('kev', 0);
    expect(await second.lease('kev', 1_000)).toBe(true);
  });

  it('gives no second lease to one that asked earlier and comes later than another', async () => {
    const [store, slow] = [open({ writerPath }), open({ writerPath })];
    expect(await store.lease('kev', 1_000)).toBe(true);
    now -= 200;
    expect(await slow.lease('kev', 1_000)).toBe(false);
  });

  it('does not wait for a lease from the future, when the clock was set back', async () => {
    const store = open({ writerPath });
    expect(await store.lease('kev', 1_000)).toBe(true);
    now -= DAY;
    expect(await store.lease('kev', 1_000)).toBe(true);
  });

  it('forgets everything when it is cleared', async () => {
    const store = open({ writerPath });
    store.put('osv', 'a', answer('1'));
    await store.flush();
    store.put('osv', 'b', answer('2'));
    await store.lease('kev', 1_000);
    await store.clear();
    expect([store.get('osv', 'a'), store.get('osv', 'b')]).toEqual([undefined, undefined]);
    expect(await store.lease('kev', 1_000)).toBe(true);
    expect(open({ writerPath }).get('osv', 'a')).toBeUndefined();
  });

  it('forgets what is over ninety days old when it is opened', async () => {
    const store = open({ writerPath });
    store.put('osv', 'old', answer('1', now - 91 * DAY));
    store.put('osv', 'young', answer('2', now - 89 * DAY));
    await store.close();
    const later = open({ writerPath });
    later.put('osv', 'new', answer('3'));
    await later.flush();
    expect(['old', 'young', 'new'].map((key) => later.get('osv', key)?.body)).toEqual([undefined, '2', '3']);
  });

  it('sets a damaged file aside, says so, and begins a new one', async () => {
    writeFileSync(file, 'damaged '.repeat(2_000));
    const log = recordingLog();
    const store = open({ writerPath, log });
    expect(store.get('osv', 'a')).toBeUndefined();
    store.put('osv', 'a', answer('1'));
    await store.flush();
    expect(open({ writerPath }).get('osv', 'a')?.body).toBe('1');
    const aside = readdirSync(folder).filter((name) => name.includes('.damaged-'));
    expect(aside).toHaveLength(1);
    expect(readFileSync(join(folder, aside[0]!), 'utf8')).toMatch(/^damaged /);
    expect(log.lines).toEqual([`warn evidence.db was damaged; it is kept as ${aside[0]}, and a new one was begun`]);
  });

  it('falls back to memory when it cannot write, and says so once', async () => {
    writeFileSync(join(folder, 'blocked'), '');
    const log = recordingLog();
    const store = openAnswerStore(join(folder, 'blocked'), { clock: { now: () => now }, log, writerPath });
    store.put('osv', 'a', answer('1'));
    await store.flush();
    store.put('osv', 'b', answer('2'));
    await store.flush();
    expect([store.get('osv', 'a')?.body, store.get('osv', 'b')?.body]).toEqual(['1', '2']);
    expect([await store.lease('kev', 1_000), await store.lease('kev', 1_000)]).toEqual([true, false]);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatch(/^warn answers are kept in memory only, since evidence\.db cannot be written/);
    await store.clear();
    expect(store.get('osv', 'a')).toBeUndefined();
    await store.close();
  });
});

describe('a read', () => {
  it('is a miss while another process has the whole file locked, and waits for nothing', async () => {
    const store = open();
    store.put('osv', 'a', answer('1'));
    await store.close();
    const locker = other();
    locker.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    const reader = open();
    expect(reader.get('osv', 'a')).toBeUndefined();
    locker.exec('ROLLBACK');
    expect(reader.get('osv', 'a')?.body).toBe('1');
  });

  it('sees what another process wrote meanwhile', async () => {
    const [store, reader] = [open(), open()];
    expect(reader.get('osv', 'a')).toBeUndefined();
    store.put('osv', 'a', answer('1'));
    await store.flush();
    // A file that is missing is looked for again only after a moment.
    now += 1_000;
    expect(reader.get('osv', 'a')?.body).toBe('1');
    store.put('osv', 'a', answer('2'));
    await store.flush();
    expect(reader.get('osv', 'a')?.body).toBe('2');
  });

  it('finds what its own store wrote at once, although the file was missing a moment ago', async () => {
    const store = open();
    expect(store.get('osv', 'a')).toBeUndefined();
    store.put('osv', 'a', answer('1'));
    await store.flush();
    expect(store.get('osv', 'a')?.body).toBe('1');
  });

  it('that expects many answers gives the same ones, and what is put meanwhile', async () => {
    const [store, reader] = [open(), open()];
    const keys = ['a', 'b', '"', 'é', ''];
    keys.forEach((key) => store.put('osv', key, { ...answer(key), etag: key }));
    store.put('kev', 'c', answer('of another source'));
    await store.flush();
    const answers = (): unknown => [...keys, 'c', 'none'].map((key) => reader.get('osv', key));
    const before = answers();
    reader.expect?.('osv', [...keys, 'c', 'none']);
    expect(answers()).toEqual(before);
    reader.put('osv', 'none', answer('now'));
    expect(reader.get('osv', 'none')?.body).toBe('now');
    await reader.flush();
    expect(reader.get('osv', 'none')?.body).toBe('now');
  });

  it('that expected an answer in vain sees a moment later what another process wrote', async () => {
    const [store, reader] = [open(), open()];
    store.put('osv', 'a', answer('1'));
    await store.flush();
    reader.expect?.('osv', ['a', 'b']);
    store.put('osv', 'b', answer('2'));
    await store.flush();
    now += 1_000;
    expect(reader.get('osv', 'b')?.body).toBe('2');
  });

  it('after a preparation for writing finds nothing, and the file is there', async () => {
    const store = open();
    store.prepare?.();
    expect(await store.lease('job', 1_000)).toBe(true);
    expect(existsSync(file)).toBe(true);
    expect(store.get('osv', 'a')).toBeUndefined();
  });

  it('that meets damage has the file replaced', async () => {
    writeFileSync(file, 'damaged '.repeat(2_000));
    const log = recordingLog();
    const store = open({ log });
    expect(store.get('osv', 'a')).toBeUndefined();
    await new Promise((resolve) => setImmediate(resolve));
    expect(log.lines).toHaveLength(1);
    expect(existsSync(file)).toBe(false);
  });
});

it('keeps only the last damaged file', async () => {
  for (let round = 0; round < 3; round += 1) {
    writeFileSync(file, 'damaged '.repeat(2_000));
    now += 1_000;
    const store = open();
    store.put('osv', 'a', answer('1'));
    await store.close();
  }
  expect(readdirSync(folder).filter((name) => name.includes('.damaged-'))).toHaveLength(1);
});

it('leaves a file of a newer version alone', async () => {
  const newer = other();
  newer.exec('CREATE TABLE answers (x); PRAGMA user_version = 99');
  newer.close();
  const log = recordingLog();
  const store = open({ log });
  store.put('osv', 'a', answer('1'));
  await store.flush();
  expect(store.get('osv', 'a')?.body).toBe('1');
  expect(log.lines).toEqual([expect.stringContaining('belongs to a newer version')]);
});

it('reads from a folder that it may not write to', async () => {
  const store = open();
  store.put('osv', 'a', answer('1'));
  await store.close();
  other().exec('PRAGMA journal_mode = DELETE');
  chmodSync(file, 0o444);
  expect(open().get('osv', 'a')?.body).toBe('1');
});

it('starts the writer’s thread at the first write, and ends it when there is nothing to do', async () => {
  const started: Worker[] = [];
  const collect = (worker: Worker): void => void started.push(worker);
  process.on('worker', collect);
  onTestFinished(() => void process.off('worker', collect));
  const store = open({ writerPath: WRITER, idleMs: 1 });
  store.get('osv', 'a');
  expect(started).toHaveLength(0);
  for (const round of [1, 2]) {
    const threads = once(process, 'worker');
    store.put('osv', 'a', answer(String(round)));
    await threads;
    const ended = once(started[round - 1]!, 'exit');
    await store.flush();
    expect(await ended).toEqual([0]);
  }
  expect(started).toHaveLength(2);
  expect(store.get('osv', 'a')?.body).toBe('2');
});

it('ten processes at once lose nothing, and one of them gets the lease', async () => {
  mkdirSync(folder, { recursive: true });
  const reports = await Promise.all(Array.from({ length: 10 }, (_, index) => runChild(folder, `p${index}`)));
  expect(reports.filter(({ granted }) => granted)).toHaveLength(1);
  const store = open();
  for (let index = 0; index < 200; index += 1) {
    const name = `p${index % 10}`;
    expect(store.get('test', `${name}-${Math.floor(index / 10)}`)?.body).toBe(name);
  }
});

async function runChild(data: string, name: string): Promise<{ granted: boolean }> {
  const child = spawn(process.execPath, [CHILD, data, name], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  const [report, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(errors).toBe('');
  expect(await exit).toEqual([0, null]);
  const parsed: unknown = JSON.parse(report);
  return { granted: typeof parsed === 'object' && parsed !== null && 'granted' in parsed && parsed.granted === true };
}

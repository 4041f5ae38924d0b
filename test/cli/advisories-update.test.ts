import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { openAdvisories } from '../../server/src/store/advisory-generations.ts';
import type { OpenAdvisoryDatabase } from '../../server/src/store/advisory-database.ts';
import { osvText } from '../support/advisory-records.ts';
import { manyRecords, startExportServer, type ExportServer } from '../support/export-server.ts';
import { recordingLog } from '../support/recording-log.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const SERVER = resolve(import.meta.dirname, '../../dist/server.cjs');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly kill: () => void;
  readonly ended: Promise<Ended>;
}

/** The built program in a data folder of its own, with the export on loopback. */
async function machine(): Promise<{
  readonly data: string;
  readonly exported: ExportServer;
  readonly start: () => Running;
  readonly update: () => Promise<Ended>;
  readonly database: () => OpenAdvisoryDatabase | undefined;
}> {
  const data = scratchFolder();
  const exported = await startExportServer();
  onTestFinished(() => exported.server.close());
  const start = (): Running => {
    const words = [SERVER, 'advisories', 'update', '--host', `osv-export=${exported.server.base}`];
    const child = spawn(process.execPath, words, { env: { ...process.env, PROVENDER_DATA: data } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, stdout, stderr })));
    return { kill: () => child.kill('SIGKILL'), ended };
  };
  const database = (): OpenAdvisoryDatabase | undefined => {
    const open = openAdvisories({ folder: data }, recordingLog());
    if (open !== undefined) onTestFinished(() => open.close());
    return open;
  };
  return { data, exported, start, update: () => start().ended, database };
}

function counts(database: OpenAdvisoryDatabase | undefined): unknown {
  const [npm] = database?.info.ecosystems ?? [];
  return npm && { advisories: npm.advisories, complete: npm.complete };
}

function asked({ server }: ExportServer): string[] {
  return server.requests.map(({ path }) => path.replace('/npm/', ''));
}

describe('provender advisories update', () => {
  it('takes the whole export the first time, and then what has changed, malware first', async () => {
    const { exported, update, database } = await machine();
    exported.publish(manyRecords(50));
    expect(await update()).toEqual({
      code: 0,
      stdout: '50 advisories from the whole export, up to 2026-01-01T00:49:00.000Z\n',
      stderr: '',
    });
    expect(counts(database())).toEqual({ advisories: 50, complete: true });
    expect((await update()).stdout).toBe('Up to date: nothing has changed since 2026-01-01T00:49:00.000Z\n');
    const before = asked(exported).length;
    exported.publish([
      ...manyRecords(52).slice(1),
      { id: 'GHSA-000000', modified: '2026-01-02T00:00:00Z', withdrawn: '2026-01-02T00:00:00Z' },
      { id: 'MAL-2026-1', modified: '2026-01-01T01:00:00Z' },
    ]);
    expect((await update()).stdout).toBe('3 advisories changed (1 withdrawn), up to 2026-01-02T00:00:00.000Z\n');
    expect(asked(exported).slice(before)).toHaveLength(5);
    expect(asked(exported)[before + 1]).toBe('MAL-2026-1.json');
    const open = database();
    expect(counts(open)).toEqual({ advisories: 52, complete: true });
    expect(open?.advisory('GHSA-000000')).toBeUndefined();
    expect(open?.affected('npm', 'package-MAL-2026-1')).toHaveLength(1);
  });

  it('keeps what was imported by hand when the whole export is taken', async () => {
    const { data, exported, update, database } = await machine();
    const ours = join(data, 'ours.jsonl');
    writeFileSync(
      ours,
      osvText('OURS-1', { affected: [{ package: { ecosystem: 'npm', name: 'ours' }, versions: ['1.0.0'] }] }),
    );
    const words = [SERVER, 'advisories', 'import', ours];
    spawnSync(process.execPath, words, { env: { ...process.env, PROVENDER_DATA: data } });
    exported.publish(manyRecords(10));
    expect((await update()).code).toBe(0);
    const open = database();
    expect(counts(open)).toEqual({ advisories: 11, complete: true });
    expect(open?.affected('npm', 'ours')).toHaveLength(1);
    expect(open?.info.ecosystems[0]?.packages).toBe(11);
  });

  it('goes on with a download that was cut, and begins anew for another version of it', async () => {
    const { data, exported, update, database } = await machine();
    exported.publish(manyRecords(30));
    await update();
    const whole = exported.server.requests.find(({ path }) => path.endsWith('all.zip'));
    expect(whole?.headers.range).toBe('bytes=0-8388607');
    // As a program leaves it that ended in the middle.
    const folder = join(data, 'downloads');
    rmSync(join(data, 'advisories'), { recursive: true });
    writeFileSync(join(folder, 'npm-all.zip'), Buffer.alloc(100));
    writeFileSync(join(folder, 'npm-all.zip.version'), '"v0"');
    expect((await update()).code).toBe(0);
    const ranges = exported.server.requests
      .filter(({ path }) => path.endsWith('all.zip'))
      .map(({ headers }) => headers);
    expect(ranges.at(1)).toMatchObject({ range: 'bytes=100-8388707', 'if-range': '"v0"' });
    expect(counts(database())).toEqual({ advisories: 30, complete: true });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('reads a server that sends whole files only', async () => {
    const { exported, update, database } = await machine();
    exported.publish(manyRecords(10));
    exported.ignoresRanges = true;
    expect((await update()).code).toBe(0);
    expect(counts(database())).toEqual({ advisories: 10, complete: true });
  });

  it.each([
    ['a server that is down', { kind: 'answer', status: 503 }],
    ['a server that knows no export', { kind: 'answer', status: 404 }],
    ['what is no zip', { kind: 'answer', body: 'no zip' }],
    ['a connection that breaks', { kind: 'reset' }],
    ['a body that is cut', { kind: 'truncated', body: 'PK' }],
  ] as const)('leaves the database as it was for %s', async (_, behavior) => {
    const { exported, update, database } = await machine();
    exported.publish(manyRecords(10));
    await update();
    const before = database();
    exported.publish(manyRecords(6_000, 10));
    exported.interfere = ({ path }) => (path.endsWith('all.zip') ? behavior : undefined);
    const { code, stderr } = await update();
    expect(code).toBe(2);
    expect(stderr).toContain('provender: ');
    expect(stderr).not.toContain('internal error');
    expect(counts(database())).toEqual(counts(before));
  });

  it('does not take the page of somebody else for a record, and the database for newer than what it has', async () => {
    const { exported, update, database } = await machine();
    exported.publish(manyRecords(10));
    await update();
    expect(database()?.info.ecosystems[0]?.asOf).toBe(Date.parse('2026-01-01T00:09:00Z'));
    exported.publish(manyRecords(13));
    const pages = ['<html>please log in</html>', osvText('GHSA-elsewhere')];
    exported.interfere = ({ path }) => {
      const at = ['GHSA-000010.json', 'GHSA-000011.json'].findIndex((name) => path.endsWith(name));
      return at === -1 ? undefined : { kind: 'answer', body: pages[at] ?? '' };
    };
    expect((await update()).stdout).toContain('1 advisory changed (2 could not be fetched');
    const open = database();
    expect(counts(open)).toEqual({ advisories: 11, complete: true });
    // Not as of the change that was read: an earlier one is missing.
    expect(open?.info.ecosystems[0]?.asOf).toBe(Date.parse('2026-01-01T00:09:00Z'));
    exported.interfere = () => undefined;
    await update();
    expect(counts(database())).toEqual({ advisories: 13, complete: true });
  });

  it('bears changes of which nothing is left, and times to come', async () => {
    const { exported, update, database } = await machine();
    exported.publish(manyRecords(10));
    await update();
    const body = '2099-01-01T00:00:00Z,GHSA-000003\n2026-01-01T01:00:00Z,GHSA-removed\n';
    exported.interfere = ({ path }) => (path.endsWith('.csv') ? { kind: 'answer', body } : undefined);
    expect((await update()).code).toBe(0);
    exported.interfere = () => undefined;
    // Later than the time to come would have let through.
    exported.publish([...manyRecords(10), { id: 'MAL-2026-1', modified: new Date(Date.now() + 1_000).toISOString() }]);
    expect((await update()).code).toBe(0);
    expect(database()?.affected('npm', 'package-MAL-2026-1')).toHaveLength(1);
  });

  it('asks again for changes that it could not read', async () => {
    const { exported, update, database } = await machine();
    exported.publish(manyRecords(10));
    await update();
    exported.publish(manyRecords(13));
    exported.interfere = ({ path }) =>
      path.endsWith('GHSA-000011.json') ? { kind: 'answer', status: 500, body: 'down' } : undefined;
    const part = await update();
    expect(part.code).toBe(2);
    expect(part.stdout).toContain('2 advisories changed (1 could not be fetched and will be asked for again)');
    exported.interfere = () => undefined;
    expect((await update()).code).toBe(0);
    expect(counts(database())).toEqual({ advisories: 13, complete: true });
  });

  it('bears a list of changes that is out of order, with lines that mean nothing', async () => {
    const { exported, update, database } = await machine();
    exported.publish(manyRecords(10));
    await update();
    exported.publish(manyRecords(12));
    const lines = manyRecords(12).map(({ id, modified }) => `${modified},${id}`);
    const body = ['', 'time,id', ...lines, 'nonsense', '2026-13-45T00:00:00Z,GHSA-x', `${lines[11] ?? ''}\r`].join(
      '\n',
    );
    exported.interfere = ({ path }) => (path.endsWith('.csv') ? { kind: 'answer', body } : undefined);
    expect((await update()).stdout).toContain('2 advisories changed');
    expect(counts(database())).toEqual({ advisories: 12, complete: true });
  });

  it('is one process at a time', async () => {
    const { exported, start } = await machine();
    exported.publish(manyRecords(10));
    const { promise, resolve: open } = Promise.withResolvers<undefined>();
    const reached = Promise.withResolvers<undefined>();
    exported.interfere = ({ path }) => {
      if (!path.endsWith('.csv')) return undefined;
      reached.resolve(undefined);
      return { kind: 'gate', gate: promise, body: '2026-01-01T00:00:00Z,GHSA-000000\n' };
    };
    const first = start();
    await reached.promise;
    const second = await start().ended;
    expect(second).toMatchObject({ code: 0, stdout: '' });
    expect(second.stderr).toContain('Another process is updating the database');
    open(undefined);
    expect((await first.ended).code).toBe(0);
  });

  it('never loses the database, however often it is killed', { timeout: 240_000 }, async () => {
    const { data, exported, start, update, database } = await machine();
    let published = 300;
    exported.publish(manyRecords(published));
    await update();
    const took: number[] = [];
    let least = 300;
    let killed = 0;
    for (let round = 0; round < KILLS; round++) {
      forgetLease(data);
      exported.publish(manyRecords((published += 5)));
      const begun = performance.now();
      const { kill, ended } = start();
      // At a random moment of the time that an update takes; the first few are let run.
      const moment = Math.random() * (took.length === 0 ? 400 : Math.max(...took));
      const timer = round < 3 ? undefined : setTimeout(kill, moment);
      const { code } = await ended;
      clearTimeout(timer);
      if (code === 0) took.push(performance.now() - begun);
      else killed++;
      const open = openAdvisories({ folder: data }, recordingLog());
      const [npm] = open?.info.ecosystems ?? [];
      const context = `round ${String(round)}, killed after ${String(Math.round(moment))} ms`;
      expect(npm, context).toMatchObject({ complete: true });
      expect(npm?.advisories, context).toBeGreaterThanOrEqual(least);
      expect(open?.affected('npm', 'package-GHSA-000299'), context).toHaveLength(1);
      least = npm?.advisories ?? least;
      open?.close();
    }
    await update();
    forgetLease(data);
    expect((await update()).code).toBe(0);
    expect(counts(database())).toEqual({ advisories: published, complete: true });
    expect(killed).toBeGreaterThan(KILLS / 4);
  });
});

/** The mark of a process that was killed keeps the next one waiting for a minute. */
function forgetLease(data: string): void {
  for (const name of readdirSync(data).filter((each) => each.startsWith('evidence.db'))) rmSync(join(data, name));
}

/** Of the process, at random moments. */
const KILLS = 200;

import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AdvisoryRecord } from '../../server/src/core/advisory.ts';
import { openAdvisoryDatabase, type OpenAdvisoryDatabase } from '../../server/src/store/advisory-database.ts';
import { AdvisoryDatabaseBuilder, type Completeness } from '../../server/src/store/build-advisory-database.ts';
import { loadSqlite } from '../../server/src/store/probe-sqlite.ts';
import { advisory, affected, record } from '../support/advisory-records.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');

interface Build {
  readonly target: string;
  readonly previous?: string;
  readonly records: readonly AdvisoryRecord[];
  readonly completeness?: Completeness;
}

function build({ target, previous, records, completeness = { complete: [] } }: Build): AdvisoryDatabaseBuilder {
  const builder = new AdvisoryDatabaseBuilder({ target, now: NOW, ...(previous !== undefined && { previous }) });
  for (const each of records) builder.add(each);
  builder.finish(completeness);
  return builder;
}

/** Opens it for one look, so that no file stays open. */
function look<T>(path: string, at: (database: OpenAdvisoryDatabase) => T): T {
  const database = openAdvisoryDatabase(path);
  try {
    return at(database);
  } finally {
    database.close();
  }
}

const idsOf = (path: string, name = 'left-pad'): readonly string[] =>
  look(path, (database) => database.affected('npm', name).map(({ id }) => id));

function modified(id: string, date: string, more: Partial<AdvisoryRecord> = {}): AdvisoryRecord {
  return { ...record(id), advisory: advisory(id, { modified: date, summary: `as of ${date}` }), ...more };
}

let folder: string;
let target: string;
beforeEach(() => {
  folder = scratchFolder();
  target = join(folder, 'advisories.db');
});

describe('a generation', () => {
  it('answers the same after names as when it was told to expect them', () => {
    build({ target, records: [record('GHSA-a'), { ...record('GHSA-b'), affected: [affected('>=0', { name: 'é' })] }] });
    look(target, (database) => {
      const names = ['left-pad', 'right-pad', 'é', 'è', '"', '__proto__', ''];
      const answers = (): unknown => names.map((name) => database.affected('npm', name).map(({ id }) => id));
      const before = answers();
      database.expect('npm', names);
      expect(answers()).toEqual(before);
      database.expect('Maven', names);
      expect(answers()).toEqual(before);
      expect(before).toEqual([['GHSA-a'], [], ['GHSA-b'], [], [], [], []]);
    });
  });

  it('gives back what was put into it', () => {
    const full: AdvisoryRecord = {
      advisory: advisory('GHSA-a', {
        aliases: ['CVE-1'],
        published: '2026-01-01',
        cvss: { version: '3.1', score: 9.8, vector: 'CVSS:3.1/…' },
        cwes: ['CWE-1'],
        references: ['https://advisory.example/'],
      }),
      withdrawn: undefined,
      affected: [
        affected('>=0 <1.0.0, >=2.0.0 <=2.1.0', { lastKnownAffected: '< 3' }),
        affected('', {
          versions: ['1.0.0'],
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { limit: '9' }] }],
        }),
        affected('>=0', { name: '__proto__' }),
        affected('>=0', { ecosystem: 'PyPI' }),
      ],
    };
    build({ target, records: [full, record('MAL-1')] });
    look(target, (database) => {
      expect(database.advisory('GHSA-a')).toEqual(full.advisory);
      expect(database.advisory('GHSA-a')).toBe(database.advisory('GHSA-a'));
      expect(database.advisory('MAL-1')?.kind).toBe('malware');
      const found = database.affected('npm', 'left-pad').filter(({ id }) => id === 'GHSA-a');
      expect(found.map((entry) => entry.affected)).toEqual(full.affected.slice(0, 2));
      expect(database.affected('npm', '__proto__')).toEqual([{ id: 'GHSA-a', affected: full.affected[2] }]);
      expect(database.affected('PyPI', 'left-pad')).toEqual([{ id: 'GHSA-a', affected: full.affected[3] }]);
    });
  });

  it('knows nothing of other names and ecosystems', () => {
    build({ target, records: [record('GHSA-a')] });
    look(target, (database) => {
      expect(database.affected('npm', 'Left-Pad')).toEqual([]);
      expect(database.affected('Maven', 'left-pad')).toEqual([]);
      expect(database.advisory('GHSA-b')).toBeUndefined();
    });
  });

  it('says what it holds, and as of when', () => {
    const old = modified('GHSA-a', '2026-02-01T00:00:00Z');
    const records = [old, modified('GHSA-b', '2026-03-01T00:00:00Z', { affected: [affected('>=0', { name: 'b' })] })];
    build({ target, records, completeness: { complete: ['npm', 'PyPI'] } });
    look(target, ({ info, builtAt }) => {
      const npm = { name: 'npm', complete: true, asOf: Date.parse('2026-03-01'), advisories: 2, packages: 2 };
      expect(info).toEqual({ label: 'advisories.db', ecosystems: [npm] });
      expect(builtAt).toBe(NOW);
    });
  });

  it('is never newer than now, whatever date a record has', () => {
    build({ target, records: [modified('GHSA-a', '9999-01-01T00:00:00Z')] });
    expect(look(target, ({ info }) => info.ecosystems[0]?.asOf)).toBe(NOW);
  });
});

describe('adding a record', () => {
  it('replaces an older one of its id, and is replaced by none', () => {
    const newer = modified('GHSA-a', '2026-02-01T00:00:00Z', { affected: [affected('>=0', { name: 'other' })] });
    const older = modified('GHSA-a', '2026-01-01T00:00:00Z');
    for (const records of [
      [older, newer],
      [newer, older],
    ]) {
      build({ target, records });
      expect(idsOf(target, 'other')).toEqual(['GHSA-a']);
      expect(idsOf(target)).toEqual([]);
      expect(look(target, (database) => database.advisory('GHSA-a')?.summary)).toBe('as of 2026-02-01T00:00:00Z');
    }
  });

  it('that is withdrawn removes it, and keeps older copies out', () => {
    const sound = modified('GHSA-a', '2026-01-01T00:00:00Z');
    const withdrawn = modified('GHSA-a', '2026-02-01T00:00:00Z', { withdrawn: '2026-02-01T00:00:00Z' });
    for (const records of [
      [sound, withdrawn],
      [withdrawn, sound],
    ]) {
      build({ target, records: [...records, record('GHSA-b')] });
      expect(idsOf(target)).toEqual(['GHSA-b']);
      expect(look(target, (database) => database.advisory('GHSA-a'))).toBeUndefined();
      expect(look(target, ({ info }) => info.ecosystems[0]?.advisories)).toBe(1);
    }
  });
});

describe('extending a generation', () => {
  const first = (): string => {
    const path = join(folder, 'first.db');
    build({ target: path, records: [modified('GHSA-a', '2026-01-01T00:00:00Z')], completeness: { complete: ['npm'] } });
    return path;
  };

  it('keeps what it had', () => {
    build({ target, previous: first(), records: [record('GHSA-b')] });
    expect(idsOf(target)).toEqual(['GHSA-a', 'GHSA-b']);
  });

  it.each([10, 4_000])('by %d records holds what it had, in their newest form, and counts it', (count) => {
    const named = (index: number, date: string): AdvisoryRecord =>
      modified(`GHSA-${String(index).padStart(5, '0')}`, date, {
        affected: [affected('>=0', { name: `package-${String(index % 3_000)}` })],
      });
    const all = (from: number, date: string) => Array.from({ length: count }, (_, index) => named(from + index, date));
    const previous = join(folder, 'many.db');
    build({ target: previous, records: [...all(0, '2026-01-01T00:00:00Z'), record('GHSA-x')] });
    const half = count / 2;
    const gone = { ...named(half, '2026-03-01T00:00:00Z'), withdrawn: '2026-03-01T00:00:00Z' };
    build({ target, previous, records: [...all(half, '2026-02-01T00:00:00Z'), gone].reverse() });
    look(target, (database) => {
      for (let index = 0; index < half + count; index++) {
        const { advisory } = named(index, `2026-0${index < half ? 1 : 2}-01T00:00:00Z`);
        const isGone = index === half;
        expect(database.advisory(advisory.id)?.summary, advisory.id).toBe(isGone ? undefined : advisory.summary);
        const found = database.affected('npm', `package-${String(index % 3_000)}`).map(({ id }) => id);
        expect(found.includes(advisory.id), advisory.id).toBe(!isGone);
      }
      expect(database.affected('npm', 'left-pad').map(({ id }) => id)).toEqual(['GHSA-x']);
      const total = half + count - 1;
      const packages = new Set(Array.from({ length: half + count }, (_, index) => index % 3_000));
      if (total < 3_000) packages.delete(half);
      expect(database.info.ecosystems).toMatchObject([{ advisories: total + 1, packages: packages.size + 1 }]);
    });
  });

  it('keeps it complete as of then, since a few newer records make the rest no newer', () => {
    build({ target, previous: first(), records: [modified('GHSA-b', '2026-05-01T00:00:00Z')] });
    const [npm] = look(target, ({ info }) => info.ecosystems);
    expect(npm).toMatchObject({ complete: true, asOf: Date.parse('2026-01-01') });
  });

  it('with everything makes it complete as of now', () => {
    const records = [modified('GHSA-b', '2026-05-01T00:00:00Z')];
    const asOf = Date.parse('2026-05-02');
    build({ target, previous: first(), records, completeness: { complete: ['npm'], asOf } });
    expect(look(target, ({ info }) => info.ecosystems[0])).toMatchObject({ complete: true, asOf });
  });

  it('begins anew when it cannot be read, and says why', () => {
    const damaged = join(folder, 'damaged.db');
    writeFileSync(damaged, 'this is no database'.repeat(100));
    const builder = build({ target, previous: damaged, records: [record('GHSA-b')] });
    expect(builder.previousTrouble).toContain('not a database');
    expect(idsOf(target)).toEqual(['GHSA-b']);
  });

  it('may go to the file that it extends', () => {
    build({ target, records: [record('GHSA-a')] });
    build({ target, previous: target, records: [record('GHSA-b')] });
    expect(idsOf(target)).toEqual(['GHSA-a', 'GHSA-b']);
  });
});

describe('until it is finished', () => {
  it('the old generation is in use, also by a reader that opened it before', () => {
    build({ target, records: [record('GHSA-a')] });
    const reader = openAdvisoryDatabase(target);
    const builder = new AdvisoryDatabaseBuilder({ target, now: NOW });
    builder.add(record('GHSA-b'));
    expect(idsOf(target)).toEqual(['GHSA-a']);
    builder.finish({ complete: [] });
    expect(idsOf(target)).toEqual(['GHSA-b']);
    expect(reader.affected('npm', 'left-pad').map(({ id }) => id)).toEqual(['GHSA-a']);
    reader.close();
  });

  it('it can be given up without a trace', () => {
    const builder = new AdvisoryDatabaseBuilder({ target, now: NOW });
    builder.add(record('GHSA-a'));
    builder.discard();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['is missing', () => undefined],
    ['is empty', () => writeFileSync(target, '')],
    ['is no database', () => writeFileSync(target, 'x'.repeat(5_000))],
  ])('because it %s is refused', (_, prepare) => {
    prepare();
    expect(() => openAdvisoryDatabase(target)).toThrow(expect.objectContaining({ code: 'bad-answer' }));
    expect(existsSync(target)).toBe(readdirSync(folder).includes('advisories.db'));
  });

  it('because it is of another version is refused, with both versions', () => {
    build({ target, records: [record('GHSA-a')] });
    const bytes = readFileSync(target);
    bytes.writeUInt32BE(7, 60);
    writeFileSync(target, bytes);
    expect(() => openAdvisoryDatabase(target)).toThrow('it has version 7, this program reads 3');
  });

  it.each(['not JSON', '{}', '[[[["S","x","1.0.0"]],[],null]]', '[[[["?"]],[],null]]', '[null]'])(
    'because a row is %s never answers as if there were no advisory',
    (row) => {
      build({ target, records: [record('GHSA-a')] });
      const writer = new (loadSqlite()!.DatabaseSync)(target);
      writer.prepare('UPDATE affected SET lines = ?').run(`GHSA-a\t${row}\n`);
      writer.prepare('UPDATE advisory SET lines = ?').run(`GHSA-a\t0\t[]\t${row}\n`);
      writer.close();
      const damaged: unknown = expect.objectContaining({ code: 'bad-answer' });
      expect(() => look(target, (database) => database.affected('npm', 'left-pad'))).toThrow(damaged);
      expect(() => look(target, (database) => database.advisory('GHSA-a'))).toThrow(damaged);
    },
  );

  it.each(['', 'GHSA-a', 'GHSA-a\tx\t[]\t[]\n', 'GHSA-a\t0\t{}\t[]\n', 'GHSA-a\t0\t[1]\t[]\n', 'GHSA-a\t0\n'])(
    'because its lines are %j never answers as if there were no advisory',
    (lines) => {
      build({ target, records: [record('GHSA-a')] });
      const writer = new (loadSqlite()!.DatabaseSync)(target);
      writer.prepare('UPDATE affected SET lines = ?').run(lines);
      writer.prepare('UPDATE advisory SET lines = ?').run(lines);
      writer.close();
      const damaged: unknown = expect.objectContaining({ code: 'bad-answer' });
      expect(() => look(target, (database) => database.affected('npm', 'left-pad'))).toThrow(damaged);
    },
  );

  it('because its end is missing never answers as if there were no advisory', () => {
    const records = Array.from({ length: 3_000 }, (_, index) =>
      record(`GHSA-${index}`, '>=0', { affected: [affected('>=0', { name: `package-${index}` })] }),
    );
    build({ target, records });
    truncateSync(target, 40_960);
    const look = (): unknown => {
      const database = openAdvisoryDatabase(target);
      try {
        return records.map((_, index) => database.affected('npm', `package-${index}`).length);
      } finally {
        database.close();
      }
    };
    expect(look).toThrow(expect.objectContaining({ code: 'bad-answer' }));
  });
});

import { describe, expect, test } from 'vitest';
import { SourceError } from '../../server/src/core/evidence.ts';
import {
  HOSTS,
  knowledgeKit,
  localDatabase,
  osvRecord,
  policy,
  registryPackage,
  subject,
  type Kit,
  AFFECTED,
  LEFT,
  RIGHT,
  said,
} from '../support/fake-world.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryAnswers } from '../support/memory-answers.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * 60 * 60_000;

describe('three outcomes', () => {
  test('a finding, none known as of a time and source, or unknown', async () => {
    const kit = knowledgeKit(AFFECTED);
    expect(said(kit.knowledge.advisories(LEFT))).toBe('not-asked');
    await kit.refresh({ direct: [LEFT, RIGHT] });
    expect(kit.knowledge.advisories(LEFT)).toMatchObject({
      known: true,
      source: 'OSV.dev',
      asOf: kit.clock.now(),
      value: [{ advisory: { id: 'GHSA-left' }, fixed: '1.2.0' }],
    });
    expect(said(kit.knowledge.advisories(RIGHT))).toBe('none');
  });

  test.each([
    ['dns', 'api.example was not found by name'],
    ['timeout', 'api.example did not answer in time'],
    ['tls', 'api.example showed a certificate that is not trusted here'],
    ['too-large', 'api.example sent more than 40 MB'],
  ] as const)('a failed look-up is unknown, because of %s', async (code, reason) => {
    const kit = knowledgeKit({ osv: new SourceError(code, reason) });
    await kit.refresh({ direct: [LEFT] });
    expect(kit.knowledge.advisories(LEFT)).toEqual({ known: false, code, reason });
    expect(kit.knowledge.sources().find(({ name }) => name === 'OSV.dev')).toMatchObject({
      asOf: undefined,
      trouble: reason,
    });
  });

  test('while it is asked it is pending', async () => {
    const kit = knowledgeKit(AFFECTED);
    const refresh = kit.refresh({ direct: [LEFT] });
    expect(said(kit.knowledge.advisories(LEFT))).toBe('pending');
    await refresh;
    expect(said(kit.knowledge.advisories(LEFT))).toBe('GHSA-left');
  });

  test('a package without a version that can be looked up is unknown, and not asked', async () => {
    const kit = knowledgeKit();
    const odd = [subject('left@'), subject('left@file:../left'), subject('le ft@1.0.0')];
    await kit.refresh({ direct: [...odd, RIGHT] });
    expect(odd.map((one) => said(kit.knowledge.advisories(one)))).toEqual(['no-version', 'no-version', 'no-version']);
    expect(kit.sent()).toContain('osv.example right@1.0.0');
  });

  test('an advisory whose text cannot be read is told with its id', async () => {
    const kit = knowledgeKit({ osv: { 'left@1.0.0': ['GHSA-left', 'MAL-left'] }, records: {} });
    await kit.refresh({ direct: [LEFT] });
    const evidence = kit.knowledge.advisories(LEFT);
    expect(said(evidence)).toBe('MAL-left GHSA-left');
    expect(evidence.known && evidence.value.map(({ advisory }) => advisory.severity)).toEqual(['malware', 'unknown']);
  });

  test('OSV’s answer is checked against the record: a withdrawn one, and one capped below the version, are none', async () => {
    const capped = osvRecord('GHSA-capped', 'left', '1.0.0', {
      affected: [
        {
          package: { ecosystem: 'npm', name: 'left' },
          ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
          database_specific: { last_known_affected_version_range: '<= 0.9.0' },
        },
      ],
    });
    const withdrawn = osvRecord('GHSA-gone', 'left', '2.0.0', { withdrawn: '2026-01-02T00:00:00Z' });
    const kit = knowledgeKit({
      osv: { 'left@1.0.0': ['GHSA-capped', 'GHSA-gone'] },
      records: { 'GHSA-capped': capped, 'GHSA-gone': withdrawn },
    });
    await kit.refresh({ direct: [LEFT] });
    expect(said(kit.knowledge.advisories(LEFT))).toBe('none');
  });

  test('aliases are one match', async () => {
    const kit = knowledgeKit({
      osv: { 'left@1.0.0': ['GHSA-left', 'CVE-2024-1'] },
      records: {
        'GHSA-left': osvRecord('GHSA-left', 'left', '1.2.0', { aliases: ['CVE-2024-1'] }),
        'CVE-2024-1': osvRecord('CVE-2024-1', 'left', '1.2.0'),
      },
    });
    await kit.refresh({ direct: [LEFT] });
    expect(said(kit.knowledge.advisories(LEFT))).toBe('GHSA-left');
  });
});

describe('old answers', () => {
  test('are kept with their age when a refresh fails', async () => {
    const kit = knowledgeKit(AFFECTED);
    await kit.refresh({ direct: [LEFT] });
    const asOf = kit.clock.now();
    await kit.clock.advance(3 * DAY);
    kit.world.osv = new SourceError('dns', 'gone');
    await kit.refresh({ direct: [LEFT] });
    expect(kit.knowledge.advisories(LEFT)).toMatchObject({ known: true, asOf });
    expect(kit.knowledge.sources().find(({ name }) => name === 'OSV.dev')).toMatchObject({ asOf, trouble: 'gone' });
  });

  test('are shown offline', async () => {
    const clock = fakeClock();
    const answers = memoryAnswers(clock);
    await knowledgeKit(AFFECTED, { answers, clock }).refresh({ direct: [LEFT] });
    await clock.advance(3 * DAY);
    const { knowledge } = knowledgeKit({}, { answers, clock, network: 'off' });
    expect(said(knowledge.advisories(LEFT))).toBe('GHSA-left');
  });

  test('are replaced by new ones', async () => {
    const kit = knowledgeKit(AFFECTED);
    await kit.refresh({ direct: [LEFT] });
    expect(said(kit.knowledge.advisories(LEFT))).toBe('GHSA-left');
    await kit.clock.advance(HOUR);
    kit.world.osv = {};
    await kit.refresh({ direct: [LEFT] });
    expect(said(kit.knowledge.advisories(LEFT))).toBe('none');
  });

  test('of an overridden host are never taken for the usual host’s', async () => {
    const answers = memoryAnswers(fakeClock());
    const hosts = { ...HOSTS, osv: 'https://mirror.example/' };
    const mirrored = knowledgeKit({ packages: { querybatch: { results: [{}] } } }, { answers, hosts });
    await mirrored.refresh({ direct: [LEFT] });
    expect(said(mirrored.knowledge.advisories(LEFT))).toBe('none');
    expect(said(knowledgeKit({}, { answers }).knowledge.advisories(LEFT))).toBe('not-asked');
  });

  test('that are damaged count as never stored', async () => {
    const answers = memoryAnswers(fakeClock());
    const kit = knowledgeKit(AFFECTED, { answers });
    await kit.refresh({ direct: [LEFT] });
    for (const [key, answer] of answers.answers) {
      const [source = '', name = ''] = key.split('\n');
      answers.put(source, name, { ...answer, body: '{"broken' });
    }
    const { knowledge } = knowledgeKit({}, { answers });
    expect(said(knowledge.advisories(LEFT))).toBe('not-asked');
    expect(knowledge.kev(['CVE-2024-0001'])).toBeUndefined();
  });
});

describe('the local database', () => {
  const records = [osvRecord('GHSA-local', 'left', '1.2.0')];

  function kitWith(complete: boolean, ageMs: number, changes: Parameters<typeof knowledgeKit>[1] = {}): Kit {
    const clock = fakeClock();
    return knowledgeKit(AFFECTED, {
      clock,
      database: localDatabase(records, complete, clock.now() - ageMs),
      ...changes,
    });
  }

  test('that is complete and new answers for all, and OSV is not asked', async () => {
    const kit = kitWith(true, HOUR);
    await kit.refresh({ direct: [LEFT, RIGHT] });
    expect(kit.sent().filter((line) => line.startsWith('osv'))).toEqual([]);
    expect(kit.knowledge.advisories(LEFT)).toMatchObject({ source: 'npm.db', asOf: kit.clock.now() - HOUR });
    expect([said(kit.knowledge.advisories(LEFT)), said(kit.knowledge.advisories(RIGHT))]).toEqual([
      'GHSA-local',
      'none',
    ]);
  });

  test('that is a day old is shown until OSV has answered', async () => {
    const kit = kitWith(true, DAY);
    expect(said(kit.knowledge.advisories(LEFT))).toBe('GHSA-local');
    await kit.refresh({ direct: [LEFT] });
    expect(said(kit.knowledge.advisories(LEFT))).toBe('GHSA-left');
  });

  test('is used offline whatever its age', () => {
    const { knowledge } = kitWith(true, 400 * DAY, { network: 'off' });
    expect([said(knowledge.advisories(LEFT)), said(knowledge.advisories(RIGHT))]).toEqual(['GHSA-local', 'none']);
  });

  test('that is a sample knows only what it names', () => {
    const { knowledge } = kitWith(false, HOUR, { network: 'off' });
    expect(said(knowledge.advisories(LEFT))).toBe('GHSA-local');
    expect(said(knowledge.advisories(subject('left@1.2.0')))).toBe('none');
    expect(said(knowledge.advisories(RIGHT))).toBe('not-in-sample');
  });

  test('that is a sample does not keep OSV from being asked', async () => {
    const kit = kitWith(false, HOUR);
    await kit.refresh({ direct: [LEFT, RIGHT] });
    expect([said(kit.knowledge.advisories(LEFT)), said(kit.knowledge.advisories(RIGHT))]).toEqual([
      'GHSA-left',
      'none',
    ]);
  });

  test('is the only one that counts where the user chose it', async () => {
    const answers = memoryAnswers(fakeClock());
    await knowledgeKit(AFFECTED, { answers }).refresh({ direct: [LEFT, RIGHT] });
    const kit = kitWith(false, HOUR, { answers, source: 'offline' });
    await kit.refresh({ direct: [LEFT, RIGHT] });
    expect([said(kit.knowledge.advisories(LEFT)), said(kit.knowledge.advisories(RIGHT))]).toEqual([
      'GHSA-local',
      'not-in-sample',
    ]);
    expect(kit.sent().filter((line) => line.startsWith('osv'))).toEqual([]);
  });

  test('is asked for a withheld name, and its silence is no all-clear', () => {
    const { knowledge } = kitWith(true, HOUR);
    const withheld = { withheld: 'taken from another host' };
    expect(said(knowledge.advisories(subject('left@1.0.0', withheld)))).toBe('GHSA-local');
    expect(said(knowledge.advisories(subject('right@1.0.0', withheld)))).toBe('withheld');
  });

  test('gives the matches at hand while OSV is being asked', () => {
    const { knowledge } = kitWith(false, HOUR);
    expect(said(knowledge.advisories(LEFT))).toBe('not-asked');
    expect(knowledge.knownMatches(LEFT).map(({ advisory }) => advisory.id)).toEqual(['GHSA-local']);
  });

  test('that is damaged in the middle makes everything unknown, with the reason', async () => {
    const broken = (): never => {
      throw new SourceError('bad-answer', 'npm.db is damaged');
    };
    const database = { ...localDatabase([], true, fakeClock().now()), affected: broken, advisory: broken };
    const kit = knowledgeKit(AFFECTED, { database });
    expect(kit.knowledge.advisories(LEFT)).toEqual({ known: false, code: 'bad-answer', reason: 'npm.db is damaged' });
    expect(kit.knowledge.advisories(subject('left@1.0.0', { withheld: 'private' })).known).toBe(false);
    expect(kit.knowledge.knownMatches(LEFT)).toEqual([]);
    kit.knowledge.configure({ ...kit.configuration, source: 'online' });
    await kit.refresh({ direct: [LEFT] });
    expect(said(kit.knowledge.advisories(LEFT))).toBe('GHSA-left');
  });

  test('can be replaced', () => {
    const { knowledge, clock, configuration } = kitWith(true, HOUR);
    expect(said(knowledge.advisories(LEFT))).toBe('GHSA-local');
    knowledge.configure({ ...configuration, database: localDatabase([], true, clock.now()) });
    expect(said(knowledge.advisories(LEFT))).toBe('none');
  });
});

describe('learning a package in every version', () => {
  test('answers for versions that are not installed', async () => {
    const kit = knowledgeKit({
      osv: { left: ['GHSA-left'] },
      records: { 'GHSA-left': osvRecord('GHSA-left', 'left', '1.2.0') },
      packages: { left: registryPackage('left', [{ version: '1.2.0' }]) },
    });
    await kit.knowledge.learn(LEFT, policy(), new AbortController().signal);
    expect(kit.sent()).toEqual(['osv.example left', 'osv.example/v1/vulns/GHSA-left', 'registry.example/left']);
    expect([said(kit.knowledge.advisories(LEFT)), said(kit.knowledge.advisories(subject('left@1.2.0')))]).toEqual([
      'GHSA-left',
      'none',
    ]);
  });

  test('says nothing of any version when a record could not be read', async () => {
    const kit = knowledgeKit({
      osv: { left: ['GHSA-left'] },
      records: { 'GHSA-left': new SourceError('timeout', 'too slow') },
    });
    await kit.knowledge.learn(LEFT, policy(), new AbortController().signal);
    expect(kit.knowledge.advisories(subject('left@1.2.0'))).toEqual({
      known: false,
      code: 'timeout',
      reason: 'too slow',
    });
  });
});

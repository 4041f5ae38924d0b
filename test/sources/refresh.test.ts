import { describe, expect, test } from 'vitest';
import { SourceError } from '../../server/src/core/evidence.ts';
import {
  HOSTS,
  knowledgeKit,
  osvRecord,
  policy,
  PUBLIC_REGISTRY,
  refreshRequest,
  registryPackage,
  subject,
  AFFECTED,
  LEFT,
  RIGHT,
  said,
} from '../support/fake-world.ts';
import { fakeClock, settle } from '../support/fake-clock.ts';
import { memoryAnswers, sharedAnswers } from '../support/memory-answers.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * 60 * 60_000;

describe('what is sent', () => {
  test('withheld names never leave', async () => {
    const kit = knowledgeKit({
      packages: { left: registryPackage('left', [{}], { repository: 'github.com/acme/left' }) },
    });
    const secret = subject('@corp/secret@1.0.0', { withheld: 'it is private', isPublicRegistry: false });
    await kit.refresh({
      direct: [secret, LEFT],
      transitive: [secret],
      signatures: 'direct',
      health: true,
      force: true,
    });
    await kit.knowledge.learn(secret, policy(), new AbortController().signal);
    expect(JSON.stringify(kit.http.requests)).not.toContain('secret');
    expect(kit.knowledge.advisories(secret)).toEqual({ known: false, code: 'withheld', reason: 'it is private' });
    expect(kit.knowledge.registryPackage(secret)).toMatchObject({ code: 'withheld', reason: 'it is private' });
  });

  test.each([
    ['off', 'offline'],
    ['no-consent', 'not-asked'],
  ] as const)('nothing while the network is %s', async (network, code) => {
    const kit = knowledgeKit(AFFECTED, { network });
    await kit.refresh({ direct: [LEFT], signatures: 'direct', health: true, force: true });
    await kit.knowledge.learn(LEFT, policy(), new AbortController().signal);
    expect(kit.http.requests).toEqual([]);
    expect(said(kit.knowledge.advisories(LEFT))).toBe(code);
    expect(kit.knowledge.registryPackage(LEFT)).toMatchObject({ code });
    expect(kit.knowledge.scorecard('github.com/acme/left')).toMatchObject({ code });
  });

  test('nothing more when consent is taken back', async () => {
    const kit = knowledgeKit(AFFECTED);
    const refresh = kit.refresh({ direct: [LEFT] });
    kit.knowledge.configure({ ...kit.configuration, network: 'no-consent' });
    await refresh;
    expect(kit.sent()).not.toContain('osv.example/v1/vulns/GHSA-left');
    expect(said(kit.knowledge.advisories(LEFT))).toBe('not-asked');
  });

  test('the project’s packages to OSV, the direct ones to their registry, their repositories to Scorecard', async () => {
    const kit = knowledgeKit({
      ...AFFECTED,
      packages: { left: registryPackage('left', [{}], { repository: 'github.com/Acme/Left' }) },
    });
    await kit.refresh({ direct: [LEFT], transitive: [RIGHT], signatures: 'direct', health: true });
    expect(kit.sent()).toEqual([
      'kev.example/sites/default/files/feeds/known_exploited_vulnerabilities.json',
      'osv.example left@1.0.0',
      'osv.example right@1.0.0',
      'osv.example/v1/vulns/GHSA-left',
      'registry.example/left',
      'registry.example/left/1.0.0',
      'scorecard.example/projects/github.com/acme/left',
    ]);
  });

  test('no registry is asked where the policy says no, nor one that only a lockfile names', async () => {
    const kit = knowledgeKit();
    await kit.refresh({ direct: [LEFT], signatures: 'direct', policy: policy({ mayAsk: () => false }) });
    const elsewhere = subject('right@1.0.0', { registry: 'https://evil.example/', isPublicRegistry: false });
    await kit.refresh({ direct: [elsewhere], signatures: 'direct' });
    expect(kit.sent().filter((line) => !/^(osv|kev)\./.test(line))).toEqual([]);
    expect(kit.knowledge.signature(LEFT)).toMatchObject({ known: false, code: 'withheld' });
    expect(kit.knowledge.signature(elsewhere)).toMatchObject({ known: false, code: 'withheld' });
  });

  test('a private package is asked of its own registry, with that registry’s access', async () => {
    const kit = knowledgeKit({ packages: { '@corp/secret': registryPackage('@corp/secret', [{}]) } });
    const secret = subject('@corp/secret@1.0.0', {
      withheld: 'private',
      isPublicRegistry: false,
      registry: 'https://npm.corp.example/',
    });
    const connection = { ca: 'pem' };
    const access = (url: string) =>
      url.startsWith('https://npm.corp.example/')
        ? { headers: { authorization: 'Bearer token' }, connection }
        : { headers: {}, connection: undefined };
    await kit.refresh({
      direct: [secret],
      signatures: 'direct',
      health: true,
      policy: policy({ access, registryOf: () => secret.registry }),
    });
    const own = kit.http.requests.filter(({ url }) => url.startsWith('https://npm.corp.example/'));
    expect(own.length).toBeGreaterThan(0);
    for (const request of own)
      expect(request).toMatchObject({ headers: { authorization: 'Bearer token' }, connection });
    expect(kit.http.requests.filter(({ headers }) => 'authorization' in headers)).toHaveLength(own.length);
    expect(kit.knowledge.registryPackage(secret)).toMatchObject({ known: true, source: 'npm.corp.example' });
  });
});

describe('few requests', () => {
  test('1,800 packages are three batches and one request for each distinct advisory, sixteen at a time', async () => {
    const direct = Array.from({ length: 200 }, (_none, at) => subject(`d${at}@1.0.0`));
    const transitive = Array.from({ length: 1600 }, (_none, at) => subject(`t${at}@1.0.0`));
    const ids = Array.from({ length: 40 }, (_none, at) => `GHSA-${at}`);
    // Every package has two of the forty.
    const osv = Object.fromEntries(
      [...direct, ...transitive].map(({ name }, at) => [`${name}@1.0.0`, [`GHSA-${at % 40}`, `GHSA-${(at + 1) % 40}`]]),
    );
    const records = Object.fromEntries(ids.map((id) => [id, osvRecord(id, 'd0', '2.0.0')]));
    const kit = knowledgeKit({ osv, records });
    await kit.refresh({ direct, transitive });
    const sent = kit.http.requests.filter(({ url }) => url.startsWith(HOSTS.osv));
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(3);
    expect(sent.filter(({ method }) => method === 'GET')).toHaveLength(40);
    expect(kit.http.mostAtOnce).toBeLessThanOrEqual(17);
  });

  test('the records of direct dependencies are read first, even when OSV answers for the others sooner', async () => {
    const kit = knowledgeKit({
      osv: { 'left@1.0.0': ['GHSA-left'], 'right@1.0.0': ['GHSA-right'] },
      records: {
        'GHSA-left': osvRecord('GHSA-left', 'left', '2.0.0'),
        'GHSA-right': osvRecord('GHSA-right', 'right', '2.0.0'),
      },
      hold: (request) => (request === 'osv.example right@1.0.0' ? settle() : undefined),
    });
    await kit.refresh({ direct: [RIGHT], transitive: [LEFT] });
    const order = kit.http.requests.map(({ url }) => url).filter((url) => url.includes('/vulns/'));
    expect(order).toEqual(['https://osv.example/v1/vulns/GHSA-right', 'https://osv.example/v1/vulns/GHSA-left']);
  });

  test('nothing is asked again while it is new, and records never', async () => {
    const kit = knowledgeKit(AFFECTED);
    await kit.refresh({ direct: [LEFT] });
    kit.sent();
    await kit.refresh({ direct: [LEFT] });
    expect(kit.sent()).toEqual([]);
    await kit.clock.advance(HOUR);
    await kit.refresh({ direct: [LEFT] });
    expect(kit.sent()).toEqual(['osv.example left@1.0.0']);
    await kit.refresh({ direct: [LEFT], force: true });
    expect(kit.sent()).toEqual([
      'kev.example/sites/default/files/feeds/known_exploited_vulnerabilities.json',
      'osv.example left@1.0.0',
    ]);
  });

  test('a refresh that has nothing to ask changes nothing', async () => {
    const kit = knowledgeKit(AFFECTED);
    await kit.refresh({ direct: [LEFT] });
    const before = kit.knowledge.revision;
    await kit.refresh({ direct: [LEFT] });
    expect(kit.knowledge.revision).toBe(before);
  });

  test('of two processes on one store one asks, and both know', async () => {
    const shared = sharedAnswers();
    const clock = fakeClock();
    const one = knowledgeKit(AFFECTED, { answers: memoryAnswers(clock, shared), clock });
    const other = knowledgeKit(AFFECTED, { answers: memoryAnswers(clock, shared), clock });
    const both = Promise.all([one.refresh({ direct: [LEFT] }), other.refresh({ direct: [LEFT] })]);
    for (let count = 0; count < 10; count++) await settle();
    await clock.advance(500);
    await both;
    expect([one.http.requests.length, other.http.requests.length]).toEqual([3, 0]);
    expect([said(one.knowledge.advisories(LEFT)), said(other.knowledge.advisories(LEFT))]).toEqual([
      'GHSA-left',
      'GHSA-left',
    ]);
  });

  test('where one process fails the next one asks, without waiting for a lease to run out', async () => {
    const shared = sharedAnswers();
    const clock = fakeClock();
    const failing = { ...AFFECTED, osv: new SourceError('refused', 'no') };
    const kits = [failing, failing, AFFECTED].map((facts) =>
      knowledgeKit(facts, { answers: memoryAnswers(clock, shared), clock }),
    );
    const all = Promise.all(kits.map((kit) => kit.refresh({ direct: [LEFT] })));
    for (let count = 0; count < 4; count++) {
      for (let turn = 0; turn < 10; turn++) await settle();
      await clock.advance(500);
    }
    await all;
    expect(kits.map(({ knowledge }) => said(knowledge.advisories(LEFT)))).toEqual(Array(3).fill('GHSA-left'));
  });

  test('nobody waits for longer than one lease, whoever holds it', async () => {
    const clock = fakeClock();
    const answers = { ...memoryAnswers(clock), lease: () => Promise.resolve(false) };
    const kit = knowledgeKit(AFFECTED, { answers, clock });
    const refresh = kit.refresh({ direct: [LEFT] });
    for (let count = 0; count < 40; count++) {
      for (let turn = 0; turn < 10; turn++) await settle();
      await clock.advance(500);
    }
    await refresh;
    expect(said(kit.knowledge.advisories(LEFT))).toBe('GHSA-left');
  });
});

describe('the other sources', () => {
  test('the catalog of exploited vulnerabilities is read once a day, and only if it changed', async () => {
    const kit = knowledgeKit({
      kev: {
        headers: { etag: '"1"' },
        body: {
          vulnerabilities: [{ cveID: 'CVE-2024-0001', dateAdded: '2024-05-01', knownRansomwareCampaignUse: 'Known' }],
        },
      },
    });
    await kit.refresh();
    await kit.clock.advance(DAY);
    kit.world.kev = { status: 304 };
    await kit.refresh();
    expect(kit.http.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"']);
    expect(kit.knowledge.kev(['CVE-1999-1', 'CVE-2024-0001'])).toEqual({
      cve: 'CVE-2024-0001',
      dateAdded: '2024-05-01',
      ransomware: true,
    });
    expect(kit.knowledge.sources().find(({ name }) => name === 'CISA KEV')?.asOf).toBe(kit.clock.now());
  });

  test('a repository that was never scanned is unknown, and asked again after a week', async () => {
    const kit = knowledgeKit({
      packages: { left: registryPackage('left', [{}], { repository: 'github.com/acme/left' }) },
    });
    await kit.refresh({ direct: [LEFT], health: true });
    expect(kit.knowledge.scorecard('github.com/acme/left')).toMatchObject({ known: false, code: 'not-found' });
    kit.sent();
    await kit.clock.advance(6 * DAY);
    await kit.refresh({ direct: [LEFT], health: true });
    expect(kit.sent().filter((line) => line.startsWith('scorecard'))).toEqual([]);
    kit.world.scorecards['github.com/acme/left'] = { date: '2026-01-05', score: 6.8 };
    await kit.clock.advance(DAY);
    await kit.refresh({ direct: [LEFT], health: true });
    expect(kit.knowledge.scorecard('github.com/Acme/Left')).toMatchObject({ known: true, value: { score: 6.8 } });
  });

  test('a package that the registry does not have is unknown', async () => {
    const kit = knowledgeKit();
    await kit.refresh({ direct: [LEFT], health: true });
    expect(kit.knowledge.registryPackage(LEFT)).toMatchObject({ known: false, code: 'not-found' });
  });

  test('a registry that answers for another package, or not at all, is not believed', async () => {
    const kit = knowledgeKit({ packages: { left: registryPackage('right', [{}]), right: '{"name":' } });
    await kit.refresh({ direct: [LEFT, RIGHT], health: true });
    expect(kit.knowledge.registryPackage(LEFT)).toMatchObject({ known: false, code: 'bad-answer' });
    expect(kit.knowledge.registryPackage(RIGHT)).toMatchObject({ known: false, code: 'bad-answer' });
  });

  test('the registry of the public identity is asked where the policy says', async () => {
    const kit = knowledgeKit({ packages: { left: registryPackage('left', [{}]) } });
    const requestBase = (registry: string) => (registry === PUBLIC_REGISTRY ? 'https://mirror.example/' : registry);
    await kit.refresh({ direct: [LEFT], health: true, policy: policy({ requestBase }) });
    expect(kit.sent()).toContain('mirror.example/left');
    expect(kit.knowledge.registryPackage(LEFT)).toMatchObject({ known: true, source: 'npm registry' });
  });
});

describe('a refresh', () => {
  test('that is aborted rejects with the reason and leaves nothing pending', async () => {
    const kit = knowledgeKit(AFFECTED);
    const controller = new AbortController();
    const refresh = kit.knowledge.refresh(refreshRequest({ direct: [LEFT] }), controller.signal);
    controller.abort(new Error('the folder was closed'));
    await expect(refresh).rejects.toThrow('the folder was closed');
    expect(said(kit.knowledge.advisories(LEFT))).toBe('not-asked');
    await kit.refresh({ direct: [LEFT] });
    expect(said(kit.knowledge.advisories(LEFT))).toBe('GHSA-left');
  });

  test('tells how far it is', async () => {
    const kit = knowledgeKit(AFFECTED);
    const steps: [number, number][] = [];
    await kit.refresh({ direct: [LEFT, RIGHT], onProgress: (done, total) => void steps.push([done, total]) });
    expect(steps).toEqual([
      [0, 2],
      [2, 2],
      [2, 3],
      [3, 3],
    ]);
  });
});

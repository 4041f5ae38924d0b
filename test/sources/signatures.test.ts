import { describe, expect, test } from 'vitest';

import { SourceError } from '../../server/src/core/evidence.ts';
import type { Subject } from '../../server/src/core/knowledge.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { knowledgeKit, policy, PUBLIC_REGISTRY, subject, type Kit } from '../support/fake-world.ts';
import { memoryAnswers } from '../support/memory-answers.ts';
import { integrityOf, releaseDocument, releaseSigner } from '../support/signed-releases.ts';

const DAY = 24 * 60 * 60_000;
const signer = releaseSigner();
const { trust } = signer;
const INTEGRITY = integrityOf('bytes');
const LEFT = subject('left@1.0.0', { integrity: INTEGRITY });
const SIGNED = { 'left@1.0.0': releaseDocument({ signer }) };

/** The verdict, or the code of what is unknown. */
function said({ knowledge }: Kit, one: Subject = LEFT): string {
  const evidence = knowledge.signature(one);
  return evidence.known ? evidence.value.verdict : evidence.code;
}

/** What was sent to registries since the last call. */
function asked(kit: Kit): string[] {
  return kit.sent().filter((line) => !/^(osv|kev|epss|scorecard)\./.test(line));
}

describe('a signature', () => {
  test('is verified against the lockfile’s hash', async () => {
    const other = { ...LEFT, integrity: integrityOf('other') };
    const unpinned = { ...LEFT, integrity: undefined };
    const kit = knowledgeKit({ releases: SIGNED }, { trust });
    await kit.refresh({ transitive: [LEFT, other, unpinned], signatures: 'all' });
    expect(said(kit)).toBe('signed');
    expect(said(kit, other)).toBe('invalid');
    expect(said(kit, unpinned)).toBe('signed-weak-pin');
    expect(said(kit, subject('right@1.0.0'))).toBe('not-asked');
  });

  test('that is verified is never asked for again, and survives a restart', async () => {
    const clock = fakeClock();
    const answers = memoryAnswers(clock);
    const first = knowledgeKit({ releases: SIGNED }, { trust, answers, clock });
    await first.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(asked(first)).toContain('registry.example/left/1.0.0');

    await clock.advance(30 * DAY);
    const second = knowledgeKit({}, { trust, answers, clock });
    await second.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(asked(second)).not.toContain('registry.example/left/1.0.0');
    expect(said(second)).toBe('signed');
  });

  test('is verified offline from what is stored', async () => {
    const clock = fakeClock();
    const answers = memoryAnswers(clock);
    await knowledgeKit({ releases: SIGNED }, { trust, answers, clock }).refresh({
      direct: [LEFT],
      signatures: 'direct',
    });
    const offline = knowledgeKit({}, { trust, answers, clock, network: 'off' });
    expect(said(offline)).toBe('offline');
    await offline.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(said(offline)).toBe('signed');
    expect(offline.http.requests).toEqual([]);
  });

  test('is asked for anew where the lockfile pins other bytes than before', async () => {
    const kit = knowledgeKit({ releases: SIGNED }, { trust });
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    kit.sent();
    await kit.refresh({ direct: [{ ...LEFT, integrity: integrityOf('other') }], signatures: 'direct' });
    expect(asked(kit)).toContain('registry.example/left/1.0.0');
  });

  test('that is missing is asked for again after a day', async () => {
    const kit = knowledgeKit({ releases: { 'left@1.0.0': releaseDocument() } }, { trust });
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(said(kit)).toBe('unsigned');
    kit.sent();
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(asked(kit)).not.toContain('registry.example/left/1.0.0');
    await kit.clock.advance(DAY + 1);
    kit.world.releases = SIGNED;
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(said(kit)).toBe('signed');
  });

  test('by a key that nobody knows is never called false', async () => {
    const stranger = releaseSigner('SHA256:stranger');
    const kit = knowledgeKit({ releases: { 'left@1.0.0': releaseDocument({ signer: stranger }) } }, { trust });
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(said(kit)).toBe('unverifiable');
  });
});

describe('who is asked', () => {
  test('nobody about what brings nothing in, and only the registry', async () => {
    const kit = knowledgeKit({ releases: SIGNED }, { trust });
    await kit.knowledge.verify(
      { direct: [LEFT], transitive: [], policy: policy(), force: false, onProgress: () => undefined },
      new AbortController().signal,
    );
    expect(kit.sent()).toEqual(['registry.example/left', 'registry.example/left/1.0.0']);
  });

  test('not about the past of what a trusted publisher published', async () => {
    const more = { _npmUser: { name: 'ci', trustedPublisher: { id: 'github' } } };
    const kit = knowledgeKit({ releases: { 'left@1.0.0': releaseDocument({ signer, more }) } }, { trust });
    await kit.knowledge.verify(
      { direct: [LEFT], transitive: [], policy: policy(), force: false, onProgress: () => undefined },
      new AbortController().signal,
    );
    expect(kit.sent()).toEqual(['registry.example/left/1.0.0']);
  });

  test('not about what is withheld, but what a lockfile took elsewhere where the user put a host of their own', async () => {
    const withheld = subject('left@1.0.0', { integrity: INTEGRITY, withheld: 'private', isPublicRegistry: false });
    const kit = knowledgeKit({ releases: SIGNED }, { trust });
    await kit.refresh({ direct: [withheld], signatures: 'direct' });
    expect(asked(kit)).toEqual([]);
    expect(said(kit, withheld)).toBe('withheld');
    const requestBase = (registry: string) => (registry === PUBLIC_REGISTRY ? 'https://mine.example/' : registry);
    const isPrivate = policy({ requestBase, withheld: () => 'private' });
    await kit.refresh({ direct: [withheld], signatures: 'direct', policy: isPrivate });
    expect(asked(kit)).toEqual([]);
    await kit.refresh({ direct: [withheld], signatures: 'direct', policy: policy({ requestBase }) });
    expect(asked(kit)).toContain('mine.example/left/1.0.0');
    expect(said(kit, withheld)).toBe('signed');
  });

  test('for attestations only where they are announced, at the registry and not where its answer says', async () => {
    const dist = { attestations: { url: 'https://evil.example/att', provenance: { predicateType: 'x' } } };
    const kit = knowledgeKit(
      {
        releases: { ...SIGNED, '@acme/right@1.0.0': releaseDocument({ name: '@acme/right', signer, dist }) },
      },
      { trust },
    );
    const right = subject('@acme/right@1.0.0', { integrity: INTEGRITY });
    await kit.refresh({ transitive: [LEFT, right], signatures: 'all' });
    expect(asked(kit)).toEqual([
      'registry.example/-/npm/v1/attestations/@acme%2fright@1.0.0',
      'registry.example/@acme%2fright/1.0.0',
      'registry.example/left/1.0.0',
    ]);
    expect(said(kit, right)).toBe('signed');
  });
});

describe('a proxy', () => {
  const short = (signed: boolean) => ({
    name: 'left',
    versions: { '1.0.0': releaseDocument(signed ? { signer } : {}) },
  });

  test('that strips the signatures of a version is asked in short form', async () => {
    const kit = knowledgeKit(
      { releases: { 'left@1.0.0': releaseDocument() }, packages: { left: short(true) } },
      { trust },
    );
    await kit.refresh({ transitive: [LEFT], signatures: 'all' });
    expect(said(kit)).toBe('signed');
  });

  test('that knows no single versions is asked in short form', async () => {
    const own = subject('left@1.0.0', {
      integrity: INTEGRITY,
      registry: 'https://npm.corp.example/',
      isPublicRegistry: false,
      withheld: 'it is private',
    });
    const kit = knowledgeKit({ packages: { left: short(true) } }, { trust });
    await kit.refresh({
      transitive: [own],
      signatures: 'all',
      policy: policy({ registryOf: () => 'https://npm.corp.example/' }),
    });
    expect(said(kit, own)).toBe('signed');
  });

  test('that strips all is not asked twice for each of a thousand packages', async () => {
    const many = Array.from({ length: 40 }, (_, index) => subject(`p${String(index)}@1.0.0`, { integrity: INTEGRITY }));
    const kit = knowledgeKit(
      { releases: Object.fromEntries(many.map(({ name }) => [`${name}@1.0.0`, releaseDocument({ name })])) },
      { trust },
    );
    await kit.refresh({ transitive: many, signatures: 'all' });
    expect(asked(kit).filter((line) => !line.endsWith('/1.0.0')).length).toBeLessThan(25);
    expect(many.every((one) => said(kit, one) === 'unsigned')).toBe(true);
  });
});

describe('a registry of one’s own', () => {
  const own = releaseSigner('SHA256:own');
  const REGISTRY = 'https://npm.corp.example/';
  const mine = subject('left@1.0.0', {
    integrity: INTEGRITY,
    registry: REGISTRY,
    isPublicRegistry: false,
    withheld: 'it is private',
  });
  const KEYS = {
    keys: [
      {
        expires: null,
        keyid: 'SHA256:own',
        keytype: 'ecdsa-sha2-nistp256',
        scheme: 'ecdsa-sha2-nistp256',
        key: own.key.spki,
      },
      { keyid: 'SHA256:other', keytype: 'rsa', key: 'x' },
      null,
    ],
  };

  async function verdictWith(keys: unknown): Promise<[Kit, string]> {
    const kit = knowledgeKit(
      { releases: { 'left@1.0.0': releaseDocument({ signer: own }) }, packages: { '-/npm/v1/keys': keys } },
      { trust },
    );
    await kit.refresh({ transitive: [mine], signatures: 'all', policy: policy({ registryOf: () => REGISTRY }) });
    return [kit, said(kit, mine)];
  }

  test('is asked once a day for the keys that it signs with, which are said to be its own', async () => {
    const [kit, verdict] = await verdictWith(KEYS);
    expect(verdict).toBe('signed');
    expect(kit.knowledge.signature(mine)).toMatchObject({ value: { code: 'registry-key' } });
    expect(asked(kit)).toEqual(['npm.corp.example/-/npm/v1/keys', 'npm.corp.example/left/1.0.0']);
    await kit.refresh({
      transitive: [{ ...mine, integrity: integrityOf('other') }],
      signatures: 'all',
      policy: policy({ registryOf: () => REGISTRY }),
    });
    expect(asked(kit)).toEqual(['npm.corp.example/left/1.0.0']);
  });

  test.each([
    ['that has none', undefined],
    ['that answers with something else', '<html>'],
    ['that cannot be reached', new SourceError('timeout', 'too slow')],
  ])('%s leaves its signatures unverifiable', async (_, keys) => {
    const [, verdict] = await verdictWith(keys);
    expect(verdict).toBe('unverifiable');
  });

  test('cannot replace the keys of the public one', async () => {
    const [known] = trust.signatureKeys;
    const kit = knowledgeKit(
      {
        releases: {
          'left@1.0.0': releaseDocument({
            dist: { signatures: [{ keyid: known?.keyid, sig: own.sign('left', '1.0.0', INTEGRITY) }] },
          }),
        },
        packages: { '-/npm/v1/keys': { keys: [{ ...KEYS.keys[0], keyid: known?.keyid }] } },
      },
      { trust },
    );
    await kit.refresh({ transitive: [mine], signatures: 'all', policy: policy({ registryOf: () => REGISTRY }) });
    expect(said(kit, mine)).toBe('invalid');
  });
});

describe('a failing world', () => {
  test.each([
    [new SourceError('timeout', 'too slow'), 'timeout'],
    ['{"name":', 'bad-answer'],
    [releaseDocument({ name: 'other' }), 'bad-answer'],
    [releaseDocument({ version: '2.0.0' }), 'bad-answer'],
  ])('%o is unknown, and asked again at once', async (answer, code) => {
    const kit = knowledgeKit({ releases: { 'left@1.0.0': answer } }, { trust });
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(said(kit)).toBe(code);
    kit.world.releases = SIGNED;
    await kit.clock.advance(5 * 60_000);
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(said(kit)).toBe('signed');
  });

  test('a version that the registry does not have is unknown, and not asked for again that day', async () => {
    const kit = knowledgeKit({}, { trust });
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(said(kit)).toBe('not-found');
    kit.sent();
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(asked(kit)).not.toContain('registry.example/left/1.0.0');
  });

  test('attestations that cannot be fetched leave the signature’s verdict, and are asked for again', async () => {
    const dist = { attestations: { provenance: {} } };
    const kit = knowledgeKit(
      {
        releases: { 'left@1.0.0': releaseDocument({ signer, dist }) },
        attestations: { 'left@1.0.0': new SourceError('timeout', 'too slow') },
      },
      { trust },
    );
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(kit.knowledge.signature(LEFT)).toMatchObject({
      value: { verdict: 'signed', reasons: [{ code: 'signed' }, { code: 'attestations-missing' }] },
    });
    kit.sent();
    await kit.clock.advance(5 * 60_000);
    await kit.refresh({ direct: [LEFT], signatures: 'direct' });
    expect(asked(kit)).toContain('registry.example/-/npm/v1/attestations/left@1.0.0');
  });

  test('an abort ends it', async () => {
    const kit = knowledgeKit({ releases: SIGNED, hold: () => new Promise(() => undefined) }, { trust });
    const controller = new AbortController();
    const verifying = kit.knowledge.verify(
      { direct: [], transitive: [LEFT], policy: policy(), force: false, onProgress: () => undefined },
      controller.signal,
    );
    controller.abort(new Error('closed'));
    await expect(verifying).rejects.toThrow('closed');
  });
});

import { expect, test } from 'vitest';

import { SourceError } from '../../server/src/core/evidence.ts';
import type { TufReading, TufRequest } from '../../server/src/core/ports.ts';
import { embeddedTrust } from '../../server/src/evidence/trust/trust-material.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { knowledgeKit, subject, type Kit, type Setting } from '../support/fake-world.ts';
import { memoryAnswers } from '../support/memory-answers.ts';
import { integrityOf, releaseDocument, releaseSigner } from '../support/signed-releases.ts';

const DAY = 24 * 60 * 60_000;
const KEYS = 'registry.example/keys.json';
const signer = releaseSigner('SHA256:new');
const INTEGRITY = integrityOf('bytes');
const LEFT = subject('left@1.0.0', { integrity: INTEGRITY });

function rootOf(version: number): string {
  return JSON.stringify({ signed: { version } });
}

/** What a repository says that publishes the new key beside Sigstore's own root. */
function reading(version = 7, changes: Record<string, string> = {}): TufReading {
  const { keyid, spki } = signer.key;
  const publicKey = { rawBytes: spki, keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor: {} };
  const keys = { keys: [{ keyId: keyid, keyUsage: 'npm:signatures', publicKey }] };
  return {
    metadata: { 'root.json': rootOf(version), 'timestamp.json': 'kept' },
    targets: {
      'trusted_root.json': JSON.stringify(embeddedTrust().root),
      [KEYS]: JSON.stringify(keys),
      ...changes,
    },
  };
}

interface Fixture {
  readonly kit: Kit;
  /** With which metadata the repository was asked. */
  readonly asked: TufReading['metadata'][];
  readonly refresh: (force?: boolean) => Promise<void>;
  readonly verdict: () => string;
  readonly trouble: () => string | undefined;
}

function fixture(
  answer: (request: TufRequest) => Promise<TufReading>,
  changes: Partial<Setting> = {},
  embedded = 7,
): Fixture {
  const asked: TufReading['metadata'][] = [];
  const kit = knowledgeKit(
    { releases: { 'left@1.0.0': releaseDocument({ signer }) } },
    {
      repository: {
        root: () => rootOf(embedded),
        keysTarget: KEYS,
        read: (request) => {
          asked.push(request.metadata);
          return answer(request);
        },
      },
      ...changes,
    },
  );
  return {
    kit,
    asked,
    refresh: (force = false) => kit.refresh({ direct: [LEFT], signatures: 'direct', force }),
    verdict: () => {
      const evidence = kit.knowledge.signature(LEFT);
      return evidence.known ? evidence.value.verdict : evidence.code;
    },
    trouble: () => kit.knowledge.sources().find(({ name }) => name === 'Sigstore trust root')?.trouble,
  };
}

test('a key that came with no program is known once the repository has published it, and what was verified is verified again', async () => {
  const gate = Promise.withResolvers<TufReading>();
  const { kit, refresh, verdict, asked } = fixture(() => gate.promise);
  const done = refresh();
  while (verdict() !== 'unverifiable') await new Promise(setImmediate);
  gate.resolve(reading());
  await done;
  expect(verdict()).toBe('signed');
  expect(asked).toEqual([{ 'root.json': rootOf(7) }]);
  expect(kit.knowledge.sources().find(({ name }) => name === 'Sigstore trust root')?.asOf).toBe(kit.clock.now());
});

test('it is asked once a day, from where the last reading ended, unless it is forced', async () => {
  const { kit, refresh, asked } = fixture(() => Promise.resolve(reading(8)));
  await refresh();
  await refresh();
  expect(asked).toHaveLength(1);
  await refresh(true);
  await kit.clock.advance(DAY + 1);
  await refresh();
  expect(asked.slice(1)).toEqual([reading(8).metadata, reading(8).metadata]);
});

test('what was published last is used without anybody to ask', async () => {
  const clock = fakeClock();
  const answers = memoryAnswers(clock);
  await fixture(() => Promise.resolve(reading()), { answers, clock }).refresh();
  const offline = fixture(() => Promise.reject(new Error('asked')), { answers, clock, network: 'off' });
  await offline.refresh();
  expect(offline.verdict()).toBe('signed');
  expect(offline.asked).toEqual([]);
});

test('what rests on an older root than the program’s own is not used, and the program’s own root begins anew', async () => {
  const clock = fakeClock();
  const answers = memoryAnswers(clock);
  await fixture(() => Promise.resolve(reading(7)), { answers, clock }).refresh();
  const newer = fixture(() => Promise.reject(new SourceError('dns', 'no such host')), { answers, clock }, 8);
  await newer.refresh();
  expect(newer.verdict()).toBe('unverifiable');
  expect(newer.asked).toEqual([{ 'root.json': rootOf(8) }]);
});

test.each<[string, () => Promise<TufReading>, string]>([
  ['is out of reach', () => Promise.reject(new SourceError('dns', 'no such host')), 'no such host'],
  [
    'publishes a root in an unknown form',
    () => Promise.resolve(reading(7, { 'trusted_root.json': '{"roots":[]}' })),
    'Sigstore trust root: this version of Provender cannot read what it says',
  ],
  [
    'publishes no keys',
    () => Promise.resolve(reading(7, { [KEYS]: '{"keys":[]}' })),
    'Sigstore trust root: this version of Provender cannot read what it says',
  ],
])('a repository that %s changes nothing, and is asked again', async (_, answer, expected) => {
  const { refresh, verdict, trouble, asked } = fixture(answer);
  await refresh();
  expect(verdict()).toBe('unverifiable');
  expect(trouble()).toBe(expected);
  await refresh();
  expect(asked).toHaveLength(2);
});

test('one that never answers is not waited for once the registries have answered', async () => {
  const { kit, refresh, verdict, trouble } = fixture(async ({ base, download }) => {
    await download(`${base}timestamp.json`, 1000);
    return reading();
  });
  kit.world.hold = (request) => (request.startsWith('tuf.') ? new Promise(() => undefined) : undefined);
  const done = refresh();
  while (verdict() !== 'unverifiable' || kit.clock.pending === 0) await new Promise(setImmediate);
  await kit.clock.advance(5_000);
  await done;
  expect(verdict()).toBe('unverifiable');
  expect(trouble()).toBe('Sigstore trust root did not answer in time');
});

test('nothing is asked where no signatures are wanted', async () => {
  const { kit, asked } = fixture(() => Promise.resolve(reading()));
  await kit.refresh({ direct: [LEFT], signatures: 'none' });
  expect(asked).toEqual([]);
});

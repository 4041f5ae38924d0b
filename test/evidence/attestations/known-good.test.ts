import { expect, test } from 'vitest';

import knownGood from '../../../server/src/evidence/attestations/known-good-bundle.json' with { type: 'json' };
import { checkBundle } from '../../../server/src/evidence/attestations/check-bundle.ts';
import { verifyKnownGood } from '../../../server/src/evidence/attestations/known-good.ts';
import { prepareTrust } from '../../../server/src/evidence/attestations/prepare-trust.ts';
import { embeddedTrust, trustMaterialOf } from '../../../server/src/evidence/trust/trust-material.ts';

test('this runtime verifies the bundle that is known to be good', () => {
  expect(verifyKnownGood()).toBe(true);
});

test('its log entry has a promise of the log, which is where runtimes differ', () => {
  expect(knownGood.bundle.verificationMaterial.tlogEntries[0]?.inclusionPromise.signedEntryTimestamp).not.toBe('');
});

test('it is good under its own root only', () => {
  const own = prepareTrust(trustMaterialOf(knownGood.root, undefined));
  const embedded = prepareTrust(embeddedTrust());
  const verified = [own, embedded].map((trust) => trust !== undefined && checkBundle(knownGood.bundle, trust).verified);
  expect(verified).toEqual([true, false]);
});

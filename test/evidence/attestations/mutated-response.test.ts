import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { checkNpmAttestations } from '../../../server/src/evidence/attestations/check-npm-attestations.ts';
import type { AttestationsOutcome } from '../../../server/src/evidence/attestations-outcome.ts';
import { withChange } from '../../support/json-change.ts';
import { answer, provenanceAttestation, type AttestablePackage } from '../../support/npm-attestations.ts';
import { mockSigstore } from '../../support/sigstore-mock.ts';

const sigstore = await mockSigstore();

const WIDGET: AttestablePackage = {
  name: '@acme/widget',
  version: '1.2.3',
  integrity: `sha512-${Buffer.alloc(64, 7).toString('base64')}`,
};

const GOOD = await provenanceAttestation(sigstore, WIDGET);

type Path = readonly (string | number)[];

const PATHS = pathsIn(GOOD).filter((path) => path.length > 0);

/** What the signature, the log entry and its promise cover, byte for byte. */
const SIGNED: readonly Path[] = [
  ['bundle', 'dsseEnvelope', 'payload'],
  ['bundle', 'dsseEnvelope', 'signatures', 0, 'sig'],
  ['bundle', 'verificationMaterial', 'tlogEntries', 0, 'canonicalizedBody'],
  ['bundle', 'verificationMaterial', 'tlogEntries', 0, 'inclusionPromise', 'signedEntryTimestamp'],
];

function check(response: string): AttestationsOutcome {
  return checkNpmAttestations({ ...WIDGET, response, trust: sigstore.trust });
}

test('whatever JSON is put anywhere, nothing throws, and what still verifies says what was signed', () => {
  const { claims } = check(answer([GOOD]));
  const change = fc.record({
    path: fc.constantFrom(...PATHS),
    value: fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.base64String()),
  });
  fc.assert(
    fc.property(change, ({ path, value }) => {
      const outcome = check(answer([withChange(GOOD, path, () => value)]));
      if (outcome.provenance.verdict === 'verified') expect(outcome.claims).toEqual(claims);
      else expect(outcome.claims).toBeUndefined();
      expect(outcome.publish.verdict).toBe('absent');
    }),
    { numRuns: 300 },
  );
});

test('no other byte in what was signed verifies', () => {
  const flip = fc.record({ path: fc.constantFrom(...SIGNED), at: fc.nat(), bit: fc.nat(7) });
  fc.assert(
    fc.property(flip, ({ path, at, bit }) => {
      const changed = withChange(GOOD, path, (old) => {
        const bytes = Buffer.from(String(old), 'base64');
        bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ (1 << bit), at % bytes.length);
        return bytes.toString('base64');
      });
      expect(check(answer([changed])).provenance.verdict).toBe('invalid');
    }),
    { numRuns: 200 },
  );
});

test('no other answer verifies anything', () => {
  const response = fc.oneof(fc.string(), fc.json(), fc.array(fc.jsonValue()).map(answer));
  fc.assert(
    fc.property(response, (text) => {
      const { publish, provenance } = check(text);
      expect([publish.verdict, provenance.verdict]).not.toContain('verified');
    }),
    { numRuns: 300 },
  );
});

function pathsIn(json: unknown, path: Path = []): readonly Path[] {
  if (typeof json !== 'object' || json === null) return [path];
  const entries = Array.isArray(json) ? [...json.entries()] : Object.entries(json);
  return [path, ...entries.flatMap(([key, value]) => pathsIn(value, [...path, key]))];
}

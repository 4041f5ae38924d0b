import { field } from '../../core/json-fields.ts';
import { type AttestationPart, unverifiable } from '../attestations-outcome.ts';
import type { TrustMaterial } from '../trust/trust-material.ts';
import { verifyKnownGood } from './known-good.ts';
import { type PreparedTrust, prepareTrust } from './prepare-trust.ts';

/** In characters; the largest answers that are known have some ten thousand. */
const MAXIMUM_ANSWER = 1_000_000;

const MAXIMUM_ATTESTATIONS = 10;

/** The list at `key` in an answer's body, or why it cannot be looked at. */
export function readAnswer(body: string, key: string): readonly unknown[] | AttestationPart {
  if (body.length > MAXIMUM_ANSWER) {
    return unverifiable('too-large', 'The answer is larger than any that is looked at');
  }
  const items = field(parse(body), key);
  if (!Array.isArray(items)) return unverifiable('bad-answer', 'The answer holds no list of attestations');
  return withinBounds(items);
}

/** The attestations, unless they are more than are looked at. */
export function withinBounds(attestations: readonly unknown[]): readonly unknown[] | AttestationPart {
  if (attestations.length <= MAXIMUM_ATTESTATIONS) return attestations;
  return unverifiable('too-many', 'The answer holds more attestations than are looked at');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The means to check with, or why nothing can be checked. */
export function usableTrust(trust: TrustMaterial): PreparedTrust | AttestationPart {
  const prepared = prepareTrust(trust);
  if (prepared === undefined) {
    return unverifiable('trust-material', 'The trust material cannot be read, so nothing can be checked');
  }
  if (verifyKnownGood()) return prepared;
  return unverifiable(
    'runtime',
    'The cryptography of this runtime does not verify a bundle that is known to be good, so nothing can be said',
  );
}

import { trustMaterialOf } from '../trust/trust-material.ts';
import { claimsOf } from './certificate-claims.ts';
import { checkBundle } from './check-bundle.ts';
import knownGood from './known-good-bundle.json' with { type: 'json' };
import { prepareTrust } from './prepare-trust.ts';

/**
 * True when this runtime verifies a bundle that is known to be good. Where it does not, a good bundle of any package would
 * read as tampered with: Electron's crypto is BoringSSL, which refuses what OpenSSL takes, and the libraries take its
 * refusal for a bad signature. It is found out once.
 */
export function verifyKnownGood(): boolean {
  isGood ??= verify();
  return isGood;
}

let isGood: boolean | undefined;

function verify(): boolean {
  const trust = prepareTrust(trustMaterialOf(knownGood.root, undefined));
  if (trust === undefined) return false;
  const check = checkBundle(knownGood.bundle, trust);
  return check.verified && check.bundle.identity !== undefined && claimsOf(check.bundle.identity) !== undefined;
}

import { checkNpmAttestations } from '../../server/src/evidence/attestations/check-npm-attestations.ts';
import { verifyRegistrySignature } from '../../server/src/evidence/npm-signature.ts';
import type { SignatureVerifier } from '../../server/src/sources/signature-verifier.ts';

/** The real checks on the test's own thread. */
export const inlineVerifier: SignatureVerifier = {
  signatures: (cases, keys) => Promise.resolve(cases.map((given) => verifyRegistrySignature({ ...given, keys }))),
  attestations: (given, trust) => Promise.resolve(checkNpmAttestations({ ...given, trust })),
};

import type { Release } from '../core/registry-package.ts';
import type { AttestationPart, AttestationsOutcome } from '../evidence/attestations-outcome.ts';
import { field, isObject, textAt } from '../core/json-fields.ts';
import { trustRank } from './registry-answer.ts';

/** Undefined when it is not a release that was stored. */
export function decodeStoredRelease(stored: unknown): Release | undefined {
  const version = textAt(stored, 'version');
  const signatures = field(stored, 'signatures');
  if (version === undefined || !Array.isArray(signatures)) return undefined;
  return {
    version,
    integrity: textAt(stored, 'integrity'),
    signatures: signatures.flatMap((item: unknown) => {
      const keyid = textAt(item, 'keyid');
      const sig = textAt(item, 'sig');
      return keyid === undefined || sig === undefined ? [] : [{ keyid, sig }];
    }),
    attested: field(stored, 'attested') === true,
    trust: trustRank(field(stored, 'trust')),
    publisher: textAt(stored, 'publisher'),
    repository: textAt(stored, 'repository'),
    hasInstallScript: field(stored, 'hasInstallScript') === true,
  };
}

/** Undefined when it is not an outcome that was stored: it is checked again. */
export function decodeStoredOutcome(stored: unknown): AttestationsOutcome | undefined {
  if (!isObject(stored) || !isPart(stored['publish']) || !isPart(stored['provenance'])) return undefined;
  if (!Array.isArray(stored['ignored'])) return undefined;
  // It was written by us, after it was checked, in the user's own folder.
  return stored as unknown as AttestationsOutcome;
}

const PART_VERDICTS: ReadonlySet<unknown> = new Set(['verified', 'invalid', 'unverifiable', 'absent']);

function isPart(stored: unknown): stored is AttestationPart {
  return (
    PART_VERDICTS.has(field(stored, 'verdict')) &&
    textAt(stored, 'code') !== undefined &&
    textAt(stored, 'message') !== undefined
  );
}

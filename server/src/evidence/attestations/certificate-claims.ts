import { ASN1Obj } from '@sigstore/core';

import type { CertificateClaims } from '../attestations-outcome.ts';
import type { CertificateIdentity } from './check-bundle.ts';

/**
 * The claims of a certificate that was verified. Certificates from before March 2023 have only the first six, as bare
 * text and by GitHub's words; they are read into the same form. Undefined when it names no source repository, as one of a
 * person does.
 * @see https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
 */
export function claimsOf({ extensions, subjectAlternativeName }: CertificateIdentity): CertificateClaims | undefined {
  const claim = (number: number): string | undefined => utf8String(extensions.get(`${FULCIO}.${number}`));
  const legacy = (number: number): string | undefined => plainText(extensions.get(`${FULCIO}.${number}`));
  const hasLegacyOnly = ![8, 9, 10, 11, 12, 13, 14].some((number) => extensions.has(`${FULCIO}.${number}`));
  const issuer = claim(8) ?? legacy(1);
  const repository = httpsUrl(hasLegacyOnly ? gitHubUrl(legacy(5)) : claim(12));
  if (issuer === undefined || repository === undefined) return undefined;
  const buildSigner = claim(9) ?? bounded(subjectAlternativeName);
  const workflowRef = claim(18) ?? (hasLegacyOnly ? buildSigner : undefined);
  return {
    issuer,
    repository,
    repositoryId: claim(15),
    ownerId: claim(17),
    ref: claim(14) ?? legacy(6),
    commit: claim(13) ?? legacy(3),
    workflow: pathBelow(repository, workflowRef),
    workflowRef,
    buildSigner,
    runner: claim(11),
    trigger: claim(20) ?? legacy(2),
    run: claim(21),
    visibility: claim(22),
    hasLegacyOnly,
  };
}

const FULCIO = '1.3.6.1.4.1.57264.1';

const UTF8_STRING = 0x0c;

/** A longer claim is none that a build service makes. */
const MAXIMUM_LENGTH = 1000;

/** From the eighth on, the content is a DER-encoded UTF8String. */
function utf8String(value: Buffer | undefined): string | undefined {
  if (value?.[0] !== UTF8_STRING) return undefined;
  try {
    return plainText(ASN1Obj.parseBuffer(Buffer.from(value)).value);
  } catch {
    return undefined;
  }
}

function plainText(value: Buffer | undefined): string | undefined {
  return bounded(value?.toString('utf8'));
}

function bounded(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text.length > MAXIMUM_LENGTH ? undefined : text;
}

function gitHubUrl(repository: string | undefined): string | undefined {
  return repository === undefined ? undefined : `https://github.com/${repository}`;
}

function httpsUrl(text: string | undefined): string | undefined {
  return text?.startsWith('https://') === true && URL.canParse(text) ? text : undefined;
}

/**
 * The path of a build's configuration: `…/.github/workflows/release.yml@refs/heads/main` below its repository. GitLab
 * writes two slashes before it. A workflow of another repository has no path here.
 */
function pathBelow(repository: string, workflowRef: string | undefined): string | undefined {
  if (workflowRef?.toLowerCase().startsWith(`${repository.toLowerCase()}/`) !== true) return undefined;
  const path = workflowRef.slice(repository.length).replace(/^\/+/, '').split('@', 1)[0];
  return path === '' ? undefined : path;
}

import type { Evidence, ProvenanceSource, SignatureEvidence } from '../core/evidence.ts';
import type { Release } from '../core/registry-package.ts';

/** What is known of how a version was published. */
export interface Publication {
  readonly signature: Evidence<SignatureEvidence>;
  /** Undefined when the registry was not asked about this version. */
  readonly release: Release | undefined;
}

/** How another version of a package was published by other hands, or in another way. */
export type PublicationChange =
  | { readonly kind: 'provenance-lost'; readonly was: string }
  | {
      readonly kind: 'other-repository' | 'other-workflow' | 'other-publisher';
      readonly was: string;
      readonly is: string;
    };

/**
 * Compares two versions of one package as they were published. Only what is known of both is compared, and repositories and
 * workflows only where both provenances were verified here. The publisher is the registry's word.
 */
export function publicationChanges(was: Publication, is: Publication): PublicationChange[] {
  const [before, after] = [sourceOf(was), sourceOf(is)];
  const changes: PublicationChange[] = [];
  if (before !== undefined && after !== undefined) changes.push(...sourceChanges(before, after));
  // Attestations that could not be fetched are not lost.
  else if (before !== undefined && is.release?.attested === false) {
    changes.push({ kind: 'provenance-lost', was: shown(before.repository) });
  }
  const [one, other] = [was.release?.publisher, is.release?.publisher];
  if (one !== undefined && other !== undefined && one !== other && after === undefined) {
    changes.push({ kind: 'other-publisher', was: one, is: other });
  }
  return changes;
}

function sourceOf({ signature }: Publication): ProvenanceSource | undefined {
  return signature.known ? signature.value.source : undefined;
}

function sourceChanges(was: ProvenanceSource, is: ProvenanceSource): PublicationChange[] {
  if (isOtherRepository(was, is)) {
    return [{ kind: 'other-repository', was: shown(was.repository), is: shown(is.repository) }];
  }
  if (was.workflow === undefined || is.workflow === undefined || was.workflow === is.workflow) return [];
  return [{ kind: 'other-workflow', was: was.workflow, is: is.workflow }];
}

/** A renamed repository keeps its number. */
function isOtherRepository(was: ProvenanceSource, is: ProvenanceSource): boolean {
  if (was.repositoryId !== undefined && is.repositoryId !== undefined) return was.repositoryId !== is.repositoryId;
  return was.repository.toLowerCase() !== is.repository.toLowerCase();
}

function shown(url: string): string {
  return url.replace(/^https:\/\//, '');
}

import { known, type Evidence, type SignatureEvidence } from '../core/evidence.ts';
import type { Subject } from '../core/knowledge.ts';
import type { RegistryPackage, Release } from '../core/registry-package.ts';
import type { AttestationsOutcome } from '../evidence/attestations-outcome.ts';
import { sha512Of } from '../evidence/integrity.ts';
import { judgeSignature } from '../evidence/judge-signature.ts';
import { findDowngrade, type DowngradeResult } from '../core/trust-downgrade.ts';
import type { ReleaseKey } from './answer-cache.ts';
import { packageLookup } from './failures.ts';

/** One release with what the checks of it gave. */
export interface CheckedRelease {
  readonly release: Release;
  readonly registry: SignatureEvidence;
  /** Undefined when none are announced, or they are not at hand. */
  readonly attestations: AttestationsOutcome | undefined;
  /** Why attestations that are announced are not at hand. */
  readonly missing: string | undefined;
  /** Who said it, in words, and when. */
  readonly source: string;
  readonly asOf: number;
}

/**
 * What was verified, by package, version and the hash that the lockfile pins. Filled by the asynchronous side, which has
 * the checks run elsewhere: thousands of signatures take longer than an editor may wait.
 */
export class HeldSignatures {
  readonly #packageOf: (subject: Subject) => Evidence<RegistryPackage>;
  /** By package, then by version and pin. */
  readonly #held = new Map<string, Map<string, Held>>();

  /** `packageOf` gives the document of all versions, where it is at hand: it tells what came before. */
  constructor(packageOf: (subject: Subject) => Evidence<RegistryPackage>) {
    this.#packageOf = packageOf;
  }

  /** Undefined when nothing was checked yet. */
  get(subject: Subject): Evidence<SignatureEvidence> | undefined {
    const held = this.#find(subject);
    if (held === undefined) return undefined;
    held.judged ??= this.#judge(subject, held.checked);
    return held.judged;
  }

  checked(subject: Subject): CheckedRelease | undefined {
    return this.#find(subject)?.checked;
  }

  put(subject: Subject, checked: CheckedRelease): void {
    const key = packageLookup(subject.registry, subject.name);
    let versions = this.#held.get(key);
    if (versions === undefined) this.#held.set(key, (versions = new Map<string, Held>()));
    versions.set(versionKey(subject), { subject, checked, judged: undefined });
  }

  /** All that was checked, with the package it was checked for. */
  all(): readonly { readonly subject: Subject; readonly checked: CheckedRelease }[] {
    return [...this.#held.values()].flatMap((versions) => [...versions.values()]);
  }

  /** The document of all versions of a package has changed: what rests on it is judged anew. */
  judgeAgain(packageKey: string): void {
    for (const held of this.#held.get(packageKey)?.values() ?? []) held.judged = undefined;
  }

  clear(): void {
    this.#held.clear();
  }

  #find(subject: Subject): Held | undefined {
    return this.#held.get(packageLookup(subject.registry, subject.name))?.get(versionKey(subject));
  }

  #judge(subject: Subject, checked: CheckedRelease): Evidence<SignatureEvidence> {
    const { release, registry, attestations, missing, source, asOf } = checked;
    const verdict = judgeSignature({
      registry,
      attestations,
      missing,
      declaredRepository: release.repository,
      downgrade: this.#downgrade(subject),
    });
    return known(withDownload(verdict, subject.downloadedFrom), source, asOf);
  }

  #downgrade(subject: Subject): DowngradeResult | undefined {
    const document = this.#packageOf(subject);
    if (!document.known || !document.value.hasTimes) return undefined;
    const history = document.value.versions.map(({ version, publishedAt, trust }) => ({
      version,
      publishedAt,
      rank: trust,
    }));
    return findDowngrade(subject.version, history);
  }
}

interface Held {
  readonly subject: Subject;
  readonly checked: CheckedRelease;
  judged: Evidence<SignatureEvidence> | undefined;
}

function versionKey({ version, integrity }: Subject): string {
  return `${version}\n${integrity ?? ''}`;
}

/** The hash binds the bytes wherever they come from; people want to know all the same. */
function withDownload(evidence: SignatureEvidence, host: string | undefined): SignatureEvidence {
  if (host === undefined) return evidence;
  const reason = { code: 'other-host', message: `The lockfile has it downloaded from ${host}` };
  return { ...evidence, reasons: [...evidence.reasons, reason] };
}

/** How answers about a release are kept. */
export function releaseKeyOf(subject: Subject): ReleaseKey {
  const { registry, name, version, integrity } = subject;
  return { registry, name, version, pin: sha512Of(integrity).join(' ') };
}

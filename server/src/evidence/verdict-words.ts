import type { ProvenanceSource, SignatureVerdict, VerdictReason } from '../core/evidence.ts';

/** Sentences of verdicts. Remote text is in them as it came. They end without a full stop, as all messages do. */

/** `Built from github.com/acme/widget@v1.2.3 by .github/workflows/release.yml on GitHub Actions; …`. */
export function builtSentence({ repository, ref, workflow, builder }: ProvenanceSource, isPinned: boolean): string {
  const from = repository.replace(/^https:\/\//, '');
  const at = ref === undefined ? '' : `@${ref.replace(/^refs\/(?:heads|tags)\//, '')}`;
  const by = workflow === undefined ? '' : ` by ${workflow}`;
  const matches = isPinned ? 'signature, log and hash in your lockfile match' : 'signature and log match';
  return `Built from ${from}${at}${by} on ${builder}; ${matches}`;
}

/** The registry's marks are no evidence, so they are told as what it lists. */
export function downgradeSentence(earlier: { readonly version: string; readonly publishedAt: number }): string {
  return (
    `Earlier versions (last: ${named(earlier)}) were published from CI with provenance, as the registry lists them; ` +
    'this one was not. Account takeovers look like this: check the release before installing'
  );
}

export function weakerSentence(earlier: { readonly version: string; readonly publishedAt: number }): string {
  return (
    `Earlier versions (last: ${named(earlier)}) were published by a trusted publisher, as the registry lists them; ` +
    'this one was published with a token'
  );
}

function named({ version, publishedAt }: { readonly version: string; readonly publishedAt: number }): string {
  return `${version}, ${new Date(publishedAt).toISOString().slice(0, 'YYYY-MM-DD'.length)}`;
}

/** The sentence for a verdict: that of its first reason, with what to do about it. */
export function verdictSentence(
  verdict: SignatureVerdict,
  { code, message }: VerdictReason,
  built: string | undefined,
): string {
  if (verdict === 'provenance-warning' && built !== undefined) return `${built}, but: ${withinSentence(message)}`;
  if (verdict === 'invalid') return `${message}. Do not install it; compare it with the registry`;
  if (verdict === 'unverifiable' && /\bunknown-(?:key|log|authority)$/.test(code)) {
    return `${message}. Newer trust data may know it; if this stays, be careful`;
  }
  return message;
}

/** A sentence after a colon: `It is broken` becomes `it is broken`. */
export function withinSentence(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

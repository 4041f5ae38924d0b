import type { Evidence, ProvenanceSource, SignatureEvidence } from '../core/evidence.ts';
import { escapeMarkdown, link } from './markdown.ts';
import { VERDICT_MARKS } from './verdict-words.ts';
import { dateOf } from './words.ts';

/** What is said of a signature in one sentence, with the mark that stands at the line's end. */
export function signatureText(signature: Evidence<SignatureEvidence>): string {
  if (!signature.known) return `unknown, because ${escapeMarkdown(signature.reason)}`;
  const { verdict, message } = signature.value;
  const mark = VERDICT_MARKS[verdict];
  return `${mark === '' ? '' : `**${mark}** · `}${escapeMarkdown(message, 600)}`;
}

/** The rest that was seen, and who built it from what. Links go to known hosts only. */
export function provenanceRows(signature: Evidence<SignatureEvidence>): string[] {
  if (!signature.known) return [];
  const { reasons, source } = signature.value;
  return [
    ...reasons.slice(1, 1 + SHOWN_REASONS).map(({ message }) => `${INDENT}${escapeMarkdown(message, 400)}  `),
    ...(source === undefined ? [] : [`${INDENT}${builtFrom(source)}  `]),
  ];
}

const SHOWN_REASONS = 6;
/** Markdown takes leading blanks away; this one it keeps. */
const INDENT = '\u2003';

function builtFrom({
  repository,
  ref,
  commit,
  workflow,
  builder,
  run,
  trigger,
  loggedAt,
  logIndex,
}: ProvenanceSource): string {
  const parts = [
    `built from ${linkOrText(shortUrl(repository), repository)}${ref === undefined ? '' : ` at ${escapeMarkdown(shortRef(ref))}`}`,
    ...(commit === undefined ? [] : [`commit ${commitLink(repository, commit)}`]),
    ...(workflow === undefined ? [] : [`workflow ${escapeMarkdown(workflow, 200)}`]),
    run === undefined ? escapeMarkdown(builder, 200) : linkOrText(builder, run),
    ...(trigger === undefined ? [] : [`on ${escapeMarkdown(trigger, 80)}`]),
    ...(logIndex === undefined ? [] : [logEntry(logIndex, loggedAt)]),
  ];
  return parts.join(' · ');
}

function commitLink(repository: string, commit: string): string {
  const short = commit.slice(0, 7);
  return /^[0-9a-f]{40,64}$/.test(commit) ? linkOrText(short, `${repository}/commit/${commit}`) : escapeMarkdown(short);
}

function logEntry(logIndex: string, loggedAt: number | undefined): string {
  const when = loggedAt === undefined ? '' : ` of ${dateOf(loggedAt)}`;
  const isNumber = /^\d{1,15}$/.test(logIndex);
  const number = isNumber
    ? link(logIndex, `https://search.sigstore.dev/?logIndex=${logIndex}`)
    : escapeMarkdown(logIndex, 20);
  return `log entry ${number}${when}`;
}

const LINKED_HOSTS: ReadonlySet<string> = new Set(['github.com', 'gitlab.com']);

/** A certificate may name any host; a link goes only where people expect it to. */
function linkOrText(label: string, url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === 'https:' && LINKED_HOSTS.has(parsed.host)
    ? link(label, parsed.href)
    : escapeMarkdown(label, 200);
}

function shortUrl(url: string): string {
  return url.replace(/^https:\/\//, '');
}

function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '').slice(0, 200);
}

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

/** The rest that was seen, and where to look it up. Links go to known hosts only. */
export function provenanceRows(signature: Evidence<SignatureEvidence>): string[] {
  if (!signature.known) return [];
  const { reasons, source } = signature.value;
  // Who built it says more than who published it.
  const others = reasons.slice(1).filter(({ code }) => code !== 'signed' || source === undefined);
  return [
    ...others.slice(0, SHOWN_REASONS).map(({ message }) => `${INDENT}${escapeMarkdown(message, 400)}  `),
    ...(source === undefined ? [] : [`${INDENT}${linksTo(source)}  `]),
  ];
}

const SHOWN_REASONS = 6;
/** Markdown takes leading blanks away; this one it keeps. */
const INDENT = '\u2003';

function linksTo({ repository, commit, builder, run, trigger, loggedAt, logIndex }: ProvenanceSource): string {
  const parts = [
    linkOrText(shortUrl(repository), repository),
    ...(commit === undefined ? [] : [`commit ${commitLink(repository, commit)}`]),
    `built on ${run === undefined ? escapeMarkdown(builder, 200) : linkOrText(builder, run)}${trigger === undefined ? '' : ` by ${escapeMarkdown(trigger, 80)}`}`,
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

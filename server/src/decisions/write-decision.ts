import type { SignatureVerdict } from '../core/evidence.ts';
import type { Span } from '../core/span.ts';
import type { Replacement } from '../core/transitive-dialect.ts';
import { composeReplacements, applyReplacements } from '../core/compose-edits.ts';
import { DECIDED_BY, JUSTIFICATIONS } from './openvex.ts';
import { UNTIL_FIXED, UNTIL_VERSION } from './provender-file.ts';
import { addToList, removeFromList, setKey } from './write-json-list.ts';

/** What is decided about one advisory, or the signature, of one package version. */
export interface DecisionSubject {
  readonly id: string;
  /** The verdict that is accepted, where it is about a signature and no advisory. */
  readonly signature?: SignatureVerdict;
  readonly aliases: readonly string[];
  readonly name: string;
  readonly version: string;
  /** The package URL, with the version. */
  readonly purl: string;
  /** The package URL of the product that holds it; undefined when it has no name. */
  readonly product: string | undefined;
}

/** What somebody decides. */
export type NewDecision =
  | {
      readonly kind: 'not-affected';
      /** One of the words of OpenVEX. */
      readonly justification: string;
      /** Why, in the author's words; may be empty. */
      readonly statement: string;
    }
  | { readonly kind: 'accept'; readonly reason: string }
  /** Until some version is known to fix it, until another one is installed, or until a date (ISO). */
  | {
      readonly kind: 'snooze';
      readonly until: 'fixed' | 'version' | { readonly date: string };
      readonly reason: string;
    };

export interface DecisionContext {
  /** From the configuration of git; undefined when it names none. */
  readonly author: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The text of a file that holds the decision and nothing else. */
export function newDecisionFile(
  decision: NewDecision,
  subjects: readonly DecisionSubject[],
  context: DecisionContext,
): string {
  const content =
    decision.kind === 'not-affected'
      ? {
          '@context': 'https://openvex.dev/ns/v0.2.0',
          '@id': documentId(subjects, context),
          author: context.author ?? 'Unknown Author',
          timestamp: isoTime(context.now),
          version: 1,
          statements: subjects.map((subject) => statementOf(decision, subject, context)),
        }
      : { ignore: subjects.map((subject) => entryOf(decision, subject, context)) };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** The replacements that add the decision to a file of its kind; undefined when the text is no such file. */
export function addDecision(
  text: string,
  decision: NewDecision,
  subjects: readonly DecisionSubject[],
  context: DecisionContext,
): readonly Replacement[] | undefined {
  if (text.trim() === '') {
    return [{ span: { start: 0, end: text.length }, newText: newDecisionFile(decision, subjects, context) }];
  }
  if (decision.kind !== 'not-affected') {
    return addToList(
      text,
      'ignore',
      subjects.map((subject) => entryOf(decision, subject, context)),
    );
  }
  const added = addToList(
    text,
    'statements',
    subjects.map((subject) => statementOf(decision, subject, context)),
  );
  return added && withNextVersion(text, added, context);
}

/** The replacements that take a decision out again; undefined when it does not stand there any more. */
export function removeDecision(
  text: string,
  place: Span,
  kind: 'statement' | 'entry',
  context: Pick<DecisionContext, 'now'>,
): readonly Replacement[] | undefined {
  if (kind === 'entry') return removeFromList(text, 'ignore', place);
  const removed = removeFromList(text, 'statements', place);
  return removed && withNextVersion(text, removed, context);
}

/** Whoever keeps an OpenVEX document says with each change that it is another one. */
function withNextVersion(
  text: string,
  made: readonly Replacement[],
  { now }: Pick<DecisionContext, 'now'>,
): readonly Replacement[] {
  let all = made;
  const version = /"version"\s*:\s*(\d+)/.exec(text)?.[1];
  const keys = [
    ['version', Number(version ?? '0') + 1],
    ['last_updated', isoTime(now)],
  ] as const;
  for (const [key, value] of keys) {
    const set = setKey(applyReplacements(text, all), key, value);
    if (set !== undefined) all = composeReplacements(all, set);
  }
  return all;
}

/** @see https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md (0.2.0) */
function statementOf(
  { justification, statement }: Extract<NewDecision, { kind: 'not-affected' }>,
  { id, aliases, purl, product }: DecisionSubject,
  { author, now }: DecisionContext,
): object {
  return {
    vulnerability: { name: id, ...(aliases.length === 0 ? {} : { aliases }) },
    timestamp: isoTime(now),
    products: [product === undefined ? { '@id': purl } : { '@id': product, subcomponents: [{ '@id': purl }] }],
    status: 'not_affected',
    ...(Object.hasOwn(JUSTIFICATIONS, justification) ? { justification } : {}),
    ...(statement === '' ? {} : { impact_statement: statement }),
    // The format has an author for the whole document only, who may be another one.
    ...(author === undefined ? {} : { status_notes: `${DECIDED_BY}${author}` }),
  };
}

function entryOf(
  decision: Exclude<NewDecision, { kind: 'not-affected' }>,
  { id, signature, name, version }: DecisionSubject,
  { author, now }: DecisionContext,
): object {
  const until =
    decision.kind === 'accept'
      ? undefined
      : decision.until === 'fixed'
        ? UNTIL_FIXED
        : decision.until === 'version'
          ? UNTIL_VERSION
          : decision.until.date;
  return {
    ...(signature === undefined ? { advisory: id } : { signature }),
    package: name,
    // A bump revives what was accepted; a snooze until a day holds for all versions that come by then.
    ...(decision.kind === 'accept' || until === UNTIL_VERSION || signature !== undefined ? { version } : {}),
    ...(until === undefined ? {} : { until }),
    ...(decision.reason === '' ? {} : { reason: decision.reason }),
    ...(author === undefined ? {} : { author }),
    date: isoTime(now).slice(0, 10),
  };
}

/** The specification asks for an IRI that no other document has. */
function documentId(subjects: readonly DecisionSubject[], { now }: DecisionContext): string {
  const [first] = subjects;
  const about = encodeURIComponent(first?.product ?? first?.purl ?? 'workspace');
  return `https://openvex.dev/docs/public/provender-${about}-${String(now)}`;
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

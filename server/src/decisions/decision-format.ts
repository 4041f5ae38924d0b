import type { Decision } from '../core/decision.ts';
import type { ProjectSettings } from '../core/settings.ts';
import type { Parsed, Problem, Span } from '../core/span.ts';

/** A decision before its reader knows which file it came from. */
export type FoundDecision = Omit<Decision, 'place' | 'tool'> & { readonly span: Span };

/** One form in which decisions are written. */
export interface DecisionFormat {
  /** The form's name, for people. */
  readonly tool: string;
  /** True for names of files in this form. */
  matches(name: string): boolean;
  /** True for forms that lie in a folder of their own (`.vex`) as well as at the root. */
  readonly isVex?: boolean;
  /** Reads a whole text, however broken. Never throws. Undefined when it is something else under that name. */
  read(text: string, name: string): Parsed<readonly FoundDecision[]> | undefined;
  /** What such a file says about settings. */
  readSettings?(text: string): Parsed<ProjectSettings>;
}

const NOTHING_SAID: Omit<FoundDecision, 'span'> = {
  status: 'accepted',
  ids: [],
  packages: [],
  products: [],
  reason: '',
  author: undefined,
  decidedAt: undefined,
  until: undefined,
  untilFixed: false,
};

/** A decision of which only some parts were said. */
export function found(span: Span, said: Partial<Omit<FoundDecision, 'span'>>): FoundDecision {
  return { ...NOTHING_SAID, ...said, span };
}

/** An entry of a list of exceptions: with an end it is a snooze, without one it was accepted. */
export function ignored(span: Span, said: Partial<Omit<FoundDecision, 'span' | 'status'>>): FoundDecision {
  const hasEnd = said.until !== undefined || said.untilFixed === true;
  return found(span, { ...said, status: hasEnd ? 'snoozed' : 'accepted' });
}

/** Package managers number advisories. */
export function isNumber(id: string): boolean {
  return /^\d+$/.test(id);
}

export function numberProblem(span: Span): Problem {
  const message =
    'nothing public leads from a number of the npm registry to an advisory: write its GHSA id; this entry is not applied';
  return { span, message };
}

/** A time as files write it, in milliseconds since the epoch; undefined when it is none. A date alone is its midnight in UTC. */
export function timeOf(text: string | undefined): number | undefined {
  if (
    text === undefined ||
    !/^\d{4}(?:-\d{2}){0,2}(?:[T ][\d:.,+\-Zz ]*)?$|^\d{4}\/\d{1,2}\/\d{1,2}$/.test(text.trim())
  ) {
    return undefined;
  }
  const time = Date.parse(text.trim());
  return Number.isNaN(time) ? undefined : time;
}

/** True for what may be an advisory's id in public data. */
export function isPublicId(id: string): boolean {
  return /^[A-Za-z]+-[\w.:-]+$/.test(id);
}

import type { DecideArguments, DecideParams } from '../../../server/src/protocol.ts';

type Decision = DecideParams['decision'];

export interface DecisionChoice {
  readonly label: string;
  readonly detail: string;
  /** What the user is asked for; a decision without any reason is no use to who reads it later. */
  readonly prompt: string;
  readonly needsReason: boolean;
  readonly decide: (reason: string) => Decision;
}

export interface DecisionGroup {
  readonly label: string;
  readonly choices: readonly DecisionChoice[];
}

function notAffected(label: string, justification: string, detail: string): DecisionChoice {
  return {
    label,
    detail,
    prompt: 'Why, in a sentence that others can check',
    needsReason: false,
    decide: (statement) => ({ kind: 'not-affected', justification, statement }),
  };
}

function snooze(label: string, detail: string, until: Extract<Decision, { kind: 'snooze' }>['until']): DecisionChoice {
  return {
    label,
    detail,
    prompt: 'Why it may wait',
    needsReason: false,
    decide: (reason) => ({ kind: 'snooze', until, reason }),
  };
}

/** All that can be decided, in the words of OpenVEX where it has any. */
export const DECISION_GROUPS: readonly DecisionGroup[] = [
  {
    label: 'Not affected, because …',
    choices: [
      notAffected(
        'the vulnerable code is never executed',
        'vulnerable_code_not_in_execute_path',
        'No path of this project leads to it',
      ),
      notAffected(
        'an adversary cannot control the vulnerable code',
        'vulnerable_code_cannot_be_controlled_by_adversary',
        'Its input comes from this project alone',
      ),
      notAffected(
        'mitigations are built in',
        'inline_mitigations_already_exist',
        'Something in this project keeps it from being exploited',
      ),
      notAffected(
        'the vulnerable code is not present',
        'vulnerable_code_not_present',
        'It was removed, patched or never built',
      ),
      notAffected('the component is not present', 'component_not_present', 'It is not part of what is delivered'),
    ],
  },
  {
    label: 'Snooze',
    choices: [
      snooze('until a fix exists', 'It is back when some version is known to fix it', 'fixed'),
      snooze('for 30 days', 'It is back after that day', { days: 30 }),
      snooze('until another version is installed', 'The next version is looked at anew', 'version'),
    ],
  },
  {
    label: 'Accept',
    choices: [
      {
        label: 'accept the risk of this version',
        detail: 'The next version is looked at anew',
        prompt: 'Why it is accepted',
        needsReason: true,
        decide: (reason) => ({ kind: 'accept', reason }),
      },
    ],
  },
];

/** What a code action of the server hands over; undefined when it is something else. */
export function decideArguments(told: unknown): DecideArguments | undefined {
  if (typeof told !== 'object' || told === null || !('risks' in told) || !('advisories' in told)) return undefined;
  const { risks, advisories } = told;
  return areTexts(risks) && areTexts(advisories) ? { risks, advisories } : undefined;
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

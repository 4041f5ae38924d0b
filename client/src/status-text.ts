import type { StatusParams } from '../../server/src/protocol.ts';

/** What the status item shows: text with an icon, and the command behind a click. */
export interface StatusLook {
  readonly text: string;
  readonly tooltip: string;
  readonly accessibleLabel: string;
  readonly command: string;
  readonly isVisible: boolean;
}

const ICONS: Readonly<Record<StatusParams['state'], string>> = {
  busy: 'loading~spin',
  ready: 'shield',
  empty: 'shield',
  offline: 'debug-disconnect',
  'consent-needed': 'question',
  off: 'circle-slash',
};

export function statusLook(status: StatusParams): StatusLook {
  return {
    text: `$(${ICONS[status.state]}) ${status.text}`.trimEnd(),
    tooltip: status.tooltip,
    accessibleLabel: `Provender: ${status.text}`,
    // Where the user's answer is wanted, a click asks for it.
    command: status.state === 'consent-needed' ? 'provender.chooseOnline' : 'provender.showRisks',
    isVisible: status.state !== 'off',
  };
}

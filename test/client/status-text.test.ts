import { expect, test } from 'vitest';
import { statusLook } from '../../client/src/status-text.ts';
import type { StatusParams } from '../../server/src/protocol.ts';

test('a click opens the tree', () => {
  expect(statusLook(status({ text: '3 do now' }))).toMatchObject({
    text: '$(shield) 3 do now',
    accessibleLabel: 'Provender: 3 do now',
    command: 'provender.showRisks',
  });
});

test('a click asks for the decision that is missing', () => {
  expect(statusLook(status({ state: 'consent-needed' })).command).toBe('provender.chooseOnline');
});

test('something turns while the server is busy', () => {
  expect(statusLook(status({ state: 'busy' })).text).toContain('~spin');
});

test('the item is hidden only where Provender is turned off', () => {
  const states: readonly StatusParams['state'][] = ['busy', 'ready', 'offline', 'consent-needed', 'off'];
  expect(states.filter((state) => !statusLook(status({ state })).isVisible)).toEqual(['off']);
});

function status(partial: Partial<StatusParams>): StatusParams {
  return { state: 'ready', text: '', tooltip: '', findings: 0, doNow: 0, ...partial };
}

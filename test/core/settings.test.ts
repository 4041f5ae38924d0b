import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DEFAULT_SETTINGS, LEVEL_KEYS, readSettings, SETTINGS } from '../../server/src/core/settings.ts';

test.each([[undefined], [null], ['x'], [7], [[]], [{}], [{ unheardOf: true }]])('%j gives the defaults', (raw) => {
  expect(readSettings(raw)).toEqual(DEFAULT_SETTINGS);
});

test('keys are read nested, as editors send them, and dotted, as people write them', () => {
  const expected = { ...DEFAULT_SETTINGS, scorecardThreshold: 5, hosts: { osv: 'https://osv.example/' } };
  expect(readSettings({ scorecard: { threshold: 5 }, network: { hosts: { osv: 'https://osv.example/' } } })).toEqual(
    expected,
  );
  expect(readSettings({ 'scorecard.threshold': 5, 'network.hosts': { osv: 'https://osv.example/' } })).toEqual(
    expected,
  );
});

test.each([
  ['a word for a switch', { enable: 'no' }],
  ['a number for a switch', { offline: 1 }],
  ['a choice that is none', { inline: 'sometimes' }],
  ['a threshold that is no number', { scorecard: { threshold: NaN } }],
  ['a threshold below the scale', { scorecard: { threshold: -1 } }],
  ['a threshold above the scale', { scorecard: { threshold: 11 } }],
  ['a pattern where a list belongs', { exclude: '**' }],
  ['a list of hosts', { network: { hosts: ['https://osv.example/'] } }],
  ['a database that is no text', { advisories: { database: 7, source: 'nowhere' } }],
  ['a level for a kind that is none', { severity: { __proto__x: 'off', everything: 'off' } }],
  ['a level that is none', { severity: { high: 'loud', low: 3 } }],
])('%s is as if it were not set', (_, raw) => {
  expect(readSettings(raw)).toEqual(DEFAULT_SETTINGS);
});

test('of a list and of a map only what is text is taken', () => {
  const settings = readSettings({ exclude: ['a/**', 7, null], network: { hosts: { osv: 'x', kev: 7 } } });
  expect(settings.exclude).toEqual(['a/**']);
  expect(settings.hosts).toEqual({ osv: 'x' });
});

test('every level that the table names is read', () => {
  const severity = Object.fromEntries(LEVEL_KEYS.map((key) => [key, 'off']));
  expect(readSettings({ severity }).severity).toEqual(severity);
});

test('a hostile key changes no prototype', () => {
  const raw: unknown = JSON.parse(
    '{"severity":{"__proto__":"off"},"network":{"hosts":{"__proto__":"x"}},"__proto__":{"offline":true}}',
  );
  const settings = readSettings(raw);
  expect(settings.offline).toBe(false);
  expect(Object.getPrototypeOf(settings.hosts)).toBe(Object.prototype);
  expect(settings.severity).toEqual({});
});

test('any value at all gives settings', () => {
  fc.assert(
    fc.property(fc.anything(), (raw) => {
      expect(Object.keys(readSettings(raw))).toEqual(Object.keys(DEFAULT_SETTINGS));
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...Object.keys(SETTINGS)), fc.anything()), (raw) => {
      const { scorecardThreshold } = readSettings(raw);
      expect(scorecardThreshold).toBeGreaterThanOrEqual(0);
      expect(scorecardThreshold).toBeLessThanOrEqual(10);
    }),
  );
});

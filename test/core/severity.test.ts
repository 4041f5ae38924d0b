import { expect, test } from 'vitest';

import {
  compareSeverity,
  reaches,
  SEVERITIES,
  severityFromWord,
  worstSeverity,
  type Severity,
} from '../../server/src/core/severity.ts';

test('malware is worse than critical, and an unknown severity comes last', () => {
  const shuffled: Severity[] = ['low', 'unknown', 'malware', 'high', 'critical', 'medium'];
  expect(shuffled.sort(compareSeverity)).toEqual(['malware', 'critical', 'high', 'medium', 'low', 'unknown']);
  expect(shuffled).toEqual([...SEVERITIES]);
});

test('the worst of several is told, and none of none', () => {
  expect(worstSeverity(['low', 'high', 'medium'])).toBe('high');
  expect(worstSeverity([])).toBeUndefined();
});

test.each([
  ['malware', 'critical', true],
  ['critical', 'high', true],
  ['high', 'high', true],
  ['medium', 'high', false],
  ['unknown', 'high', true],
  ['unknown', 'critical', false],
  ['unknown', 'low', true],
  ['low', 'unknown', true],
] as const)('%s counts for --fail-on %s: %s', (severity, threshold, counts) => {
  expect(reaches(severity, threshold)).toBe(counts);
});

test.each([
  ['MODERATE', 'medium'],
  ['Important', 'high'],
  ['CRITICAL', 'critical'],
  ['info', 'low'],
  ['malware', 'unknown'],
  ['', 'unknown'],
  [7, 'unknown'],
  [undefined, 'unknown'],
])("the source's word %j is %s", (word, severity) => {
  expect(severityFromWord(word)).toBe(severity);
});

import { describe, expect, test } from 'vitest';

import { decodeScorecard, scorecardKey, scorecardRequest } from '../../server/src/sources/scorecard.ts';

const KEY = 'github.com/acme/widget';

function decode(value: unknown): unknown {
  return decodeScorecard(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), KEY);
}

describe('a repository', () => {
  test.each([
    ['github.com/Acme/Widget', KEY],
    ['github.com/acme/widget.git', KEY],
    ['gitlab.com/acme/widget', undefined],
    ['github.com/acme', undefined],
    ['github.com/acme/widget/tree/main', undefined],
    ['github.com/../widget', undefined],
    ['github.com/acme/..', undefined],
    ['github.com/acme/wid get', undefined],
    ['', undefined],
  ])('%s is asked for as %s', (repository, key) => {
    expect(scorecardKey(repository)).toBe(key);
  });
});

test('the request goes to the project', () => {
  expect(scorecardRequest('https://scorecard.example/', KEY).url).toBe(
    'https://scorecard.example/projects/github.com/acme/widget',
  );
});

test('score, date and checks are read', () => {
  const checks = [
    { name: 'Maintained', score: 10, reason: '30 commits\nin 90 days' },
    { name: 'Fuzzing', score: -1, reason: 'inconclusive' },
    { name: 'broken' },
    null,
  ];
  expect(decode({ date: '2026-01-05', score: 6.84, checks })).toEqual({
    score: 6.8,
    date: '2026-01-05',
    repository: KEY,
    checks: [
      { name: 'Maintained', score: 10, reason: '30 commits in 90 days' },
      { name: 'Fuzzing', score: -1, reason: 'inconclusive' },
    ],
  });
});

test.each(['{', '<html>', {}, { date: '2026-01-05', score: '7' }, { date: '2026-01-05', score: 11 }, { score: 7 }])(
  '%j is no scorecard',
  (value) => {
    expect(() => decode(value)).toThrow(expect.objectContaining({ code: 'bad-answer' }));
  },
);

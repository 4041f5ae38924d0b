import { describe, expect, it } from 'vitest';

import { decodeEpss, epssRequest } from '../../server/src/sources/epss.ts';

function check(answer: unknown, expected: readonly object[]): void {
  expect(decodeEpss(new TextEncoder().encode(JSON.stringify(answer)))).toEqual(expected);
}

describe('EPSS', () => {
  it('is asked for many vulnerabilities at once', () => {
    expect(epssRequest('https://epss.example/', ['CVE-2021-44906', 'CVE-2020-7774']).url).toBe(
      'https://epss.example/data/v1/epss?limit=100&cve=CVE-2021-44906,CVE-2020-7774',
    );
  });

  it('has its numbers in texts', () =>
    check(
      { status: 'OK', data: [{ cve: 'CVE-2021-44906', epss: '0.01234', percentile: '0.79', date: '2026-11-21' }] },
      [{ cve: 'CVE-2021-44906', probability: 0.01234, percentile: 0.79, date: '2026-11-21', model: undefined }],
    ));

  it('leaves out rows that cannot be read', () =>
    check(
      {
        data: [
          null,
          { cve: 'nonsense', epss: '0.1', percentile: '0.1', date: '2026-11-21' },
          { cve: 'CVE-2021-1000', epss: '7', percentile: '0.1', date: '2026-11-21' },
          { cve: 'CVE-2021-1000', epss: '', percentile: '0.1', date: '2026-11-21' },
          { cve: 'CVE-2021-1000', epss: '0.1', percentile: '0.1' },
        ],
      },
      [],
    ));

  it('is no answer without a list of scores', () => {
    expect(() => decodeEpss(new TextEncoder().encode('{}'))).toThrow(/without scores/);
  });
});

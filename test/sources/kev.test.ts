import { expect, test } from 'vitest';

import { decodeKev, decodeStoredKev, encodeKev, kevRequest } from '../../server/src/sources/kev.ts';

function body(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

test('entries are read with their date and whether ransomware uses them', () => {
  const entries = decodeKev(
    body({
      catalogVersion: '2026.01.01',
      vulnerabilities: [
        { cveID: 'CVE-2024-0001', dateAdded: '2024-05-01', knownRansomwareCampaignUse: 'Known' },
        { cveID: ' cve-2024-12345 ', dateAdded: '2024-05-02T00:00:00Z', knownRansomwareCampaignUse: 'Unknown' },
      ],
    }),
  );
  expect(entries).toEqual([
    { cve: 'CVE-2024-0001', dateAdded: '2024-05-01', ransomware: true },
    { cve: 'CVE-2024-12345', dateAdded: '2024-05-02', ransomware: false },
  ]);
});

test('an entry that cannot be read loses nothing but itself', () => {
  const vulnerabilities = [null, 1, {}, { cveID: 'none' }, { cveID: 'CVE-2024-0001' }];
  expect(decodeKev(body({ vulnerabilities }))).toEqual([{ cve: 'CVE-2024-0001', dateAdded: '', ransomware: false }]);
});

test.each([['{"vulnerabilities":[{'], ['<html>'], ['[]'], ['{}']])('%s is no catalog', (text) => {
  expect(() => decodeKev(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'bad-answer' }));
});

test('what is stored reads as it was', () => {
  const entries = [{ cve: 'CVE-2024-0001', dateAdded: '2024-05-01', ransomware: true }];
  expect([...(decodeStoredKev(JSON.parse(encodeKev(entries))) ?? [])]).toEqual([['CVE-2024-0001', entries[0]]]);
  expect(decodeStoredKev({})).toBeUndefined();
  expect(decodeStoredKev([null, [1], 'x'])?.size).toBe(0);
});

test('a mirror may be a host or the file itself', () => {
  expect(kevRequest('https://mirror.example/', undefined).url).toBe(
    'https://mirror.example/sites/default/files/feeds/known_exploited_vulnerabilities.json',
  );
  expect(kevRequest('https://mirror.example/kev.json', '"e"')).toMatchObject({
    url: 'https://mirror.example/kev.json',
    headers: { 'if-none-match': '"e"' },
  });
});

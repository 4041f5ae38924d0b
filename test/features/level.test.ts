import { expect, test } from 'vitest';

import { checkDiagnostics, foundIn } from '../support/check-diagnostics.ts';

const LODASH = { id: 'GHSA-1', package: 'lodash', versions: '>=0 <4.17.21', summary: 'command injection' } as const;

test.each([
  ['critical', 'error'],
  ['high', 'warning'],
  ['medium', 'information'],
  ['low', 'hint'],
  ['unknown', 'warning'],
] as const)('a %s advisory in a direct production dependency is shown as %s', (severity, level) =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0"
        ^^^^^ ${level} GHSA-9: a 1.0.0 is affected by GHSA-9 (${severity}): bad. No fixed version is known.
} }`,
    {
      installed: { a: '1.0.0' },
      advisories: [{ id: 'GHSA-9', package: 'a', versions: '>=0', severity, summary: 'bad' }],
    },
  ),
);

test('malware is an error with words of its own, wherever it stands', () =>
  checkDiagnostics(
    `{
  "dependencies": {
    "a": "1.0.0",
          ^^^^^ error MAL-1: a 1.0.0 is malware (MAL-1): steals tokens. Remove it, treat the machine as compromised and rotate secrets from another one.
    "b": "1.0.0"
          ^^^^^ error MAL-2: b 1.0.0 brings in 1 affected package, 1 malware, by way of b > c 1.0.0.
  },
  "devDependencies": {
    "d": "1.0.0"
          ^^^^^ error MAL-3: d 1.0.0 is malware (MAL-3): mines coins. Remove it, treat the machine as compromised and rotate secrets from another one.
  }
}`,
    {
      installed: { a: '1.0.0', b: '1.0.0 needs c', c: '1.0.0', d: '1.0.0 dev' },
      advisories: [
        { id: 'MAL-1', package: 'a', versions: '>=0', summary: 'steals tokens' },
        { id: 'MAL-2', package: 'c', versions: '>=0', summary: 'steals tokens' },
        { id: 'MAL-3', package: 'd', versions: '>=0', summary: 'mines coins' },
      ],
    },
  ));

test('what is known to be exploited is an error in a direct dependency and a warning in a transitive one', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0",
        ^^^^^ error GHSA-1: a 1.0.0 is affected by GHSA-1 (low): bad. No fixed version is known. Known to be exploited (CISA KEV).
  "b": "1.0.0"
        ^^^^^ warning GHSA-2: b 1.0.0 brings in 1 affected package, 1 low, by way of b > c 1.0.0.
} }`,
    {
      installed: { a: '1.0.0', b: '1.0.0 needs c', c: '1.0.0' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0', severity: 'low', summary: 'bad', aliases: ['CVE-2026-1'] },
        { id: 'GHSA-2', package: 'c', versions: '>=0', severity: 'low', summary: 'bad', aliases: ['CVE-2026-1'] },
      ],
      kev: ['CVE-2026-1'],
    },
  ));

test('what is used in development only is a hint', () =>
  checkDiagnostics(
    `{ "devDependencies": {
  "a": "1.0.0",
        ^^^^^ hint GHSA-1: a 1.0.0 is affected by GHSA-1 (critical): bad. No fixed version is known.
  "b": "1.0.0"
        ^^^^^ hint GHSA-2: b 1.0.0 brings in 1 affected package, 1 critical, by way of b > c 1.0.0.
} }`,
    {
      installed: { a: '1.0.0 dev', b: '1.0.0 dev needs c', c: '1.0.0 dev' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0', severity: 'critical', summary: 'bad' },
        { id: 'GHSA-2', package: 'c', versions: '>=0', severity: 'critical' },
      ],
    },
  ));

test('a deprecated dependency is tagged at its name', async () => {
  const text = `{ "dependencies": {
  "request": "2.88.2"
   ^^^^^^^ hint deprecated: request 2.88.2 is deprecated: no longer supported.
} }`;
  const facts = {
    installed: { request: '2.88.2' },
    registry: { request: [{ version: '2.88.2', deprecated: 'no longer supported' }] },
  };
  await checkDiagnostics(text, facts);
  expect((await foundIn(text, facts)).all[0]?.tags).toEqual([2]);
});

test('an invalid signature is an error, and one that is missing a warning', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0",
        ^^^^^ error signature-invalid: a 1.0.0: The signature does not fit the hash
  "b": "1.0.0",
        ^^^^^ warning signature-unsigned: b 1.0.0: It has no signature
  "c": "1.0.0"
} }`,
    {
      installed: { a: '1.0.0', b: '1.0.0', c: '1.0.0' },
      signatures: {
        'a@1.0.0': { verdict: 'invalid', message: 'The signature does not fit the hash' },
        'b@1.0.0': { verdict: 'unsigned', message: 'It has no signature' },
        'c@1.0.0': { verdict: 'registry-unsigned', message: 'The registry does not sign' },
      },
    },
  ));

test('settings change each level, and "off" is silence', () =>
  checkDiagnostics(
    `{
  "dependencies": {
    "a": "1.0.0",
          ^^^^^ information MAL-1: a 1.0.0 is malware (MAL-1): bad. Remove it, treat the machine as compromised and rotate secrets from another one.
    "b": "1.0.0",
    "c": "2.0.0",
    "d": "1.0.0"
          ^^^^^ error GHSA-4: d 1.0.0 brings in 1 affected package, 1 high, by way of d > e 1.0.0.
  },
  "devDependencies": {
    "f": "1.0.0"
          ^^^^^ warning GHSA-5: f 1.0.0 is affected by GHSA-5 (high): bad. No fixed version is known.
  }
}`,
    {
      installed: { a: '1.0.0', b: '1.0.0', c: '1.0.0', d: '1.0.0 needs e', e: '1.0.0', f: '1.0.0 dev' },
      advisories: [
        { id: 'MAL-1', package: 'a', versions: '>=0', summary: 'bad' },
        { id: 'GHSA-2', package: 'b', versions: '>=0' },
        { id: 'GHSA-4', package: 'e', versions: '>=0' },
        { id: 'GHSA-5', package: 'f', versions: '>=0', summary: 'bad' },
      ],
      settings: {
        severity: { malware: 'information', high: 'off', pending: 'off', transitive: 'error', development: 'warning' },
      },
    },
  ));

test('what is brought in is not said where the settings turn it off', () =>
  checkDiagnostics('{ "dependencies": { "a": "1.0.0" } }', {
    installed: { a: '1.0.0 needs b', b: '1.0.0' },
    advisories: [{ id: 'GHSA-1', package: 'b', versions: '>=0' }],
    settings: { transitive: false },
  }));

test('development dependencies that are turned off are not marked', () =>
  checkDiagnostics('{ "devDependencies": { "lodash": "4.17.20" } }', {
    installed: { lodash: '4.17.20 dev' },
    advisories: [LODASH],
    settings: { devDependencies: false },
  }));

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DECISION_FORMATS, formatsOf } from '../../server/src/decisions/formats.ts';

const SAMPLES: Readonly<Record<string, string>> = {
  '.provender.jsonc': '{ "ignore": [{ "advisory": "GHSA-1", "until": "2027-01-01", "package": "a" }] }',
  'a.openvex.json':
    '{ "@context": "https://openvex.dev/ns", "statements": [{ "vulnerability": { "name": "CVE-1" }, "products": [{ "@id": "pkg:npm/a@1" }], "status": "fixed" }] }',
  'bom.json':
    '{ "bomFormat": "CycloneDX", "components": [{ "bom-ref": "a", "purl": "pkg:npm/a@1" }], "vulnerabilities": [{ "id": "CVE-1", "analysis": { "state": "resolved" }, "affects": [{ "ref": "a" }] }] }',
  'osv-scanner.toml': '[[IgnoredVulns]]\nid = "GHSA-1"\nignoreUntil = 2027-01-01\n',
  '.trivyignore': '# why\nCVE-1 exp:2027-01-01\n',
  '.trivyignore.yaml': 'vulnerabilities:\n  - id: CVE-1\n    expired_at: 2027-01-01\n    purls: ["pkg:npm/a@1"]\n',
  'audit-ci.jsonc': '{ "allowlist": ["GHSA-1|a>b", { "GHSA-2": { "expiry": "2027-01-01" } }] }',
  '.nsprc': '{ "GHSA-1": { "active": true, "expiry": "2027-01-01" } }',
  'package.json': '{ "pnpm": { "auditConfig": { "ignoreGhsas": ["GHSA-1"] } } }',
  'pnpm-workspace.yaml': 'auditConfig:\n  ignoreGhsas: [GHSA-1]\n',
  '.yarnrc.yml': 'npmAuditIgnoreAdvisories: ["GHSA-1"]\n',
};
const NAMES = Object.keys(SAMPLES);

/** Reads a text by every form that its name allows, and looks at the places. */
function read(name: string, text: string): number {
  let decisions = 0;
  for (const parsed of formatsOf(name).flatMap((format) => format.read(text, name) ?? [])) {
    decisions += parsed.value.length;
    for (const { span } of [...parsed.value, ...parsed.problems]) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(text.length);
    }
  }
  return decisions;
}

test('each form has a sample that decides something', () => {
  for (const name of NAMES) expect(read(name, SAMPLES[name] ?? ''), name).toBeGreaterThan(0);
  for (const format of DECISION_FORMATS)
    expect(
      NAMES.some((name) => format.matches(name)),
      format.tool,
    ).toBe(true);
});

test('a sample with a byte order mark, other line ends or another piece cut out of it is read without an error', () => {
  const cut = fc.record({
    name: fc.constantFrom(...NAMES),
    at: fc.nat(400),
    length: fc.nat(40),
    inserted: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('<<<<<<< HEAD\n', '\uFEFF', '\r', '{"__proto__": ', '[[[', '1e999', '\ud800', '"', '&a *a'),
    ),
  });
  fc.assert(
    fc.property(cut, ({ name, at, length, inserted }) => {
      const text = SAMPLES[name] ?? '';
      read(name, text.slice(0, at) + inserted + text.slice(at + length));
      read(name, `\uFEFF${text.slice(0, at).replaceAll('\n', '\r\n')}`);
    }),
    { numRuns: 2000 },
  );
});

test.each(NAMES)('%s that is nothing but brackets is refused, not followed', (name) => {
  read(name, '['.repeat(100_000));
  read(name, '{"a":'.repeat(100_000));
});

import { describe, expect, it } from 'vitest';

import { formatsOf } from '../../server/src/decisions/formats.ts';

/** What a file decides, as its reader says it: the ids or packages, the status, the rest where something was said. */
function check(name: string, text: string, expected: readonly string[], problems: readonly string[] = []): void {
  const read = formatsOf(name).flatMap((format) => format.read(text, name) ?? []);
  expect(read.flatMap(({ value }) => value.map(described))).toEqual(expected);
  const said = read.flatMap(({ problems: all }) => all.map(({ message }) => message));
  expect(said).toHaveLength(problems.length);
  problems.forEach((part, index) => expect(said[index]).toContain(part));
  for (const { span } of read.flatMap(({ value, problems: all }) => [...value, ...all])) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeLessThanOrEqual(text.length);
  }
}

type Found = NonNullable<ReturnType<ReturnType<typeof formatsOf>[number]['read']>>['value'][number];

function described(item: Found): string {
  const packages = item.packages.map(({ name, version, path }) => {
    return path ? path.join('>') : `${name ?? '*'}${version === undefined ? '' : `@${version}`}`;
  });
  const rest = [
    ...(item.products.length > 0 ? [`in ${item.products.join()}`] : []),
    ...(item.until === undefined ? [] : [`until ${new Date(item.until).toISOString().slice(0, 10)}`]),
    ...(item.untilFixed ? ['until fixed'] : []),
    ...(item.author === undefined ? [] : [`by ${item.author}`]),
    ...(item.reason === '' ? [] : [item.reason]),
  ];
  return [`${item.ids.join('/') || '*'} ${packages.join() || '*'}: ${item.status}`, ...rest].join(' | ');
}

describe('osv-scanner.toml', () => {
  it('ignores a vulnerability, until a date, with a reason', () =>
    check(
      'osv-scanner.toml',
      `[[IgnoredVulns]]
id = "GO-2022-0968"
# ignoreUntil = 2022-11-09
reason = "No ssh servers are connected to or hosted in Go lang"

[[IgnoredVulns]]
id = "GHSA-1"
ignoreUntil = 2026-11-09
`,
      [
        'GO-2022-0968 *: accepted | No ssh servers are connected to or hosted in Go lang',
        'GHSA-1 *: snoozed | until 2026-11-09',
      ],
    ));

  it('overrides a package, in part or whole, of the ecosystem that is asked about', () =>
    check(
      'osv-scanner.toml',
      `[[PackageOverrides]]
name = "lib"
version = "1.0.0"
ecosystem = "npm"
vulnerability.ignore = true
effectiveUntil = 2026-11-09
reason = "abc"

[[PackageOverrides]]
name = "other"
ecosystem = "Go"
ignore = true

[[PackageOverrides]]
name = "licence-only"
ecosystem = "npm"
license.override = ["MIT"]
`,
      ['* lib@1.0.0: snoozed | until 2026-11-09 | abc'],
    ));

  it('does not apply what has an end or a version that cannot be read', () =>
    check(
      'osv-scanner.toml',
      '[[IgnoredVulns]]\nid = "GHSA-1"\nignoreUntil = "soon"\n[[PackageOverrides]]\nname = "lib"\nversion = 1\nignore = true\n',
      [],
      ['GHSA-1', 'lib'],
    ));

  it('decides nothing when it is broken, and says where', () =>
    check('osv-scanner.toml', '[[IgnoredVulns]]\nid = "GHSA-1"\nid = \n', [], ['nothing of this file is applied']));
});

describe('.trivyignore', () => {
  it('has an id on each line, with a comment before it and an end behind it', () =>
    check(
      '.trivyignore',
      `# Accept the risk
CVE-2018-14618

# No impact in our settings
CVE-2019-14697 exp:2026-01-01
not an id
`,
      [
        'CVE-2018-14618 *: accepted | Accept the risk',
        'CVE-2019-14697 *: snoozed | until 2026-01-01 | No impact in our settings',
      ],
    ));

  it('does not apply a line whose end is no date', () =>
    check('.trivyignore', 'CVE-2019-1 exp:soon\r\nCVE-2019-2\r\n', ['CVE-2019-2 *: accepted'], ['CVE-2019-1']));

  it('is YAML by another name, with package URLs', () =>
    check(
      '.trivyignore.yaml',
      `vulnerabilities:
  - id: CVE-2022-40897
    paths:
      - "usr/local/lib/python3.9/site-packages/setuptools-58.1.0.dist-info/METADATA"
    statement: Accept the risk
  - id: CVE-2023-2650
  - id: CVE-2023-3446
    expired_at: 2027-09-01
  - id: CVE-2023-42363
    purls:
      - "pkg:npm/%40scope/name@1.2.3"
  - id: CVE-2023-5
    purls: ["no package URL"]
`,
      [
        'CVE-2023-2650 *: accepted',
        'CVE-2023-3446 *: snoozed | until 2027-09-01',
        'CVE-2023-42363 @scope/name@1.2.3: accepted',
      ],
      ['package URL'],
    ));
});

describe('.trivyignore.yaml with a limit in another form', () => {
  it('does not apply it', () =>
    check(
      '.trivyignore.yaml',
      'vulnerabilities:\n  - id: CVE-1\n    expired_at: 20230101\n  - id: CVE-2\n    purls: pkg:npm/a@1\n',
      [],
      ['its date or a package URL', 'its date or a package URL'],
    ));
});

describe('audit-ci', () => {
  it('allows ids, packages and paths, as text or with an end and notes', () =>
    check(
      'audit-ci.jsonc',
      `{
  // only moderate and above
  "moderate": true,
  "allowlist": [
    "GHSA-42xw-2xvc-qx8m",
    "axios",
    "GHSA-rp65-9cf3-cjxr|react-scripts>*>nth-check",
    "*|react-scripts>*",
    { "GHSA-1": { "active": true, "notes": "checked", "expiry": "2026-12-01" } },
    { "GHSA-2": { "active": false } },
    { "GHSA-3": { "expiry": "whenever" } },
    1234,
  ]
}`,
      [
        'GHSA-42xw-2xvc-qx8m *: accepted',
        '* axios: accepted',
        'GHSA-rp65-9cf3-cjxr react-scripts>*>nth-check: accepted',
        '* react-scripts>*: accepted',
        'GHSA-1 *: snoozed | until 2026-12-01 | checked',
      ],
      ['no date', 'number'],
    ));

  it('survives an end beyond the calendar', () =>
    check('audit-ci.json', '{"allowlist": [{ "GHSA-1": { "expiry": 1e300 } }]}', [], ['no date']));
});

describe('.nsprc', () => {
  it('names an advisory with notes and an end; a number leads nowhere', () =>
    check(
      '.nsprc',
      `{
  "1337": { "active": true, "notes": "Ignored since we don't use xxx method", "expiry": 1615462134681 },
  "GHSA-4w2v-q235-vp99": { "notes": "no fix" },
  "CVE-2021-23337": { "active": true, "expiry": "2026-08-30" },
  "GHSA-off": { "active": false },
  "CVE-1": { "expiry": "some day" }
}`,
      ['GHSA-4w2v-q235-vp99 *: accepted | no fix', 'CVE-2021-23337 *: snoozed | until 2026-08-30'],
      ['number', 'date'],
    ));
});

describe('audits of package managers', () => {
  it('pnpm: auditConfig in package.json', () =>
    check(
      'package.json',
      '{ "pnpm": { "auditConfig": { "ignoreCves": ["CVE-2022-36313"], "ignoreGhsas": ["GHSA-42xw-2xvc-qx8m"] } } }',
      ['CVE-2022-36313 *: accepted', 'GHSA-42xw-2xvc-qx8m *: accepted'],
    ));

  it('pnpm: auditConfig in pnpm-workspace.yaml', () =>
    check('pnpm-workspace.yaml', 'auditConfig:\n  ignoreGhsas:\n    - GHSA-42xw-2xvc-qx8m\n', [
      'GHSA-42xw-2xvc-qx8m *: accepted',
    ]));

  it('yarn: advisories by id or number, and packages', () =>
    check(
      '.yarnrc.yml',
      'npmAuditIgnoreAdvisories:\n  - "1234567"\n  - "GHSA-1"\nnpmAuditExcludePackages:\n  - known_insecure_package\n',
      ['GHSA-1 *: accepted', '* known_insecure_package: accepted'],
      ['number'],
    ));
});

describe('OpenVEX', () => {
  const statement = (fields: string, products: string): string => `{
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://openvex.dev/docs/example/vex-9fb3463de1b57",
  "author": "Wolfi J Inkinson",
  "timestamp": "2023-01-08T18:02:03.647787998-06:00",
  "version": 1,
  "statements": [{ "vulnerability": { "name": "CVE-2014-123456", "aliases": ["GHSA-1"] }, "products": [${products}], ${fields} }]
}`;
  const APP = '{ "@id": "pkg:npm/app@2.0.0", "subcomponents": [{ "@id": "pkg:npm/lodash@4.17.20" }] }';

  it('says why a part of a product is not affected', () =>
    check(
      'app.openvex.json',
      statement(
        '"status": "not_affected", "justification": "vulnerable_code_not_in_execute_path", "impact_statement": "never called"',
        APP,
      ),
      [
        'CVE-2014-123456/GHSA-1 lodash@4.17.20: not-affected | in app | by Wolfi J Inkinson | the vulnerable code is never executed: never called',
      ],
    ));

  it('takes a product without parts for the package itself', () =>
    check('vex.json', statement('"status": "fixed"', '{ "identifiers": { "purl": "pkg:npm/%40a/b@1" } }'), [
      'CVE-2014-123456/GHSA-1 @a/b@1: fixed | by Wolfi J Inkinson',
    ]));

  it('does not believe a statement without its reason', () =>
    check('vex.json', statement('"status": "not_affected"', APP), [], ['justification']));

  it('does not apply a status or a product that it does not know', () => {
    check('vex.json', statement('"status": "probably_fine"', APP), [], ['probably_fine']);
    check('vex.json', statement('"status": "fixed"', '{ "@id": "https://example.org/app" }'), [], ['package URL']);
    check('vex.json', statement('"status": "fixed"', ''), [], ['no product']);
  });
});

describe('CycloneDX VEX', () => {
  const bom = (analysis: string, reference = 'lodash-ref'): string => `{
  "bomFormat": "CycloneDX", "specVersion": "1.6",
  "components": [{ "type": "library", "bom-ref": "lodash-ref", "name": "lodash", "purl": "pkg:npm/lodash@4.17.20" }],
  "vulnerabilities": [{ "id": "CVE-1", "analysis": ${analysis}, "affects": [{ "ref": "${reference}" }] }]
}`;

  it('reads an analysis of a component', () =>
    check(
      'bom.json',
      bom('{ "state": "not_affected", "justification": "code_not_reachable", "detail": "never called" }'),
      ['CVE-1 lodash@4.17.20: not-affected | code not reachable: never called'],
    ));

  it('follows a link into another document by its package URL', () =>
    check('vex.json', bom('{ "state": "resolved" }', 'urn:cdx:3e671687/1#pkg:npm/a@1'), ['CVE-1 a@1: fixed']));

  it('does not apply what it does not know', () => {
    check('bom.json', bom('{ "state": "fine" }'), [], ['"fine"']);
    check('bom.json', bom('{ "state": "resolved" }', 'nowhere'), [], ['no package']);
  });
});

describe('.provender.jsonc', () => {
  it('accepts, and snoozes until a date, a fix or another version', () =>
    check(
      '.provender.jsonc',
      `{
  // decided on Monday
  "ignore": [
    { "advisory": "GHSA-1", "reason": "internal only", "author": "Ada" },
    { "advisory": "GHSA-2", "package": "a", "until": "2027-01-01" },
    { "advisory": "GHSA-3", "package": "a", "until": "fixed" },
    { "advisory": "GHSA-4", "package": "a", "version": "1.0.0", "until": "version" },
    { "advisory": "GHSA-5", "until": "later" },
    { "advisory": "GHSA-6", "until": "version" },
    { "package": "a" },
  ],
}`,
      [
        'GHSA-1 *: accepted | by Ada | internal only',
        'GHSA-2 a: snoozed | until 2027-01-01',
        'GHSA-3 a: snoozed | until fixed',
        'GHSA-4 a@1.0.0: snoozed',
      ],
      ['"later"', 'no version', 'no advisory'],
    ));

  it('keeps what can be read of a text that breaks off', () => {
    const [format] = formatsOf('.provender.jsonc');
    const read = format?.read('{ "ignore": [{ "advisory": "GHSA-1" }, { "advisory": "GH', '.provender.jsonc');
    expect(read?.value.map(described)[0]).toBe('GHSA-1 *: accepted');
    expect(read?.problems).not.toHaveLength(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { AdvisoryRecord } from '../../server/src/core/advisory.ts';
import { decodeOsvRecord } from '../../server/src/sources/osv-record.ts';

const LEFT_PAD = {
  package: { ecosystem: 'npm', name: 'left-pad' },
  ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.3.0' }] }],
};

/** A record of one package with some fields of its own, decoded. */
function decode(fields: Readonly<Record<string, unknown>> = {}): AdvisoryRecord {
  const { record, problem } = decodeOsvRecord({
    id: 'GHSA-aaaa-bbbb-cccc',
    modified: '2026-01-02T03:04:05Z',
    affected: [LEFT_PAD],
    ...fields,
  });
  expect(problem).toBeUndefined();
  if (record === undefined) throw new Error('it has no record');
  return record;
}

const V4_CRITICAL = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
const V31_HIGH = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
const V30_MEDIUM = 'CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H';
const V2_HIGHEST = 'AV:N/AC:L/Au:N/C:C/I:C/A:C';

describe('severity', () => {
  const severity = (...scores: string[]) => scores.map((score) => ({ type: 'CVSS', score }));

  it.each([
    [[V4_CRITICAL], 'critical', '4.0', 9.3],
    [[V31_HIGH], 'high', '3.1', 7.5],
    [[V30_MEDIUM], 'medium', '3.0', 5.9],
    [[V2_HIGHEST], 'high', '2.0', 10],
    [[V2_HIGHEST, V30_MEDIUM, V31_HIGH, V4_CRITICAL], 'critical', '4.0', 9.3],
    [['CVSS:4.0/AV:N', V31_HIGH], 'high', '3.1', 7.5],
    [['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N'], 'low', '3.1', 0],
  ])('of %j is %s', (scores, word, version, score) => {
    expect(decode({ severity: severity(...scores) }).advisory).toMatchObject({
      severity: word,
      cvss: { version, score },
    });
  });

  it.each([
    ['MODERATE', 'medium'],
    ['CRITICAL', 'critical'],
    ['nonsense', 'unknown'],
    [7, 'unknown'],
    [undefined, 'unknown'],
  ])('of only the word %j is %s, without a number', (word, expected) => {
    const { advisory } = decode({ database_specific: { severity: word } });
    expect(advisory.severity).toBe(expected);
    expect(advisory.cvss).toBeUndefined();
  });

  it('falls back to the word when no vector can be read', () => {
    const fields = {
      severity: severity('CVSS:3.1/garbage', '9.8', '__proto__'),
      database_specific: { severity: 'HIGH' },
    };
    expect(decode(fields).advisory).toMatchObject({ severity: 'high', cvss: undefined });
  });

  it('of single packages counts where the record has none', () => {
    const entry = { ...LEFT_PAD, severity: severity(V31_HIGH) };
    expect(decode({ affected: [LEFT_PAD, entry] }).advisory.cvss?.score).toBe(7.5);
    expect(decode({ affected: [entry], severity: severity(V30_MEDIUM) }).advisory.cvss?.score).toBe(5.9);
    const worded = { ...LEFT_PAD, ecosystem_specific: { severity: 'low' } };
    expect(decode({ affected: [worded] }).advisory.severity).toBe('low');
  });
});

describe('malware', () => {
  it('is told by its id, and is a severity of its own', () => {
    expect(decode({ id: 'MAL-2026-1', severity: [{ type: 'CVSS_V3', score: V30_MEDIUM }] }).advisory).toMatchObject({
      kind: 'malware',
      severity: 'malware',
    });
  });

  it('is told by where the record was collected', () => {
    expect(decode({ database_specific: { 'malicious-packages-origins': [] } }).advisory.kind).toBe('malware');
    expect(decode().advisory.kind).toBe('vulnerability');
  });

  it('has its weaknesses with the package', () => {
    const entry = { ...LEFT_PAD, database_specific: { cwes: [{ cweId: 'CWE-506', name: 'Embedded Malicious Code' }] } };
    expect(decode({ affected: [entry] }).advisory.cwes).toEqual(['CWE-506']);
  });
});

describe('affected versions', () => {
  it('are kept of every entry, ranges and versions and the cap', () => {
    const { affected } = decode({
      affected: [
        { ...LEFT_PAD, database_specific: { last_known_affected_version_range: '< 1.3.0' } },
        {
          package: { ecosystem: 'PyPI', name: 'leftpad' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '1.0', limit: '3' }, { last_affected: '2.0rc1' }] }],
          versions: ['0.1', 2, '0.2'],
        },
      ],
    });
    expect(affected).toEqual([
      {
        ecosystem: 'npm',
        name: 'left-pad',
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.3.0' }] }],
        versions: [],
        lastKnownAffected: '< 1.3.0',
      },
      {
        ecosystem: 'PyPI',
        name: 'leftpad',
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '1.0' }, { limit: '3' }, { lastAffected: '2.0rc1' }] }],
        versions: ['0.1', '0.2'],
        lastKnownAffected: undefined,
      },
    ]);
  });

  it('leave out commits, unnamed packages and names that are not clean', () => {
    const { affected } = decode({
      affected: [
        { ...LEFT_PAD, ranges: [{ type: 'GIT', repo: 'https://git.example/', events: [{ introduced: '0' }] }] },
        { ranges: LEFT_PAD.ranges },
        { ...LEFT_PAD, package: { ecosystem: 'npm', name: 'left\u202epad' } },
        { ...LEFT_PAD, package: { ecosystem: 'npm', name: '__proto__' } },
        null,
        'left-pad',
      ],
    });
    expect(affected.map((entry) => entry.name)).toEqual(['__proto__']);
  });

  it('are reported when there are more than are kept', () => {
    const versions = Array.from({ length: 20_001 }, (_, index) => `1.0.${index}`);
    const { record, problem } = decodeOsvRecord({
      id: 'X-1',
      modified: '2026-01-01',
      affected: [{ ...LEFT_PAD, versions }],
    });
    expect(problem).toBe('X-1: more than 20000 versions');
    expect(record?.affected[0]?.versions).toHaveLength(20_000);
  });
});

describe('the summary', () => {
  it('is the first line of the details that is no heading, when the record has none', () => {
    expect(decode({ details: '### Impact\r\n\r\nAnyone can *read* files.\nMore.' }).advisory.summary).toBe(
      'Anyone can *read* files.',
    );
    expect(decode({ details: '# Only a heading' }).advisory.summary).toBe('Only a heading');
    expect(decode({ details: 7 }).advisory.summary).toBe('no description');
  });

  it('is one line of bounded length without control characters', () => {
    const { summary } = decode({
      summary: ` a\u0000b\n\tc\u202e\u200b\u001b[31m \ud800 ${'x'.repeat(1_000)}`,
    }).advisory;
    expect(summary).toMatch(/^ab c\[31m \ufffd x+…$/);
    expect(summary).toHaveLength(300);
  });
});

describe('references', () => {
  it('are https only, advisories and fixes first, at most ten', () => {
    const web = Array.from({ length: 12 }, (_, index) => ({ type: 'WEB', url: `https://web.example/${index}` }));
    const references = [
      { type: 'WEB', url: 'http://plain.example/' },
      { type: 'WEB', url: 'javascript:alert(1)' },
      { type: 'WEB', url: 'command:workbench.action.quit' },
      { type: 'WEB', url: 'https://user:password@web.example/' },
      { type: 'WEB', url: 'https://' },
      ...web,
      { type: 'FIX', url: 'https://fix.example/' },
      { type: 'ADVISORY', url: 'https://advisory.example/' },
      { type: 'ADVISORY', url: 'https://advisory.example/' },
    ];
    expect(decode({ references }).advisory.references).toEqual([
      'https://advisory.example/',
      'https://fix.example/',
      ...web.slice(0, 8).map(({ url }) => url),
    ]);
  });
});

describe('a record', () => {
  it.each(['', 'no', 'soon'])('is not withdrawn by %j, which is no date', (withdrawn) => {
    expect(decode({ withdrawn }).withdrawn).toBeUndefined();
  });

  it('keeps aliases, dates and weaknesses that are well formed', () => {
    const record = decode({
      aliases: ['CVE-2026-1', 'CVE-2026-1', 'GHSA-aaaa-bbbb-cccc', 'no spaces', 3],
      published: '2026-01-01T00:00:00Z',
      withdrawn: '2026-02-01T00:00:00Z',
      database_specific: { cwe_ids: ['CWE-79', 'CWE-79', 'nonsense'] },
    });
    expect(record.withdrawn).toBe('2026-02-01T00:00:00Z');
    expect(record.advisory).toMatchObject({
      aliases: ['CVE-2026-1'],
      published: '2026-01-01T00:00:00Z',
      cwes: ['CWE-79'],
    });
  });

  it('without a readable date gives way to any that has one', () => {
    expect(decode({ modified: 'yesterday' }).advisory.modified).toBe('1970-01-01T00:00:00Z');
  });

  it.each([null, [], 'text', 7, {}, { id: '' }, { id: 'two words' }, { id: `X-${'1'.repeat(200)}` }])(
    'that is %j is a problem',
    (value) => {
      const { record, problem } = decodeOsvRecord(value);
      expect(record).toBeUndefined();
      expect(problem).toBeTypeOf('string');
    },
  );

  test('of any form never makes it throw', () => {
    const keys = ['id', 'modified', 'aliases', 'affected', 'severity', 'references', 'database_specific', '__proto__'];
    const inner = [
      'package',
      'name',
      'ecosystem',
      'ranges',
      'events',
      'introduced',
      'versions',
      'score',
      'url',
      'cwes',
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, 1, '', '0', 'SEMVER', V31_HIGH, 'https://web.example/', '\ud800'),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys, ...inner), tie('tree'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        decodeOsvRecord(value);
        decodeOsvRecord({ id: 'X-1', modified: '2026-01-01', affected: value, severity: value, references: value });
        decodeOsvRecord({ id: 'X-1', modified: '2026-01-01', affected: [value], aliases: value, details: value });
      }),
    );
  });
});

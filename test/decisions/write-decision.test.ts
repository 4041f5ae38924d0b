import { describe, expect, it } from 'vitest';

import { applyReplacements } from '../../server/src/core/compose-edits.ts';
import { openVex } from '../../server/src/decisions/openvex.ts';
import { provenderFile } from '../../server/src/decisions/provender-file.ts';
import {
  addDecision,
  newDecisionFile,
  removeDecision,
  type DecisionSubject,
  type NewDecision,
} from '../../server/src/decisions/write-decision.ts';

const NOW = Date.parse('2026-01-15T12:00:00Z');
const CONTEXT = { author: 'Ada <ada@example.org>', now: NOW };
const LODASH: DecisionSubject = {
  id: 'GHSA-1',
  aliases: ['CVE-1'],
  name: 'lodash',
  version: '4.17.20',
  purl: 'pkg:npm/lodash@4.17.20',
  product: 'pkg:npm/app@1.0.0',
};
const VITE: DecisionSubject = {
  ...LODASH,
  id: 'GHSA-2',
  aliases: [],
  name: 'vite',
  purl: 'pkg:npm/vite@4.17.20',
  product: undefined,
};
const NOT_AFFECTED: NewDecision = {
  kind: 'not-affected',
  justification: 'vulnerable_code_not_in_execute_path',
  statement: 'template() is never called',
};
const ACCEPT: NewDecision = { kind: 'accept', reason: 'internal tool' };
const until = (end: 'fixed' | 'version' | { date: string }): NewDecision => ({
  kind: 'snooze',
  until: end,
  reason: '',
});

function added(text: string, decision: NewDecision, ...subjects: DecisionSubject[]): string {
  const made = addDecision(text, decision, subjects, CONTEXT);
  if (made === undefined) throw new Error('nothing was added');
  return applyReplacements(text, made);
}

describe('an OpenVEX document', () => {
  it('is made with what the specification asks for', () => {
    expect(JSON.parse(newDecisionFile(NOT_AFFECTED, [LODASH], CONTEXT))).toEqual({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': expect.stringMatching(/^https:\/\//) as string,
      author: 'Ada <ada@example.org>',
      timestamp: '2026-01-15T12:00:00.000Z',
      version: 1,
      statements: [
        {
          vulnerability: { name: 'GHSA-1', aliases: ['CVE-1'] },
          timestamp: '2026-01-15T12:00:00.000Z',
          products: [{ '@id': 'pkg:npm/app@1.0.0', subcomponents: [{ '@id': 'pkg:npm/lodash@4.17.20' }] }],
          status: 'not_affected',
          justification: 'vulnerable_code_not_in_execute_path',
          impact_statement: 'template() is never called',
          status_notes: 'Decided by Ada <ada@example.org>',
        },
      ],
    });
  });

  it('gets one more statement, a higher version and a date', () => {
    const before = newDecisionFile(NOT_AFFECTED, [LODASH], { ...CONTEXT, now: NOW - 86_400_000 });
    const after = added(before, NOT_AFFECTED, VITE);
    const document = JSON.parse(after) as {
      version: number;
      last_updated: string;
      statements: { products: unknown }[];
    };
    expect([document.version, document.last_updated, document.statements.length]).toEqual([
      2,
      '2026-01-15T12:00:00.000Z',
      2,
    ]);
    expect(document.statements[1]?.products).toEqual([{ '@id': 'pkg:npm/vite@4.17.20' }]);
    expect(after.startsWith(before.slice(0, before.indexOf('"version"')))).toBe(true);
  });

  it('is read back as what was decided, and by whom', () => {
    const read = openVex.read(newDecisionFile(NOT_AFFECTED, [LODASH], CONTEXT), 'openvex.json');
    expect(read?.problems).toEqual([]);
    expect(read?.value).toMatchObject([
      {
        status: 'not-affected',
        ids: ['GHSA-1', 'CVE-1'],
        packages: [{ name: 'lodash', version: '4.17.20' }],
        products: ['app'],
        reason: 'the vulnerable code is never executed: template() is never called',
        author: 'Ada <ada@example.org>',
        decidedAt: NOW,
      },
    ]);
  });

  it('loses a statement again, and nothing else', () => {
    const both = added(newDecisionFile(NOT_AFFECTED, [LODASH], CONTEXT), NOT_AFFECTED, VITE);
    const [first] = openVex.read(both, 'openvex.json')?.value ?? [];
    const made = first && removeDecision(both, first.span, 'statement', { now: NOW });
    const after = applyReplacements(both, made ?? []);
    expect(openVex.read(after, 'openvex.json')?.value.map(({ ids }) => ids)).toEqual([['GHSA-2']]);
    expect(JSON.parse(after)).toMatchObject({ version: 3 });
  });
});

describe('.provender.jsonc', () => {
  it.each([
    [ACCEPT, { version: '4.17.20', reason: 'internal tool' }],
    [until('fixed'), { until: 'fixed' }],
    [until('version'), { version: '4.17.20', until: 'version' }],
    [until({ date: '2026-02-14' }), { until: '2026-02-14' }],
  ])('says what was decided: %j', (decision, said) => {
    expect(JSON.parse(newDecisionFile(decision, [LODASH], CONTEXT))).toEqual({
      ignore: [{ advisory: 'GHSA-1', package: 'lodash', ...said, author: CONTEXT.author, date: '2026-01-15' }],
    });
  });

  it('keeps comments, settings, commas at the end, indentation and line ends', () => {
    const before =
      '{\r\n\t// ours\r\n\t"ignore": [\r\n\t\t{ "advisory": "GHSA-0" }, // old\r\n\t],\r\n\t"failOn": "high",\r\n}\r\n';
    const after = added(before, until('fixed'), LODASH);
    for (const kept of ['\t// ours\r\n', '{ "advisory": "GHSA-0" }', '// old', '"failOn": "high"'])
      expect(after).toContain(kept);
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    const read = provenderFile.read(after, '.provender.jsonc');
    expect(read).toMatchObject({ problems: [], value: [{ ids: ['GHSA-0'] }, { ids: ['GHSA-1'], untilFixed: true }] });
  });

  it('gets its list where it has none, and several entries at once', () => {
    const read = provenderFile.read(added('{ "failOn": "high" }', ACCEPT, LODASH, VITE), '.provender.jsonc');
    expect(read).toMatchObject({ problems: [], value: [{ ids: ['GHSA-1'] }, { ids: ['GHSA-2'] }] });
    expect(added('\n', ACCEPT, LODASH)).toBe(newDecisionFile(ACCEPT, [LODASH], CONTEXT));
  });

  it('loses an entry again', () => {
    const text =
      '{\n  "ignore": [\n    // first\n    { "advisory": "GHSA-1" },\n    { "advisory": "GHSA-2" }\n  ]\n}\n';
    const [first] = provenderFile.read(text, '.provender.jsonc')?.value ?? [];
    const made = first && removeDecision(text, first.span, 'entry', { now: NOW });
    expect(provenderFile.read(applyReplacements(text, made ?? []), '')?.value.map(({ ids }) => ids)).toEqual([
      ['GHSA-2'],
    ]);
  });

  it.each(['[]', '"text"', 'half {'])('is left alone where it is none: %s', (text) => {
    expect(addDecision(text, ACCEPT, [LODASH], CONTEXT)).toBeUndefined();
  });

  it('is not changed for a decision that is gone', () => {
    expect(removeDecision('{ "ignore": [] }', { start: 3, end: 5 }, 'entry', { now: NOW })).toBeUndefined();
  });
});

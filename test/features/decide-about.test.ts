import { describe, expect, it } from 'vitest';

import { applyReplacements } from '../../server/src/core/compose-edits.ts';
import type { Action } from '../../server/src/features/code-actions/action.ts';
import { codeActions } from '../../server/src/features/code-actions/code-actions.ts';
import type { DecideRequest } from '../../server/src/features/code-actions/decide-about.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

const WHOLE = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
const MANIFEST = '{ "name": "app", "version": "1.0.0", "dependencies": { "a": "^1.0.0" } }';
const FACTS: ProjectFacts = {
  installed: { a: '1.0.0' },
  advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0', severity: 'high' }],
};
const CAN_ASK: DecideRequest = { canAsk: true, canCreate: true, author: 'Ada' };

async function actions(text: string, facts: ProjectFacts, decide: DecideRequest): Promise<Action[]> {
  const { project, manifest } = await projectOf(text, facts);
  const request = { range: WHOLE, only: undefined, canPrepareInstall: false, decide };
  return codeActions(manifest(), project, request).filter(({ title }) =>
    /affected|Snooze|Take back|Accept/.test(title),
  );
}

async function check(
  text: string,
  facts: ProjectFacts,
  decide: DecideRequest,
  titles: readonly string[],
): Promise<void> {
  expect((await actions(text, facts, decide)).map(({ title }) => title)).toEqual(titles);
}

const SNOOZES = [
  'Snooze GHSA-1 until a fix exists',
  'Snooze GHSA-1 for 30 days, until 2026-02-14',
  'Snooze GHSA-1 until another version is installed',
];

describe('deciding on a line', () => {
  it('asks why it is not affected where the client can, and snoozes by an edit', () =>
    check(MANIFEST, FACTS, CAN_ASK, ['Not affected by GHSA-1 because …', ...SNOOZES]));

  it('writes the usual reason where nobody can be asked', () =>
    check(MANIFEST, FACTS, { ...CAN_ASK, canAsk: false }, [
      'Not affected by GHSA-1: the vulnerable code is never executed',
      ...SNOOZES,
    ]));

  it('makes no file for a client that cannot', () =>
    check(MANIFEST, FACTS, { ...CAN_ASK, canCreate: false }, ['Not affected by GHSA-1 because …']));

  it('does not wait for a fix that exists', () =>
    check(
      MANIFEST,
      { ...FACTS, advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0 <2.0.0', severity: 'high' }] },
      CAN_ASK,
      ['Not affected by GHSA-1 because …', ...SNOOZES.slice(1)],
    ));

  it('decides about all advisories of a line at once', async () => {
    const advisories = ['GHSA-1', 'GHSA-2'].map((id) => ({
      id,
      package: 'a',
      versions: '>=0',
      severity: 'high' as const,
    }));
    const [ask] = await actions(MANIFEST, { ...FACTS, advisories }, CAN_ASK);
    expect(ask?.title).toBe('Not affected by 2 advisories because …');
    expect(ask?.command).toMatchObject({
      command: 'provender.decide',
      arguments: [{ risks: ['/project:a@1.0.0'], advisories: ['GHSA-1', 'GHSA-2'] }],
    });
  });

  it('offers nothing for malware, and nothing in a workspace that is not trusted', async () => {
    const malware = [
      { id: 'MAL-2025-1', package: 'a', versions: '>=0', kind: 'malware' as const, severity: 'malware' as const },
    ];
    await check(MANIFEST, { ...FACTS, advisories: malware }, CAN_ASK, []);
    await check(MANIFEST, { ...FACTS, trusted: false }, CAN_ASK, []);
  });

  it('writes a file that then decides, and takes the decision back', async () => {
    const [, snooze] = await actions(MANIFEST, FACTS, CAN_ASK);
    const [edit] = snooze?.late ?? [];
    expect(edit?.path).toBe('/project/.provender.jsonc');
    const written = edit?.whenMissing ?? '';
    expect(JSON.parse(written)).toEqual({
      ignore: [{ advisory: 'GHSA-1', package: 'a', until: 'fixed', author: 'Ada', date: '2026-01-15' }],
    });
    const decided = `-- package.json --\n${MANIFEST}\n-- .provender.jsonc --\n${written}`;
    const [back, ...others] = await actions(decided, FACTS, CAN_ASK);
    expect([back?.title, others]).toEqual(['Take back the decision about GHSA-1', []]);
    const without = applyReplacements(written, back?.late?.[0]?.replacements(written) ?? []);
    await check(`-- package.json --\n${MANIFEST}\n-- .provender.jsonc --\n${without}`, FACTS, CAN_ASK, [
      'Not affected by GHSA-1 because …',
      ...SNOOZES,
    ]);
  });

  it('accepts lost provenance for the version that was looked at, and no other', async () => {
    const facts: ProjectFacts = {
      installed: { a: '1.0.0' },
      signatures: { 'a@1.0.0': { verdict: 'downgrade', message: 'published with less' } },
    };
    const [accept] = await actions(MANIFEST, facts, CAN_ASK);
    expect(accept?.title).toBe('Accept for this version: lost provenance of a 1.0.0');
    const written = accept?.late?.[0]?.whenMissing ?? '';
    expect(JSON.parse(written)).toEqual({
      ignore: [{ signature: 'downgrade', package: 'a', version: '1.0.0', author: 'Ada', date: '2026-01-15' }],
    });
    const decided = `-- package.json --\n${MANIFEST}\n-- .provender.jsonc --\n${written}`;
    await check(decided, facts, CAN_ASK, ['Take back the decision about signature-downgrade']);
    const bumped: ProjectFacts = {
      installed: { a: '1.0.1' },
      signatures: { 'a@1.0.1': { verdict: 'downgrade', message: 'published with less' } },
    };
    await check(decided, bumped, CAN_ASK, ['Accept for this version: lost provenance of a 1.0.1']);
  });

  it('offers to accept nothing whose signature does not fit', () =>
    check(
      MANIFEST,
      { installed: { a: '1.0.0' }, signatures: { 'a@1.0.0': { verdict: 'invalid', message: 'other bytes' } } },
      CAN_ASK,
      [],
    ));

  it('leaves what was decided for another tool to that tool', () =>
    check(
      `-- package.json --\n${MANIFEST}\n-- osv-scanner.toml --\n[[IgnoredVulns]]\nid = "GHSA-1"\nreason = "x"\n`,
      FACTS,
      CAN_ASK,
      [],
    ));
});

import { describe, expect, it } from 'vitest';

import { plannedSteps } from '../../server/src/features/planned-steps.ts';
import { planWorkspace, unknownOfPlan } from '../../server/src/workspace/workspace-plan.ts';
import { projectOf, ROOT, type ProjectFacts } from '../support/project-of.ts';

/** The plan as its title and lines of `label: description (where)`. */
async function check(manifest: object, facts: ProjectFacts, expected: readonly string[]): Promise<void> {
  const { snapshot } = await projectOf(JSON.stringify(manifest), facts);
  const { title, steps } = plannedSteps(planWorkspace(snapshot.projects), [ROOT]);
  const shown = steps.map(({ label, description, detail }) => `${label}: ${description} (${detail})`);
  expect([title, ...shown]).toEqual(expected);
}

const high = (id: string, name: string, versions: string) =>
  ({ id, package: name, versions, severity: 'high' }) as const;

describe('what to do first', () => {
  it('is an upgrade for each affected line, the worst first', () =>
    check(
      { dependencies: { a: '^1.0.0', b: '^1.0.0' } },
      {
        installed: { a: '1.0.0', b: '1.0.0' },
        advisories: [
          { ...high('GHSA-a', 'a', '>=0 <1.0.1'), severity: 'low' },
          high('GHSA-b', 'b', '>=0 <1.0.1'),
          high('GHSA-c', 'b', '>=0 <1.0.1'),
        ],
        registry: { a: ['1.0.0', '1.0.1'], b: ['1.0.0', '1.0.1'] },
      },
      [
        '2 steps clear 3 of 3 findings',
        'Upgrade b 1.0.0 → 1.0.1: clears 2 findings, worst high · verified (package.json)',
        'Upgrade a 1.0.0 → 1.0.1: clears 1 finding, worst low · verified (package.json)',
      ],
    ));

  it('takes one bump of a parent in place of many overrides', () =>
    check(
      { dependencies: { top: '^1.0.0' } },
      {
        installed: { top: '1.0.0 needs x y', x: '1.0.0', y: '1.0.0' },
        advisories: [high('GHSA-x', 'x', '>=0 <1.0.1'), high('GHSA-y', 'y', '>=0 <1.0.1')],
        registry: {
          top: [
            { version: '1.0.0', dependencies: { x: '1.0.0', y: '1.0.0' } },
            { version: '1.1.0', dependencies: { x: '1.0.1', y: '1.0.1' } },
          ],
          x: ['1.0.0', '1.0.1'],
          y: ['1.0.0', '1.0.1'],
        },
      },
      [
        '1 step clears 2 of 2 findings',
        'Upgrade top 1.0.0 → 1.1.0: clears 2 findings, worst high · verified (package.json)',
      ],
    ));

  it('does not bump one parent while another one goes on bringing the package in', () =>
    check(
      { dependencies: { top: '^1.0.0', other: '^1.0.0' } },
      {
        installed: { top: '1.0.0 needs x', other: '1.0.0 needs x', x: '1.0.0' },
        advisories: [high('GHSA-x', 'x', '>=0 <1.0.1')],
        registry: {
          top: [
            { version: '1.0.0', dependencies: { x: '1.0.0' } },
            { version: '1.1.0', dependencies: { x: '1.0.1' } },
          ],
          other: [{ version: '1.0.0', dependencies: { x: '1.0.0' } }],
          x: ['1.0.0', '1.0.1'],
        },
      },
      [
        '1 step clears 1 of 1 finding',
        'Override x 1.0.0 → 1.0.1: clears 1 finding, worst high · verified (package.json)',
      ],
    ));

  it('leaves out what may break, and malware', () =>
    check(
      { dependencies: { a: '^1.0.0', evil: '^1.0.0' } },
      {
        installed: { a: '1.0.0', evil: '1.0.0' },
        advisories: [
          high('GHSA-a', 'a', '>=0 <2.0.0'),
          { ...high('MAL-2025-1', 'evil', '>=0 <1.0.1'), kind: 'malware' },
        ],
        registry: { a: ['1.0.0', '2.0.0'], evil: ['1.0.0', '1.0.1'] },
      },
      ['No fix that should break nothing is known'],
    ));

  it('says what must be looked up before it is whole', async () => {
    const { snapshot } = await projectOf(JSON.stringify({ dependencies: { top: '^1.0.0', a: '^1.0.0' } }), {
      installed: { top: '1.0.0 needs x', x: '1.0.0', a: '1.0.0' },
      advisories: [high('GHSA-x', 'x', '>=0 <1.0.1'), high('GHSA-a', 'a', '>=0 <1.0.1')],
    });
    const names = unknownOfPlan(snapshot.projects).map(({ subject }) => subject.name);
    expect([...new Set(names)].sort()).toEqual(['a', 'top', 'x']);
  });
});

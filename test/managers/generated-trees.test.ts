import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Action } from '../../server/src/features/code-actions/action.ts';
import {
  apply,
  FROZEN,
  installed,
  keepDocuments,
  LOCK_ONLY,
  lockedProject,
  offered,
  type Manager,
} from '../support/locked-project.ts';
import { runManager } from '../support/package-manager.ts';
import type { Published } from '../support/package-registry.ts';

/** Each takes seconds, so that nothing is shrunk; PROVENDER_TREES asks for more of them, which then differ in every run. */
const ASKED = Number(process.env['PROVENDER_TREES'] ?? '0');
const RUNS = { endOnFailure: true, ...(ASKED > 0 ? { numRuns: ASKED } : { numRuns: 2, seed: 7 }) };

const VERSIONS = ['1.0.0', '1.0.1', '1.1.0', '2.0.0'] as const;
const range = fc.constantFrom('^1.0.0', '~1.0.0', '1.0.1', '>=1.0.0', '1.0.0 || ^2.0.0', '<1.1.0');
const DEEP = { deep: { '1.0.0': {}, '1.0.1': {}, '1.0.2': {}, '1.1.0': {}, '2.0.0': {} } };

/** Versions that ask for some packages of the layer below, of which one may be `deep`. */
function layer(below: readonly string[]): fc.Arbitrary<Record<string, object>> {
  const dependencies = fc.dictionary(fc.constantFrom(...below), range, {
    minKeys: 1,
    maxKeys: 2,
    noNullPrototype: true,
  });
  return fc.record(Object.fromEntries(VERSIONS.map((version) => [version, fc.record({ dependencies })])));
}

const worlds: fc.Arbitrary<Published> = fc
  .record({
    mid: layer(['deep']),
    side: layer(['deep']),
    top: layer(['mid', 'side', 'deep']),
    twin: layer(['mid', 'side']),
  })
  .map((layers) => ({ ...DEEP, ...layers }));

/** The versions below 1.0.2 are affected. */
function affected(manager: Manager, folder: string): string[] {
  return installed(manager, folder).filter((version) => version === '1.0.0' || version === '1.0.1');
}

/** The affected package may be installed in two versions, of which all but the bump of a parent mend one. */
function isOfOneVersion({ title }: Action): boolean {
  return !title.startsWith('Upgrade');
}

test.each(['npm', 'pnpm', 'yarn 1', 'yarn', 'bun'] as const)(
  'no fix of a generated tree is disproved by %s',
  { timeout: 120_000 + ASKED * 60_000 },
  async (manager) => {
    await fc.assert(
      fc.asyncProperty(worlds, range, range, async (world, first, second) => {
        const project = await lockedProject(manager, world, { top: first, twin: second }, { hold: true });
        const before = affected(manager, project.folder);
        const actions = await offered(manager, project);
        const restore = keepDocuments(manager, project.folder);
        for (const action of actions) {
          if (action.command !== undefined) continue;
          restore();
          apply(project.folder, action);
          const isLock = action.title.startsWith('Refresh');
          const args = isLock ? FROZEN[manager] : LOCK_ONLY[manager];
          await runManager(manager, args, project.folder, project.registry.base);
          // A parent is bumped for its own tree; another one may still bring it in, and the title says so.
          const isWhole = !action.title.includes('still brought in by');
          const untouched = before.filter(
            (version) => isOfOneVersion(action) && !action.title.includes(` ${version} to `),
          );
          const left = affected(manager, project.folder).filter((version) => !untouched.includes(version));
          if (isWhole) expect([action.title, left]).toEqual([action.title, []]);
        }
      }),
      RUNS,
    );
  },
);

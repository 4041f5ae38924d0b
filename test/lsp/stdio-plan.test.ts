import { expect, test } from 'vitest';

import type { PlanEditsResult, PlanResult } from '../../server/src/protocol.ts';
import { applyReplacements } from '../../server/src/core/compose-edits.ts';
import { packageLockOf } from '../support/project-of.ts';
import { session } from '../support/stdio-session.ts';

const MANIFEST = '{\n  "dependencies": {\n    "calm": "1.0.0",\n    "lodash": "^4.17.19"\n  }\n}\n';
const INSTALLED = { calm: '1.0.0 needs lodash', lodash: '4.17.20' };

test('the steps of a plan that were chosen come as one change, with what to run after it', async () => {
  const lockfile = packageLockOf(new Map([['package.json', MANIFEST]]), INSTALLED);
  const { client, uri } = await session({ files: { 'package.json': MANIFEST, 'package-lock.json': lockfile } });
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, (found) => found.some(({ code }) => code === 'GHSA-35jh-r3h4-6jhm'));
  const plan = (await client.request('provender/plan', {})) as PlanResult;
  expect(plan.title).toBe('1 step clears 1 of 1 finding');
  expect(plan.steps.map(({ label, description, detail }) => [label, description, detail])).toEqual([
    ['Upgrade lodash 4.17.20 → 4.17.21', 'clears 1 finding, worst high · verified', 'package.json'],
  ]);
  const ids = plan.steps.map(({ id }) => id);
  const result = (await client.request('provender/planEdits', { ids })) as PlanEditsResult;
  expect(result).toMatchObject({ refused: [], commands: [{ command: 'npm install' }] });
  expect(result.documents.map((document) => [document.uri, document.version])).toEqual([[uri, 1]]);
  expect(applied(MANIFEST, result)).toBe(MANIFEST.replace('^4.17.19', '^4.17.21'));
  const gone = (await client.request('provender/planEdits', {
    ids: ['/gone\nupgrade\nleft-pad\n1\n2'],
  })) as PlanEditsResult;
  expect(gone).toEqual({ documents: [], commands: [], refused: ['left-pad'] });
});

function applied(text: string, { documents }: PlanEditsResult): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: { line: number; character: number }): number =>
    lines.slice(0, line).reduce((sum, item) => sum + item.length + 1, 0) + character;
  const replacements = (documents[0]?.edits ?? []).map(({ range, newText }) => ({
    span: { start: offset(range.start), end: offset(range.end) },
    newText,
  }));
  return applyReplacements(text, replacements);
}

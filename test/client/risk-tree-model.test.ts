import { expect, test } from 'vitest';
import { riskBadge, riskLines, riskTree } from '../../client/src/views/risk-tree-model.ts';
import type { RiskItem, RisksResult } from '../../server/src/protocol.ts';

const RANGE = { start: { line: 3, character: 14 }, end: { line: 3, character: 20 } };

test('groups and risks keep the order and the words of the server', () => {
  const [doNow, noFix] = riskTree(resultOf(risk({ id: 'a' }), risk({ id: 'b', label: 'chaff 1.0.0' })));
  expect(doNow).toMatchObject({ label: 'Do now', description: '1 edit clears 2 findings' });
  expect(doNow?.items.map((item) => item.label)).toEqual(['fodder 1.4.0', 'chaff 1.0.0']);
  expect(noFix?.items).toEqual([]);
});

test('a risk that stands in two groups has an id of its own in each', () => {
  const [group] = resultOf(risk({})).groups;
  const tree = riskTree({ groups: [group!, { ...group!, id: 'other' }], badge: 0, coverage: '' });
  expect(new Set(tree.flatMap((node) => node.items.map((item) => item.id))).size).toBe(2);
});

test.each([
  ['malware', 'problemsErrorIcon.foreground'],
  ['critical', 'problemsErrorIcon.foreground'],
  ['high', 'problemsWarningIcon.foreground'],
  ['medium', 'problemsInfoIcon.foreground'],
  ['low', 'descriptionForeground'],
  ['unknown', undefined],
])('a risk of severity %s has the color %s', (severity, color) => {
  expect(riskTree(resultOf(risk({ severity })))[0]?.items[0]?.color).toBe(color);
});

test('only a risk with code actions has the context value that shows them', () => {
  const [group] = riskTree(
    resultOf(
      risk({ actionable: true }),
      risk({ actionable: false }),
      risk({ actionable: true, decision: 'open' }),
      risk({ actionable: false, decision: 'made' }),
    ),
  );
  const contexts = ['risk.actionable', 'risk', 'risk.actionable.open', 'risk.decided'];
  expect(group?.items.map((item) => item.contextValue)).toEqual(contexts);
});

test('a screen reader hears the severity, which is seen by color only', () => {
  expect(riskTree(resultOf(risk({})))[0]?.items[0]?.accessibleLabel).toBe('fodder 1.4.0, high, 1.4.3 clears 2');
});

test('the badge counts what to act on and is absent when there is nothing', () => {
  expect(riskBadge({ ...resultOf(), badge: 1 })).toEqual({ value: 1, tooltip: '1 dependency risk to act on now' });
  expect(riskBadge({ ...resultOf(), badge: 0 })).toBeUndefined();
});

test('copied risks are one line each', () => {
  const [group] = riskTree(resultOf(risk({}), risk({ label: 'chaff 1.0.0', description: '' })));
  expect(riskLines(group?.items ?? [])).toBe('fodder 1.4.0  1.4.3 clears 2\nchaff 1.0.0');
});

function risk(partial: Partial<RiskItem>): RiskItem {
  return {
    id: 'risk',
    label: 'fodder 1.4.0',
    description: '1.4.3 clears 2',
    tooltip: '',
    icon: 'warning',
    severity: 'high',
    uri: 'file:///project/package.json',
    range: RANGE,
    actionable: true,
    ...partial,
  };
}

function resultOf(...items: readonly RiskItem[]): RisksResult {
  return {
    groups: [
      { id: 'now', label: 'Do now', description: '1 edit clears 2 findings', icon: 'flame', items },
      { id: 'none', label: 'No fix yet', description: '', icon: 'circle-slash', items: [] },
    ],
    badge: items.length,
    coverage: '',
  };
}

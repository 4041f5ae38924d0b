import { expect, test } from 'vitest';

import { Refresher } from '../../server/src/workspace/refresher.ts';
import { settle } from '../support/fake-clock.ts';
import { pathIn, projectOf, type ProjectFacts } from '../support/project-of.ts';
import { recordingLog } from '../support/recording-log.ts';

const MANIFEST = '{ "dependencies": { "a": "1.0.0" } }';
const FACTS: ProjectFacts = { installed: { a: '1.0.0 needs b', b: '1.0.0' } };
const HOUR_MS = 3_600_000;

async function refresherOf(text = MANIFEST, facts = FACTS) {
  const test = await projectOf(text, facts);
  const { knowledge, clock, workspace } = test;
  const busy: boolean[] = [];
  const state = { online: true };
  const log = recordingLog();
  const refresher = new Refresher({
    learner: knowledge,
    clock,
    log,
    mayAsk: () => state.online,
    onProgress: () => undefined,
    onBusy: (isBusy) => void busy.push(isBusy),
  });
  const consider = async (): Promise<void> => {
    refresher.consider(workspace.snapshot);
    await settle();
  };
  const type = async (content: string): Promise<void> => {
    workspace.changeDocument(pathIn('package.json'), content, 2);
    await consider();
  };
  return { ...test, refresher, consider, type, busy, state, log, asked: () => knowledge.refreshes.length };
}

test('a new project is asked about at once, direct dependencies apart', async () => {
  const { consider, knowledge, busy } = await refresherOf();
  await consider();
  const [request] = knowledge.refreshes;
  expect(request?.direct.map(({ name }) => name)).toEqual(['a']);
  expect(request?.transitive.map(({ name }) => name)).toEqual(['b']);
  expect(busy).toEqual([true, false]);
});

test('the same packages are asked about once, however many snapshots hold them', async () => {
  const { consider, type, clock, asked } = await refresherOf();
  await consider();
  await consider();
  await type(`${MANIFEST}\n`);
  await clock.advance(10_000);
  expect(asked()).toBe(1);
});

test('a new name is asked about when the typing rests, and not before', async () => {
  const { consider, type, clock, asked, knowledge } = await refresherOf();
  await consider();
  await type('{ "dependencies": { "a": "1.0.0", "n": "1" } }');
  await clock.advance(300);
  await type('{ "dependencies": { "a": "1.0.0", "new": "1" } }');
  await clock.advance(300);
  expect(asked()).toBe(1);
  await clock.advance(200);
  expect(asked()).toBe(2);
  expect(knowledge.refreshes[1]?.direct.map(({ name }) => name)).toEqual(['a', 'new']);
});

test('nothing is asked while nothing may be sent, and at once when it may', async () => {
  const { consider, state, asked, busy } = await refresherOf();
  state.online = false;
  await consider();
  expect([asked(), busy]).toEqual([0, []]);
  state.online = true;
  await consider();
  expect(asked()).toBe(1);
});

test('everything is asked again every hour, also after a name came and went', async () => {
  const { consider, type, clock, asked } = await refresherOf();
  await consider();
  await type('{ "dependencies": { "a": "1.0.0", "new": "1" } }');
  await type(MANIFEST);
  await clock.advance(HOUR_MS);
  expect(asked()).toBe(2);
  await clock.advance(HOUR_MS);
  expect(asked()).toBe(3);
});

test('forced, it asks again for what is fresh', async () => {
  const { consider, refresher, knowledge } = await refresherOf();
  await consider();
  await refresher.force();
  expect(knowledge.refreshes.map(({ force }) => force)).toEqual([false, true]);
});

test('a round that is cancelled ends without a complaint, and is not begun again by itself', async () => {
  const { consider, refresher, knowledge, busy, log, asked } = await refresherOf();
  knowledge.duringRefresh = (_, signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await consider();
  expect(busy).toEqual([true]);
  refresher.cancel();
  await settle();
  expect(busy).toEqual([true, false]);
  await consider();
  expect(asked()).toBe(1);
  expect(log.lines).toEqual([]);
});

test('a look-up that throws is logged, and the next one runs', async () => {
  const { consider, refresher, knowledge, log, busy, asked } = await refresherOf();
  knowledge.duringRefresh = () => Promise.reject(new Error('out of order'));
  await consider();
  expect(log.lines.join()).toContain('out of order');
  expect(busy).toEqual([true, false]);
  await refresher.force();
  expect(asked()).toBe(2);
});

test('once disposed it asks nothing more and leaves no timer behind', async () => {
  const { consider, type, refresher, clock, asked } = await refresherOf();
  await consider();
  await type('{ "dependencies": { "new": "1" } }');
  refresher.dispose();
  expect(clock.pending).toBe(0);
  await consider();
  await clock.advance(2 * HOUR_MS);
  expect(asked()).toBe(1);
});

test('a round that ends after it was disposed leaves no timer behind', async () => {
  const { consider, refresher, knowledge, clock } = await refresherOf();
  knowledge.duringRefresh = (_, signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await consider();
  refresher.dispose();
  await settle();
  expect(clock.pending).toBe(0);
});

test('a project without a lockfile is asked about again once its versions are known', async () => {
  const { consider, knowledge, workspace, clock } = await refresherOf('{ "dependencies": { "a": "^1.0.0" } }', {});
  await consider();
  expect(knowledge.refreshes[0]?.direct.map(({ version }) => version)).toEqual(['']);
  knowledge.set({ registry: { a: ['1.0.0', '1.2.0'] } });
  workspace.flush();
  await consider();
  await clock.advance(1_000);
  expect(knowledge.refreshes[1]?.direct.map(({ version }) => version)).toEqual(['1.2.0']);
  workspace.flush();
  await consider();
  await clock.advance(1_000);
  expect(knowledge.refreshes).toHaveLength(2);
});

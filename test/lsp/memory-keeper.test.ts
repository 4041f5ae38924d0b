import { expect, test } from 'vitest';

import { MemoryKeeper } from '../../server/src/lsp/memory-keeper.ts';
import { packageLockOf, pathIn, projectOf } from '../support/project-of.ts';

const MANIFEST = '{ "dependencies": { "a": "^1.0.0" } }';

async function keeperKit() {
  const { workspace, clock, files } = await projectOf(MANIFEST, { installed: { a: '1.0.0' } });
  let released = 0;
  const keeper = new MemoryKeeper(clock, () => released++);
  return { workspace, clock, files, keeper, released: () => released };
}

test('memory is given back once, a while after a lockfile was read', async () => {
  const { workspace, clock, keeper, released } = await keeperKit();
  keeper.snapshotTaken(workspace.snapshot);
  expect(released()).toBe(0);
  await clock.advance(10_000);
  expect(released()).toBe(1);
});

test('typing puts it off, and alone is no reason for it', async () => {
  const { workspace, clock, keeper, released } = await keeperKit();
  keeper.snapshotTaken(workspace.snapshot);
  for (let key = 1; key <= 5; key++) {
    await clock.advance(900);
    workspace.changeDocument(pathIn('package.json'), MANIFEST + ' '.repeat(key), key);
    keeper.snapshotTaken(workspace.snapshot);
  }
  expect(released()).toBe(0);
  await clock.advance(10_000);
  expect(released()).toBe(1);
  keeper.snapshotTaken(workspace.snapshot);
  await clock.advance(10_000);
  expect(released()).toBe(1);
});

test('a lockfile that changed is a reason again', async () => {
  const { workspace, clock, files, keeper, released } = await keeperKit();
  keeper.snapshotTaken(workspace.snapshot);
  await clock.advance(10_000);
  files.set(pathIn('package-lock.json'), `${packageLockOf(new Map([['package.json', MANIFEST]]), { a: '1.1.0' })}\n`);
  await workspace.rescan();
  keeper.snapshotTaken(workspace.snapshot);
  await clock.advance(10_000);
  expect(released()).toBe(2);
});

test('nothing is given back after the end', async () => {
  const { workspace, clock, keeper, released } = await keeperKit();
  keeper.snapshotTaken(workspace.snapshot);
  keeper.dispose();
  await clock.advance(10_000);
  expect(released()).toBe(0);
});

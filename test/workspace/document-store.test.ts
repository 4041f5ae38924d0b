import { expect, test } from 'vitest';

import type { Ecosystem } from '../../server/src/core/ecosystem.ts';
import type { Files } from '../../server/src/core/ports.ts';
import { npm } from '../../server/src/ecosystems/npm/index.ts';
import { DocumentStore } from '../../server/src/workspace/document-store.ts';
import { memoryFiles } from '../support/memory-files.ts';

const PATH = '/project/package.json';

function storeWith(text: string) {
  const memory = memoryFiles({ [PATH]: text });
  const gates: PromiseWithResolvers<undefined>[] = [];
  let isHeld = false;
  // The text is read when the look begins and handed over when the gate opens, as a slow disk does it.
  const files: Files = {
    ...memory,
    async readText(path) {
      const content = await memory.readText(path);
      if (isHeld) {
        const gate = Promise.withResolvers<undefined>();
        gates.push(gate);
        await gate.promise;
      }
      return content;
    },
  };
  const parsed: string[] = [];
  const ecosystem: Ecosystem = {
    ...npm,
    parseManifest: (path, content) => {
      parsed.push(content);
      return npm.parseManifest(path, content);
    },
  };
  const store = new DocumentStore(files);
  return {
    store,
    memory,
    parsed,
    gates,
    hold: () => void (isHeld = true),
    load: () => store.manifest(PATH, ecosystem),
    open: () => store.openManifest(PATH, ecosystem),
  };
}

function named(name: string): string {
  return `{ "name": "${name}" }`;
}

test('what the editor holds comes before what is on the disk', async () => {
  const { store, load } = storeWith(named('disk'));
  store.open(PATH, named('editor'), 1);
  expect(await load()).toMatchObject({ version: 1, parsed: { value: { name: 'editor' } } });
  store.close(PATH);
  expect(await load()).toMatchObject({ version: undefined, parsed: { value: { name: 'disk' } } });
});

test('a file that did not change is not read or parsed again', async () => {
  const { load, memory, parsed } = storeWith(named('disk'));
  const first = await load();
  expect(await load()).toBe(first);
  expect(memory.calls.readText).toBe(1);
  expect(parsed).toHaveLength(1);
});

test('a document that is opened with the text of the disk is not parsed again', async () => {
  const { store, load, open, parsed } = storeWith(named('disk'));
  const fromDisk = await load();
  store.open(PATH, named('disk'), 1);
  expect(open()?.parsed).toBe(fromDisk?.parsed);
  store.close(PATH);
  expect((await load())?.parsed).toBe(fromDisk?.parsed);
  expect(parsed).toHaveLength(1);
});

test('after a moment of rest the same text is still known, and another one is not taken for it', async () => {
  const { store, load, open, parsed } = storeWith(named('disk'));
  const fromDisk = await load();
  store.settle();
  store.open(PATH, named('disk'), 1);
  expect(open()?.parsed).toBe(fromDisk?.parsed);
  store.open(PATH, named('disc'), 2);
  expect(open()?.parsed.value.name).toBe('disc');
  expect(parsed).toHaveLength(2);
});

test('a document that is opened again with the same version and another text is parsed again', () => {
  const { store, open } = storeWith(named('disk'));
  store.open(PATH, named('first'), 1);
  expect(open()?.parsed.value.name).toBe('first');
  store.close(PATH);
  store.open(PATH, named('second'), 1);
  expect(open()?.parsed.value.name).toBe('second');
});

test('a late answer of the disk does not overwrite what the editor opened meanwhile', async () => {
  const { store, load, open, hold, gates } = storeWith(named('disk'));
  hold();
  const late = load();
  await expect.poll(() => gates.length).toBe(1);
  store.open(PATH, named('editor'), 1);
  gates[0]?.resolve(undefined);
  expect((await late)?.parsed.value.name).toBe('editor');
  expect(open()?.parsed.value.name).toBe('editor');
});

test('a late answer for an older text does not overwrite a newer one', async () => {
  const { load, memory, hold, gates } = storeWith(named('old'));
  hold();
  const first = load();
  await expect.poll(() => gates.length).toBe(1);
  memory.set(PATH, named('newer'));
  const second = load();
  await expect.poll(() => gates.length).toBe(2);
  gates[1]?.resolve(undefined);
  expect((await second)?.parsed.value.name).toBe('newer');
  gates[0]?.resolve(undefined);
  expect((await first)?.parsed.value.name).toBe('newer');
});

test('a file that is gone is undefined', async () => {
  const { load, memory } = storeWith(named('disk'));
  await load();
  memory.set(PATH, undefined);
  expect(await load()).toBeUndefined();
});

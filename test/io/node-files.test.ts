import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { nodeFiles } from '../../server/src/io/node-files.ts';

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'provender-'));
}

test('a listing is sorted and leaves out links to folders', async () => {
  const root = folder();
  mkdirSync(join(root, 'packages'));
  writeFileSync(join(root, 'b.json'), '');
  writeFileSync(join(root, 'a.json'), '');
  symlinkSync(join(root, 'packages'), join(root, 'loop'), 'junction');
  expect(await nodeFiles.list(root)).toEqual([
    { name: 'a.json', kind: 'file' },
    { name: 'b.json', kind: 'file' },
    { name: 'packages', kind: 'directory' },
  ]);
});

test('what is missing is undefined or empty, and throws nothing', async () => {
  const path = join(folder(), 'none');
  expect([await nodeFiles.stat(path), await nodeFiles.readText(path), await nodeFiles.list(path)]).toEqual([
    undefined,
    undefined,
    [],
  ]);
});

test('a text keeps its byte order mark', async () => {
  const path = join(folder(), 'package.json');
  writeFileSync(path, '\uFEFF{}');
  expect(await nodeFiles.readText(path)).toBe('\uFEFF{}');
  expect(await nodeFiles.stat(path)).toMatchObject({ kind: 'file', size: 5 });
});

test('a file over 64 MB is not read', async () => {
  const path = join(folder(), 'package-lock.json');
  writeFileSync(path, '');
  truncateSync(path, 64 * 1024 * 1024 + 1);
  expect(await nodeFiles.readText(path)).toBeUndefined();
});

test('a folder is no text', async () => {
  const root = folder();
  expect(await nodeFiles.readText(root)).toBeUndefined();
  expect(await nodeFiles.stat(root)).toMatchObject({ kind: 'directory' });
});

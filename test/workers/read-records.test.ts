import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { readRecords } from '../../server/src/workers/read-records.ts';
import type { RecordItem } from '../../server/src/workers/record-source.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { zipOf } from '../support/zip-writer.ts';

const LIMITS = { recordBytes: 100, inputBytes: 1_000 };

let folder: string;
beforeEach(() => {
  folder = scratchFolder();
});

async function read(name: string, content: string | Uint8Array): Promise<readonly string[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const items: RecordItem[] = [];
  for await (const portion of readRecords(path, LIMITS)) items.push(...portion);
  return items.map((item) =>
    'trouble' in item
      ? `${item.place} ${item.trouble}${item.cut ? ' (cut)' : ''}`
      : `${item.place} ${JSON.stringify(item.value)}`,
  );
}

const LONG = JSON.stringify('x'.repeat(200));

it('passes over a line that is too long, and reads on', async () => {
  const expected = ['in.jsonl:1 1', 'in.jsonl:2 the line is too long', 'in.jsonl:3 3'];
  expect(await read('in.jsonl', `1\n${LONG}\n3\n`)).toEqual(expected);
});

it('passes over a file of an archive that is too large, and reads on', async () => {
  const content = zipOf({ 'a.json': '1', 'b.json': LONG, 'c.json': '3' });
  expect(await read('in.zip', content)).toEqual([
    'in.zip/a.json 1',
    'in.zip/b.json the file is too large',
    'in.zip/c.json 3',
  ]);
});

it('stops at an archive that unpacks to more than the limit', async () => {
  const files = Array.from({ length: 30 }, (_, index) => [`${index}.json`, JSON.stringify('x'.repeat(50))] as const);
  const items = await read('in.zip', zipOf(Object.fromEntries(files)));
  expect(items.at(-1)).toBe('in.zip it unpacks to more than the limit (cut)');
  expect(items.length).toBeLessThan(25);
});

it('stops at compressed lines that unpack to more than the limit', async () => {
  const items = await read('in.jsonl.gz', gzipSync('1\n'.repeat(100_000)));
  expect(items.at(-1)).toMatch(/it unpacks to more than the limit \(cut\)$/);
});

it('refuses an archive whose entry is larger than it says', async () => {
  const content = zipOf({ 'a.json': JSON.stringify('x'.repeat(90)) });
  const directory = content.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  content.writeUInt32LE(3, directory + 24);
  const items = await read('in.zip', content);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatch(/^in\.zip\/a\.json Cannot create a Buffer larger than 3 bytes/);
});

it('never throws on an archive with any byte changed', async () => {
  const content = zipOf({ 'a.json': '{"a":1}', 'b.json': '{"b":2}' });
  for (let index = 0; index < content.length; index += 1) {
    const changed = Buffer.from(content);
    changed[index] = (changed[index] ?? 0) ^ 0xff;
    await read('in.zip', changed);
  }
});

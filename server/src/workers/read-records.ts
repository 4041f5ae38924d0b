import { open, opendir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readJsonLines } from './read-json-lines.ts';
import { readZip } from './read-zip.ts';
import { parseRecord, reasonOf, RECORD_LIMITS, type RecordItem, type RecordLimits } from './record-source.ts';

/**
 * The JSON values of an input, one after the other: a `.zip` of JSON files, a folder with all below it, `.json` (one
 * object or an array of them), `.jsonl`, `.jsonl.gz`. Several come at a time. Places are named for people. Never throws: what cannot be read is an item that says so.
 */
export async function* readRecords(
  path: string,
  limits: RecordLimits = RECORD_LIMITS,
): AsyncGenerator<readonly RecordItem[]> {
  const place = basename(path);
  try {
    if ((await stat(path)).isDirectory()) yield* readFolder(path, limits);
    else yield* readOneFile(path, place, await formatOf(path), limits);
  } catch (error) {
    yield [{ place, trouble: reasonOf(error), cut: true, fraction: 1 }];
  }
}

type Format = 'zip' | 'json' | 'lines' | 'lines-gz';

const FORMATS: readonly (readonly [string, Format])[] = [
  ['.jsonl.gz', 'lines-gz'],
  ['.ndjson.gz', 'lines-gz'],
  ['.jsonl', 'lines'],
  ['.ndjson', 'lines'],
  ['.zip', 'zip'],
  ['.json', 'json'],
];

function formatByName(name: string): Format | undefined {
  return FORMATS.find(([ending]) => name.toLowerCase().endsWith(ending))?.[1];
}

/** By the name's ending, else by the first bytes: downloads are often kept under a name without one. */
async function formatOf(path: string): Promise<Format> {
  const named = formatByName(path);
  if (named !== undefined) return named;
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer[0] === 0x1f && buffer[1] === 0x8b) return 'lines-gz';
    return buffer.toString('latin1', 0, 2) === 'PK' ? 'zip' : 'lines';
  } finally {
    await file.close();
  }
}

async function* readOneFile(
  path: string,
  place: string,
  format: Format,
  limits: RecordLimits,
): AsyncGenerator<readonly RecordItem[]> {
  if (format === 'lines' || format === 'lines-gz') {
    yield* readJsonLines(path, place, format === 'lines-gz', limits);
    return;
  }
  for await (const item of format === 'zip' ? readZip(path, place, limits) : readJson(path, place)) yield [item];
}

/** A text this long is still one string, with room for its values in memory. */
const LONGEST_JSON = 256 * 1024 * 1024;

async function* readJson(path: string, place: string): AsyncGenerator<RecordItem> {
  if ((await stat(path)).size > LONGEST_JSON) {
    yield { place, trouble: 'the file is over 256 MB; use .jsonl or .zip', cut: true, fraction: 1 };
    return;
  }
  const item = parseRecord(place, await readFile(path, 'utf8'), 1);
  if ('trouble' in item) {
    yield { ...item, cut: true };
  } else if (Array.isArray(item.value)) {
    const values: readonly unknown[] = item.value;
    for (const [index, value] of values.entries()) {
      yield { place: `${place}[${index}]`, value, fraction: index / values.length };
    }
  } else {
    yield item;
  }
}

async function* readFolder(folder: string, limits: RecordLimits): AsyncGenerator<readonly RecordItem[]> {
  const folders = [{ path: folder, place: '' }];
  let next = folders.pop();
  while (next !== undefined) {
    for await (const entry of await opendir(next.path)) {
      const path = join(next.path, entry.name);
      const place = next.place + entry.name;
      const format = formatByName(entry.name);
      if (entry.isDirectory()) folders.push({ path, place: `${place}/` });
      else if (entry.isFile() && format !== undefined) yield* readWithin(path, place, format, limits);
    }
    next = folders.pop();
  }
}

/** One file of a folder. How far the whole folder is cannot be known before its end. */
async function* readWithin(
  path: string,
  place: string,
  format: Format,
  limits: RecordLimits,
): AsyncGenerator<readonly RecordItem[]> {
  try {
    for await (const items of readOneFile(path, place, format, limits))
      yield items.map((item) => ({ ...item, fraction: 0 }));
  } catch (error) {
    yield [{ place, trouble: reasonOf(error), cut: true, fraction: 0 }];
  }
}

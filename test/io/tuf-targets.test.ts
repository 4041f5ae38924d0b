import { describe, expect, test } from 'vitest';

import { SourceError } from '../../server/src/core/evidence.ts';
import type { TufReading } from '../../server/src/core/ports.ts';
import { readTuf } from '../../server/src/io/tuf-targets.ts';
import { tufRepository, type TufRepository } from '../support/tuf-repository.ts';

const BASE = 'https://tuf.example/';
const TARGETS = { 'root.txt': 'one', 'acme/keys.txt': 'k1' };

async function read(from: TufRepository, metadata: TufReading['metadata'] = { 'root.json': from.firstRoot }) {
  const asked: string[] = [];
  const reading = await readTuf({
    base: BASE,
    metadata,
    targets: Object.keys(TARGETS),
    download: (url) => {
      const path = url.slice(BASE.length);
      asked.push(path);
      const text = from.files.get(path);
      return Promise.resolve(text === undefined ? undefined : Buffer.from(text));
    },
  });
  return { ...reading, asked };
}

/** What refusing it says. */
async function refusal(from: TufRepository, metadata?: TufReading['metadata']): Promise<string> {
  const error: unknown = await read(from, metadata).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  return String(error);
}

test('targets are read that the root and a delegated role vouch for', async () => {
  const { targets } = await read(tufRepository(TARGETS));
  expect(targets).toEqual(TARGETS);
});

test('a newer root that the one before signed is followed, and kept', async () => {
  const repository = tufRepository(TARGETS);
  repository.rotate();
  repository.rotate();
  const { targets, metadata } = await read(repository);
  expect(targets).toEqual(TARGETS);
  expect(metadata['root.json']).toBe(repository.files.get('3.root.json'));
  const again = await read(repository, metadata);
  expect(again.asked).toContain('4.root.json');
  expect(again.asked).not.toContain('2.root.json');
});

test('what has changed is read again from where the last reading ended', async () => {
  const repository = tufRepository(TARGETS);
  const first = await read(repository);
  repository.publish({ ...TARGETS, 'acme/keys.txt': 'k2' });
  expect((await read(repository, first.metadata)).targets).toEqual({ ...TARGETS, 'acme/keys.txt': 'k2' });
});

test('what is kept and damaged is read anew', async () => {
  const repository = tufRepository(TARGETS);
  const { metadata } = await read(repository);
  const damaged = Object.fromEntries(
    Object.entries(metadata).map(([name, text]) => [name, name === 'root.json' ? text : text.slice(0, 40)]),
  );
  expect((await read(repository, { ...damaged, '../outside.json': '{}' })).targets).toEqual(TARGETS);
});

describe('refused is', () => {
  test('a root that the one before did not sign', async () => {
    const repository = tufRepository(TARGETS);
    const other = tufRepository(TARGETS);
    other.rotate();
    repository.files.set('2.root.json', other.files.get('2.root.json') ?? '');
    expect(await refusal(repository)).toContain('cannot be trusted now');
  });

  test('metadata that is older than what was seen', async () => {
    const repository = tufRepository(TARGETS);
    const old = new Map(repository.files);
    repository.publish(TARGETS);
    const { metadata } = await read(repository);
    for (const [path, text] of old) repository.files.set(path, text);
    expect(await refusal(repository, metadata)).toMatch(/version/);
  });

  test('a timestamp that has expired', async () => {
    const repository = tufRepository(TARGETS);
    repository.publish(TARGETS, new Date(Date.now() - 86_400_000));
    expect(await refusal(repository)).toMatch(/expired/i);
  });

  test.each(['targets/', 'timestamp.json', '1.snapshot.json', '1.targets.json', '1.registries.json'])(
    'a changed byte in %s',
    async (start) => {
      const repository = tufRepository(TARGETS);
      for (const [path, text] of repository.files) {
        if (path.startsWith(start))
          repository.files.set(
            path,
            text.replace(/\w(?=\W*$)/, (last) => (last === '1' ? '2' : '1')),
          );
      }
      await refusal(repository);
    },
  );

  test.each(['timestamp.json', '1.snapshot.json', '1.registries.json'])('a repository without %s', async (path) => {
    const repository = tufRepository(TARGETS);
    repository.files.delete(path);
    await refusal(repository);
  });

  test('a target that nobody vouches for', async () => {
    expect(await refusal(tufRepository({ 'root.txt': 'one' }))).toContain('acme/keys.txt');
  });
});

test('a failing world is told as it is', async () => {
  const offline = new SourceError('dns', 'the host cannot be found');
  const { firstRoot } = tufRepository(TARGETS);
  const request = { base: BASE, metadata: { 'root.json': firstRoot }, targets: ['root.txt'] };
  for (const path of ['2.root.json', 'timestamp.json', '1.snapshot.json']) {
    const repository = tufRepository(TARGETS);
    const reading = readTuf({
      ...request,
      metadata: { 'root.json': repository.firstRoot },
      download: (url) => {
        if (url.endsWith(path)) return Promise.reject(offline);
        const text = repository.files.get(url.slice(BASE.length));
        return Promise.resolve(text === undefined ? undefined : Buffer.from(text));
      },
    });
    await expect(reading).rejects.toBe(offline);
  }
});

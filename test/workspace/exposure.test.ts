import { describe, expect, it } from 'vitest';

import type { FileVersion } from '../../server/src/core/repository.ts';
import type { Ecosystem } from '../../server/src/core/ecosystem.ts';
import { npm } from '../../server/src/ecosystems/npm/index.ts';
import { findExposure } from '../../server/src/workspace/exposure.ts';
import { packageLock } from '../support/cli-world.ts';

type Packages = Parameters<typeof packageLock>[1];

const SOUGHT = { names: ['evil'], isAffected: (_: string, version: string) => version.startsWith('1.') };

/** Versions of a lockfile, oldest first; a text stands for itself, and undefined for a file that was removed. */
async function check(
  states: readonly (Packages | string | undefined)[],
  expected: readonly string[],
  { path = 'package-lock.json', ecosystem = npm }: { readonly path?: string; readonly ecosystem?: Ecosystem } = {},
): Promise<{ readonly unreadable: readonly string[] }> {
  const versions = states.map((state, index): FileVersion => {
    const text = state === undefined || typeof state === 'string' ? state : packageLock({}, state);
    const content = text === undefined ? undefined : Buffer.from(text);
    return { commit: `c${String(index)}`, committedAt: index, path, content };
  });
  async function* newestFirst(): AsyncGenerator<FileVersion> {
    await Promise.resolve();
    yield* versions.toReversed();
  }
  const { periods, unreadable, versions: count } = await findExposure(newestFirst(), SOUGHT, ecosystem);
  expect(count).toBe(states.length);
  const shown = periods.map(({ from, until, packages }) => {
    const what = packages.map(({ name, version, installScript }) => `${name}@${version} script ${installScript}`);
    return `${from.commit} to ${until?.commit ?? 'now'}: ${what.join(', ')}`;
  });
  expect(shown).toEqual(expected);
  return { unreadable: unreadable.map(({ commit }) => commit) };
}

describe('exposure', () => {
  it('is a period from the commit that brought a version to the one that took it away', () =>
    check(
      [{}, { evil: '1.0.0' }, { evil: '1.0.0', other: '1.0.0' }, { evil: '2.0.0' }],
      ['c1 to c3: evil@1.0.0 script no'],
    ));

  it('has no end while the newest version resolves it', () =>
    check([{ evil: '2.0.0' }, { evil: '1.0.0' }], ['c1 to now: evil@1.0.0 script no']));

  it('is empty for versions that are not affected', () => check([{ evil: '2.0.0' }, { evilish: '1.0.0' }], []));

  it('begins anew for another affected version, newest first', () =>
    check(
      [{ evil: '1.0.0' }, { evil: '1.0.1' }, {}, { evil: '1.0.0' }],
      ['c3 to now: evil@1.0.0 script no', 'c1 to c2: evil@1.0.1 script no', 'c0 to c1: evil@1.0.0 script no'],
    ));

  it('ends when the file is removed', () => check([{ evil: '1.0.0' }, undefined], ['c0 to c1: evil@1.0.0 script no']));

  it('says whether an install script could have run', async () => {
    await check([{ evil: { version: '1.0.0', hasInstallScript: true } }], ['c0 to now: evil@1.0.0 script yes']);
    await check(['evil@^1.0.0:\n  version "1.0.0"\n'], ['c0 to now: evil@1.0.0 script unknown'], { path: 'yarn.lock' });
    const pnpm =
      "lockfileVersion: '6.0'\npackages:\n\n  /evil@1.0.0:\n    resolution: {integrity: sha512-x}\n    requiresBuild: true\n";
    await check([pnpm], ['c0 to now: evil@1.0.0 script yes'], { path: 'pnpm-lock.yaml' });
    await check([pnpm.replace('    requiresBuild: true\n', '')], ['c0 to now: evil@1.0.0 script no'], {
      path: 'pnpm-lock.yaml',
    });
  });

  it('finds a package by its real name where it is installed under another one', () =>
    check([{ alias: { name: 'evil', version: '1.0.0' } }], ['c0 to now: evil@1.0.0 script no']));

  it('names versions that could not be read', async () => {
    const { unreadable } = await check(
      [
        '{ "packages": { "node_modules/evil": { "version": "1.0.0" <<<<<<< ours',
        'version https://git-lfs.github.com/spec/v1\n',
      ],
      ['c0 to c1: evil@1.0.0 script no'],
    );
    expect(unreadable).toEqual(['c1', 'c0']);
  });

  it('parses a text only when something around the name has changed', async () => {
    let parsed = 0;
    const counting: Ecosystem = {
      ...npm,
      parseLockfile: (path, text) => {
        parsed++;
        return npm.parseLockfile(path, text);
      },
    };
    const calm = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`calm${String(at)}`, '1.0.0']));
    const states = ['1.0.0', '1.0.1', '1.0.2', '1.0.3'].map((other) => ({ evil: '1.0.0', ...calm, other }));
    await check(states, ['c0 to now: evil@1.0.0 script no'], { ecosystem: counting });
    expect(parsed).toBe(1);
  });
});

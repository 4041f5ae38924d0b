import { expect, test } from 'vitest';

import { RepositoryError, type Repository } from '../../server/src/core/repository.ts';
import { BaseScout } from '../../server/src/workspace/base-scout.ts';
import { baseOf } from '../support/base-of.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';
import { recordingLog } from '../support/recording-log.ts';

const LOCKFILE = '/project/package-lock.json';

/** A package-lock of such packages: `a@1.0.0 b@2.0.0`. */
function lockOf(packages: string): string {
  const entries = packages.split(' ').map((item) => {
    const [name = '', version = ''] = item.split('@');
    return `"node_modules/${name}": { "version": "${version}" }`;
  });
  return `{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "a": "*" } }, ${entries.join(', ')} } }`;
}

interface History {
  readonly branch?: string;
  /** The lockfile of then; undefined when there was none. */
  readonly then?: string;
  readonly open?: () => Promise<Repository>;
}

function repositoryOf({ branch = 'origin/main', then }: History): Repository {
  const unused = (): never => {
    throw new Error('not asked for');
  };
  return {
    isShallow: false,
    commitOf: (name) => Promise.resolve(name === 'HEAD' ? 'head' : name === branch ? 'main' : undefined),
    mergeBase: () => Promise.resolve('base'),
    filesOf: () => Promise.resolve(memoryFiles(then === undefined ? {} : { [LOCKFILE]: then })),
    versionsOf: unused,
    author: unused,
    close: () => undefined,
  };
}

const ADVISORIES = ['a', 'b'].map((name) => ({ id: `GHSA-${name}`, package: name, versions: '>=0 <2' }));

/** Lets a scout look at a project whose lockfile holds these packages now. */
async function scouted(
  now: string,
  history: History,
  facts: ProjectFacts = {},
  isOnline: boolean | (() => boolean) = false,
) {
  const text = `-- package.json --\n{ "dependencies": { "a": "*" } }\n-- package-lock.json --\n${now}`;
  const made = await projectOf(text, { advisories: ADVISORIES, ...facts });
  const clock = fakeClock();
  let found = 0;
  const scout = new BaseScout({
    files: made.files,
    clock,
    log: recordingLog(),
    knowledge: made.knowledge,
    isOnline: () => (typeof isOnline === 'function' ? isOnline() : isOnline),
    openRepository: history.open ?? (() => Promise.resolve(repositoryOf(history))),
    onFound: () => found++,
  });
  scout.consider(made.snapshot);
  const before = clock.pending;
  await clock.advance(5_000);
  return {
    ...made,
    scout,
    clock,
    asked: made.knowledge.refreshes,
    before,
    found: () => found,
    state: scout.stateOf(made.project.layout),
  };
}

test('what is installed now and was not then is told, with the versions that went', async () => {
  const { state, found } = await scouted(lockOf('a@1.1.0 b@1.0.0 c@1.0.0'), {
    then: lockOf('a@1.0.0 b@1.0.0 d@1.0.0'),
  });
  expect(state).toEqual({
    name: 'origin/main',
    added: new Set(['a@1.1.0', 'c@1.0.0']),
    gone: new Map([
      ['a', [{ version: '1.0.0', integrity: undefined }]],
      ['d', [{ version: '1.0.0', integrity: undefined }]],
    ]),
  });
  expect(found()).toBe(1);
});

test('without a main branch it is the last commit that tells', async () => {
  const lock = lockOf('a@1.0.0');
  const { state } = await scouted(lock, { branch: '', then: lock });
  expect(state).toEqual({ name: 'HEAD', added: new Set(), gone: new Map() });
});

test('where nothing can be compared, nothing is new', async () => {
  const now = lockOf('a@1.0.0');
  expect((await scouted(now, {})).state).toBeUndefined();
  expect((await scouted(now, { then: '{ "lockfileVersion": 3, "packages": {' })).state).toBeUndefined();
  const none = () => Promise.reject(new RepositoryError('no repository'));
  expect((await scouted(now, { open: none })).state).toBeUndefined();
});

test('a folder that is not trusted is left alone', async () => {
  const now = lockOf('a@1.0.0');
  expect((await scouted(now, { then: now }, { trusted: false })).before).toBe(0);
  expect((await scouted(now, { then: now })).before).toBe(1);
});

test('online, the versions that went are asked about, and only of what is affected and came', async () => {
  const now = lockOf('a@1.1.0 b@1.0.0 c@1.0.0');
  const { asked } = await scouted(now, { then: lockOf('a@1.0.0 b@1.0.0 c@0.9.0') }, {}, true);
  expect(
    asked.map(({ direct, transitive }) => [...direct, ...transitive].map(({ name, version }) => `${name}@${version}`)),
  ).toEqual([['a@1.0.0']]);
});

test('of a direct dependency that came, how the version before it was published is asked, affected or not', async () => {
  const [now, then] = [lockOf('a@1.1.0 b@1.0.0'), lockOf('a@1.0.0 b@0.9.0')];
  const asked = async (settings: object) => {
    const { asked: requests } = await scouted(now, { then }, { advisories: [], settings }, true);
    return requests.map(({ direct, transitive, signatures }) => [
      direct.map(({ name }) => name),
      transitive,
      signatures,
    ]);
  };
  expect(await asked({})).toEqual([[['a'], [], 'direct']]);
  expect(await asked({ signatures: { enable: false } })).toEqual([]);
});

test('what could not be asked is asked as soon as somebody may be', async () => {
  const world = { isOnline: false };
  const [now, then] = [lockOf('a@1.1.0'), lockOf('a@1.0.0')];
  const { scout, snapshot, clock, asked } = await scouted(now, { then }, {}, () => world.isOnline);
  scout.consider(snapshot);
  expect([clock.pending, asked.length]).toEqual([0, 0]);
  world.isOnline = true;
  scout.consider(snapshot);
  await clock.advance(5_000);
  expect(asked).toHaveLength(1);
});

test('git is asked again when other packages are installed, or after a while', async () => {
  const now = lockOf('a@1.0.0');
  const { scout, snapshot, clock, found } = await scouted(now, { then: now });
  scout.consider(snapshot);
  expect(clock.pending).toBe(0);
  await clock.advance(300_000);
  scout.consider(snapshot);
  await clock.advance(5_000);
  expect(found()).toBe(2);
  scout.dispose();
  await clock.advance(300_000);
  scout.consider(snapshot);
  expect(clock.pending).toBe(0);
});

/** Checks which findings are new, where these packages came and those went. */
async function checkNew(
  added: readonly string[],
  gone: Record<string, string[]>,
  expected: string,
  facts: ProjectFacts = {},
) {
  const base = baseOf('origin/main', added, gone);
  const text = '-- package.json --\n{ "dependencies": { "a": "*", "b": "*" } }';
  const { project } = await projectOf(text, {
    installed: { a: '1.1.0', b: '1.0.0' },
    advisories: [...ADVISORIES, { id: 'GHSA-late', package: 'a', versions: '>=1.1.0' }],
    base,
    ...facts,
  });
  const fresh = project.assessment.findings.filter(({ newSince }) => newSince === 'origin/main');
  expect(
    fresh
      .map(({ ruleId }) => ruleId)
      .sort()
      .join(' '),
  ).toBe(expected);
}

test('a finding is new when its package came, and no version that went for it had the same', async () => {
  await checkNew([], {}, '');
  await checkNew(['a@1.1.0'], {}, 'GHSA-a GHSA-late');
  await checkNew(['a@1.1.0'], { a: ['1.0.0'] }, 'GHSA-late');
});

test('what is not known of the version that went makes nothing new', () =>
  checkNew(['a@1.1.0'], { a: ['1.0.0'] }, '', { unknown: { a: 'not asked' } }));

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { npmRegistry } from '../../../server/src/ecosystems/npm/registry/registry.ts';
import { repositoryOf } from '../../../server/src/ecosystems/npm/registry/repository.ts';

const BASE = 'https://registry.example/npm';

const DOCUMENT = {
  name: '@scope/pkg',
  'dist-tags': { latest: '1.10.0', odd: 5 },
  time: {
    created: '2019-01-01T00:00:00.000Z',
    '1.9.0': '2020-01-02T00:00:00.000Z',
    '0.9.0': '2019-01-02T00:00:00.000Z',
  },
  repository: { url: 'https://github.com/owner/older' },
  versions: {
    '1.10.0': {
      repository: { type: 'git', url: 'git+https://github.com/owner/name.git', directory: 'packages/x' },
      license: { type: 'MIT' },
      deprecated: false,
      engines: { node: '>=18' },
      peerDependencies: { react: '^18', odd: 1 },
      scripts: { postinstall: 'node x.js', test: 'x' },
      dist: {
        integrity: 'sha512-AAAA',
        tarball: 'https://registry.example/npm/@scope/pkg/-/pkg-1.10.0.tgz',
        signatures: [{ keyid: 'SHA256:k', sig: 'c2ln' }, { keyid: 1 }, null],
      },
    },
    '1.9.0': { deprecated: 'use 1.10', license: 'Apache-2.0' },
    '1.10.0-rc.1': { deprecated: '', licenses: [{ type: 'MIT' }, 'ISC'] },
    broken: {},
    '2.0.0': null,
  },
};

test('a package is asked for below the base, the slash of a scope written as npm does', () => {
  expect(npmRegistry.request(BASE, '@scope/pkg')).toEqual({
    method: 'GET',
    url: 'https://registry.example/npm/@scope%2fpkg',
    headers: { accept: 'application/json' },
    timeoutMs: 15_000,
    maxBytes: 33_554_432,
  });
  expect(npmRegistry.request(`${BASE}/`, 'pkg').url).toBe('https://registry.example/npm/pkg');
});

test('a hostile name stays one part of the path', () => {
  expect(npmRegistry.request(BASE, '../-/admin?x#y').url).toBe('https://registry.example/npm/..%2f-%2fadmin%3Fx%23y');
});

test('half of a character in a name or version is no reason to fail', () => {
  expect(npmRegistry.request('https://registry.example/', 'a\ud800').url).toBe('https://registry.example/a%EF%BF%BD');
  expect(npmRegistry.page('a\ud800', '1\ud800')).toBe('https://www.npmjs.com/package/a%EF%BF%BD/v/1%EF%BF%BD');
});

test('the public base is an address with a slash at its end', () => {
  expect(npmRegistry.publicBase).toMatch(/^https:\/\/[a-z.]+\/$/);
});

test('the page for people is that of the version', () => {
  expect(npmRegistry.page('@scope/pkg', '1.0.0')).toBe('https://www.npmjs.com/package/@scope/pkg/v/1.0.0');
});

test('what the registry says is decoded, versions oldest first', () => {
  const { value, problems } = npmRegistry.decode('@scope/pkg', JSON.stringify(DOCUMENT));
  expect(value?.versions.map(({ version }) => version)).toEqual(['1.9.0', '1.10.0-rc.1', '1.10.0']);
  expect(value?.versions.map(({ deprecated }) => deprecated)).toEqual(['use 1.10', undefined, undefined]);
  expect(value?.versions.map(({ license }) => license)).toEqual(['Apache-2.0', 'MIT OR ISC', 'MIT']);
  expect(value?.versions[0]?.publishedAt).toBe(Date.UTC(2020, 0, 2));
  expect(value?.versions[2]).toMatchObject({
    publishedAt: undefined,
    hasInstallScript: true,
    integrity: 'sha512-AAAA',
    signatures: [{ keyid: 'SHA256:k', sig: 'c2ln' }],
    peerDependencies: { react: '^18' },
    nodeEngine: '>=18',
  });
  expect(value).toMatchObject({ tags: { latest: '1.10.0' }, repository: 'github.com/owner/name', hasTimes: true });
  expect(problems.map(({ message }) => message)).toEqual(['2 versions of @scope/pkg could not be read']);
});

test('an answer for another package is refused', () => {
  const { value, problems } = npmRegistry.decode('other', JSON.stringify(DOCUMENT));
  expect(value).toBeUndefined();
  expect(problems.map(({ message }) => message)).toEqual(['the registry answered for another package']);
});

test('a registry without times says so', () => {
  const { value } = npmRegistry.decode('a', '{"name":"a","versions":{"1.0.0":{}}}');
  expect(value).toMatchObject({ hasTimes: false, repository: undefined, tags: {} });
});

test('names like __proto__ in an answer are data', () => {
  const body =
    '{"name":"a","dist-tags":{"__proto__":"1.0.0"},"versions":{"1.0.0":{"peerDependencies":{"__proto__":"1"}}}}';
  const { value } = npmRegistry.decode('a', body);
  expect(Object.entries(value?.tags ?? {})).toEqual([['__proto__', '1.0.0']]);
  expect(Object.entries(value?.versions[0]?.peerDependencies ?? {})).toEqual([['__proto__', '1']]);
});

test('any other answer is a problem, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      const { value, problems } = npmRegistry.decode('a-name', body);
      expect(value === undefined && problems.length === 1).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (versions, time, tags) => {
      const document = { name: 'a', versions: { '1.0.0': versions, ...{ x: versions } }, time, 'dist-tags': tags };
      expect(npmRegistry.decode('a', JSON.stringify(document)).value?.name).toBe('a');
    }),
  );
});

test.each([
  ['git+https://github.com/owner/name.git', 'github.com/owner/name'],
  ['https://GitHub.com/Owner/Name', 'github.com/Owner/Name'],
  ['https://www.github.com/owner/name/tree/main/packages/x#readme', 'github.com/owner/name'],
  ['git://github.com/owner/name.git', 'github.com/owner/name'],
  ['git+ssh://git@github.com/owner/name.js.git', 'github.com/owner/name.js'],
  ['git@github.com:owner/name.git', 'github.com/owner/name'],
  ['github:owner/name', 'github.com/owner/name'],
  ['owner/name', 'github.com/owner/name'],
  ['gitlab:owner/name', 'gitlab.com/owner/name'],
  ['http://github.com/owner/name', undefined],
  ['https://github.com/owner', undefined],
  ['https://github.com/owner/..', undefined],
  ['https://evil.example/github.com/owner/name', undefined],
  ['https://github.com.evil.example/owner/name', undefined],
  ['javascript:alert(1)', undefined],
  ['gist:abc', undefined],
  ['', undefined],
])('the repository "%s" is %s', (claimed, repository) => {
  expect(repositoryOf(claimed)).toBe(repository);
});

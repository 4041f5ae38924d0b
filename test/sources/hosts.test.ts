import { expect, test } from 'vitest';

import { resolveHosts } from '../../server/src/sources/hosts.ts';

const PUBLIC = 'https://registry.example/';

test('without overrides there are the usual hosts, and the ecosystem’s registry', () => {
  expect(resolveHosts({}, PUBLIC)).toEqual({
    hosts: {
      npm: PUBLIC,
      osv: 'https://api.osv.dev/',
      'osv-export': 'https://storage.googleapis.com/osv-vulnerabilities/',
      kev: 'https://www.cisa.gov/',
      epss: 'https://api.first.org/',
      scorecard: 'https://api.scorecard.dev/',
      tuf: 'https://tuf-repo-cdn.sigstore.dev/',
    },
    problems: [],
  });
});

test.each([
  ['https://mirror.example', 'https://mirror.example/'],
  ['https://mirror.example/osv', 'https://mirror.example/osv/'],
  ['http://127.0.0.1:4873', 'http://127.0.0.1:4873/'],
  ['http://localhost:1/x/', 'http://localhost:1/x/'],
  ['http://[::1]:1', 'http://[::1]:1/'],
  ['https://mirror.example/kev.json', 'https://mirror.example/kev.json'],
])('%s is used as %s', (url, base) => {
  expect(resolveHosts({ osv: url }, PUBLIC)).toMatchObject({ hosts: { osv: base }, problems: [] });
});

test.each([
  'mirror.example',
  'ftp://mirror.example',
  'http://mirror.example',
  'http://127.0.0.1.mirror.example',
  'https://user:secret@mirror.example',
  'https://mirror.example/?a=b',
])('%s is not used, and the user is told without the URL', (url) => {
  const { hosts, problems } = resolveHosts({ osv: url }, PUBLIC);
  expect(hosts.osv).toBe('https://api.osv.dev/');
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('"osv"');
  expect(problems[0]).not.toContain('secret');
});

test('a source that does not exist is told', () => {
  expect(resolveHosts({ constructor: 'https://a.example' }, PUBLIC).problems).toEqual([
    'There is no outside source "constructor": it is one of npm, osv, osv-export, kev, epss, scorecard, tuf',
  ]);
});

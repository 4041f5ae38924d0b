import { expect, test } from 'vitest';

import { repositoryIdentity } from '../../server/src/evidence/repository-identity.ts';

test.each([
  'https://github.com/acme/widget',
  'https://github.com/acme/widget/',
  'https://github.com/acme/widget.git',
  'http://www.github.com/acme/widget',
  'git+https://github.com/acme/widget.git',
  'git+https://token:x@github.com/acme/widget.git#main',
  'git://github.com/acme/widget.git',
  'git+ssh://git@github.com/acme/widget.git',
  'ssh://git@github.com/acme/widget',
  'git@github.com:acme/widget.git',
  'github:acme/widget',
  'github:acme/widget#semver:^1',
  'acme/widget',
  'github.com/acme/widget',
  ' https://GitHub.com/Acme/Widget ',
  'https://github.com/acme/widget/tree/main/packages/core',
  'https://github.com/acme/widget?tab=readme#usage',
])('%s is github.com/acme/widget', (text) => {
  expect(repositoryIdentity(text)).toBe('github.com/acme/widget');
});

test.each([
  ['gitlab:acme/group/widget', 'gitlab.com/acme/group/widget'],
  ['https://gitlab.com/acme/group/widget.git', 'gitlab.com/acme/group/widget'],
  ['https://gitlab.com/acme/widget/-/tree/main/core', 'gitlab.com/acme/widget'],
  ['bitbucket:acme/widget', 'bitbucket.org/acme/widget'],
  ['https://git.example/acme/widget.git', 'git.example/acme/widget'],
])('%s is %s', (text, identity) => {
  expect(repositoryIdentity(text)).toBe(identity);
});

test.each([
  '',
  ' ',
  'widget',
  'https://github.com',
  'https://github.com/acme',
  'gist:11081aaa281',
  'javascript:a/b',
  'x'.repeat(2000),
  '../..:x',
  'https://[/acme/widget',
])('%s is no repository', (text) => {
  expect(repositoryIdentity(text)).toBeUndefined();
});

test('repositories of one name on two hosts, or of two owners, are two', () => {
  const texts = [
    'github:acme/widget',
    'gitlab:acme/widget',
    'github:evil/widget',
    'https://github.com.evil.example/acme/widget',
  ];
  expect(new Set(texts.map(repositoryIdentity)).size).toBe(4);
});

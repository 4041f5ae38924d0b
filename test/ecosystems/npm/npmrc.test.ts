import { expect, test } from 'vitest';
import { expandVariables, parseNpmrc } from '../../../server/src/ecosystems/npm/registry/npmrc.ts';

test('settings are read as npm reads them', () => {
  const text = [
    '; a comment',
    '# another',
    'registry = https://registry.example/ ; the mirror',
    '@scope:registry=https://private.example/npm/',
    '//private.example/npm/:_authToken="to=ken"',
    "//private.example/:_password='cGFzcw=='",
    'always-auth',
    'ca[]="-----BEGIN A\\nx"',
    'ca[]="-----BEGIN B"',
    'escaped=a\\;b\\#c\\d',
    '[section]',
    'registry=https://other.example/',
  ].join('\r\n');
  expect(Object.fromEntries(parseNpmrc(text))).toEqual({
    registry: 'https://registry.example/',
    '@scope:registry': 'https://private.example/npm/',
    '//private.example/npm/:_authToken': 'to=ken',
    '//private.example/:_password': 'cGFzcw==',
    'always-auth': 'true',
    ca: '-----BEGIN A\nx\n-----BEGIN B',
    escaped: 'a;b#c\\d',
  });
});

test('of a setting that stands twice the last counts', () => {
  expect(parseNpmrc('a=1\na=2').get('a')).toBe('2');
});

test('variables are put in place, and one that is missing makes the whole unknown', () => {
  const environment = { HOST: 'h.example', EMPTY: '' };
  expect(expandVariables('https://${HOST}/${EMPTY}${GONE?}', environment)).toBe('https://h.example/');
  expect(expandVariables('${GONE}', environment)).toBeUndefined();
  expect(expandVariables('${toString}', environment)).toBeUndefined();
});

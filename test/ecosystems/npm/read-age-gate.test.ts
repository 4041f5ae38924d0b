import { expect, test } from 'vitest';

import { blockedUntil, type AgeGate } from '../../../server/src/core/age-gate.ts';
import { readAgeGate } from '../../../server/src/ecosystems/npm/registry/read-age-gate.ts';

const HOUR_MS = 3_600_000;

interface GateOptions {
  readonly trusted?: boolean;
  readonly user?: string;
  readonly managerVersion?: string;
}

function gateOf(
  [lockfile, name, text]: readonly [lockfile: string, name: string, text: string],
  { trusted = true, user = '', managerVersion }: GateOptions = {},
): AgeGate | undefined {
  const files = [
    { path: `/project/${name}`, text, isUser: false },
    { path: '/home/.npmrc', text: user, isUser: true },
  ];
  return readAgeGate(files, { root: '/project', lockfile: `/project/${lockfile}`, managerVersion, trusted });
}

test.each([
  ['package-lock.json', '.npmrc', 'min-release-age=2', 48],
  ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'minimumReleaseAge: 120', 2],
  ['pnpm-lock.yaml', '.npmrc', 'minimum-release-age=60', 1],
  ['yarn.lock', '.yarnrc.yml', 'npmMinimalAgeGate: 90', 1.5],
  ['yarn.lock', '.yarnrc.yml', 'npmMinimalAgeGate: 3d', 72],
  ['yarn.lock', '.yarnrc.yml', "npmMinimalAgeGate: '1w'", 168],
  ['bun.lock', 'bunfig.toml', '[install]\nminimumReleaseAge = 7200', 2],
] as const)('%s: %s with "%s" waits %d hours', (lockfile, name, text, hours) => {
  expect(gateOf([lockfile, name, text])?.minimumAgeMs).toBe(hours * HOUR_MS);
});

test.each([
  ['package-lock.json', '.npmrc', 'minimum-release-age=60'],
  ['pnpm-lock.yaml', '.npmrc', 'min-release-age=2'],
  ['yarn.lock', '.npmrc', 'min-release-age=2'],
  ['package-lock.json', '.npmrc', 'min-release-age=soon'],
  ['yarn.lock', '.yarnrc.yml', 'npmMinimalAgeGate: 3 days'],
  ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'minimumReleaseAge: 0'],
  ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'minimumReleaseAge: ['],
  ['bun.lock', 'bunfig.toml', 'minimumReleaseAge = 7200'],
  ['bun.lock', 'bunfig.toml', '[install]\nminimumReleaseAge = "long"'],
  ['bun.lock', 'bunfig.toml', '[install]\nminimumReleaseAge = 7200\n<<<<<<< ours'],
  ['yarn.lock', 'bunfig.toml', '[install]\nminimumReleaseAge = 7200'],
] as const)('%s: %s with "%s" is no gate', (...file) => {
  expect(gateOf(file)).toBeUndefined();
});

test.each([
  ['package-lock.json', '.npmrc', 'min-release-age=2\nmin-release-age-exclude[]=@own/*\nmin-release-age-exclude[]=a'],
  ['pnpm-lock.yaml', 'pnpm-workspace.yaml', "minimumReleaseAge: 120\nminimumReleaseAgeExclude: ['@own/*', a]"],
  ['package-lock.json', '.npmrc', 'min-release-age=2\nmin-release-age-exclude=@own/*, a'],
  ['yarn.lock', '.yarnrc.yml', "npmMinimalAgeGate: 90\nnpmPreapprovedPackages: ['@own/*', a]"],
  ['bun.lock', 'bunfig.toml', "[install]\nminimumReleaseAge = 90\nminimumReleaseAgeExcludes = ['@own/*', 'a']"],
] as const)('%s: %s names what is let through', (...file) => {
  expect(gateOf(file)?.excluded).toEqual(['@own/*', 'a']);
});

test("an untrusted workspace may lengthen the user's wait only", () => {
  const user = 'min-release-age=2';
  const npmrc = (text: string) => gateOf(['package-lock.json', '.npmrc', text], { trusted: false, user });
  expect(npmrc('min-release-age=0')?.minimumAgeMs).toBe(48 * HOUR_MS);
  expect(npmrc('min-release-age=3')?.minimumAgeMs).toBe(72 * HOUR_MS);
  expect(npmrc('min-release-age-exclude[]=*')?.excluded).toEqual([]);
  expect(gateOf(['package-lock.json', '.npmrc', 'min-release-age=0'], { user })).toBeUndefined();
});

const STRICT = 'minimumReleaseAgeStrict: true';

test.each([
  ['pnpm-lock.yaml', '11.0.0', STRICT, 24],
  ['pnpm-lock.yaml', '11.0.0', 'packages: []', undefined],
  ['pnpm-lock.yaml', '11.0.0', 'minimumReleaseAge: 60\nminimumReleaseAgeStrict: false', undefined],
  ['pnpm-lock.yaml', '10.34.9', STRICT, undefined],
  ['yarn.lock', '4.15.0', '', 24],
  ['yarn.lock', '4.14.1', '', undefined],
  ['package-lock.json', '11.19.1', '', undefined],
  ['bun.lock', '1.4.5', '', undefined],
] as const)('%s of version %s with "%s" waits %s hours by default', (lockfile, managerVersion, text, hours) => {
  const gate = gateOf([lockfile, 'pnpm-workspace.yaml', text], { managerVersion });
  expect(gate?.minimumAgeMs).toBe(hours === undefined ? undefined : hours * HOUR_MS);
});

test('a file beats what waits by default, where it may', () => {
  const file = ['yarn.lock', '.yarnrc.yml', 'npmMinimalAgeGate: 0'] as const;
  expect(gateOf(file, { managerVersion: '4.15.0' })).toBeUndefined();
  expect(gateOf(file, { managerVersion: '4.15.0', trusted: false })?.minimumAgeMs).toBe(24 * HOUR_MS);
});

test('a name is let through in the document whose list counts', () => {
  const npmrc = (text: string, options = {}) => gateOf(['package-lock.json', '.npmrc', text], options)?.excludeIn;
  expect(npmrc('min-release-age=2')).toBe('/project/.npmrc');
  expect(npmrc('min-release-age=2', { trusted: false })).toBeUndefined();
  // A list of the project would take the place of the user's.
  expect(npmrc('min-release-age=2', { user: 'min-release-age-exclude[]=a' })).toBeUndefined();
});

const AT = 1_000_000;
test.each([
  ['younger than the gate', [], undefined, AT, 'a', AT + HOUR_MS],
  ['exactly as old as the gate', [], undefined, AT - HOUR_MS, 'a', undefined],
  ['of unknown age', [], undefined, undefined, 'a', undefined],
  ['later than the date', [], AT - 1, AT, 'a', Infinity],
  ['let through by name', ['a'], undefined, AT, 'a', undefined],
  ['let through by scope', ['@own/*'], undefined, AT, '@own/a', undefined],
  ['beside the scope', ['@own/*'], undefined, AT, '@owner/a', AT + HOUR_MS],
  ['let through by version', ['a@0.9.0 || 1.0.0'], undefined, AT, 'a', undefined],
  ['beside the version', ['a@0.9.0'], undefined, AT, 'a', AT + HOUR_MS],
  ['like the ends of a pattern that overlap', ['ab*ba'], undefined, AT, 'aba', AT + HOUR_MS],
] as const)('a version %s', (_, excluded, before, publishedAt, name, until) => {
  const gate = { minimumAgeMs: HOUR_MS, before, excluded, excludeIn: undefined };
  expect(blockedUntil(gate, { name, version: '1.0.0', publishedAt }, AT)).toBe(until);
});

import { expect, test } from 'vitest';
import {
  DOCUMENT_SELECTOR,
  initializationOptions,
  isInstalledPackage,
  WATCHED_GLOB,
} from '../../client/src/language-client-options.ts';

test('the server is told of manifests, lockfiles and registry configurations on disk', () => {
  expect(DOCUMENT_SELECTOR).toContainEqual({ scheme: 'file', pattern: '**/package.json' });
  expect(DOCUMENT_SELECTOR).toContainEqual({ scheme: 'file', pattern: '**/pnpm-lock.yaml' });
  expect(DOCUMENT_SELECTOR).toContainEqual({ scheme: 'file', pattern: '**/.npmrc' });
  expect(WATCHED_GLOB).toMatch(/^\*\*\/\{package\.json,.*\}$/);
});

test('the server is not told of changes in installed packages', () => {
  expect(isInstalledPackage('/project/node_modules/a/package.json')).toBe(true);
  expect(isInstalledPackage('/project/packages/a/package.json')).toBe(false);
});

test('the first message says what the client can do and whether the workspace is trusted', () => {
  expect(initializationOptions({ settings: { inline: 'all' }, isTrusted: false, consent: undefined })).toEqual({
    settings: { inline: 'all' },
    fetch: true,
    trusted: false,
    asksConsent: true,
    installCommand: true,
    decideCommand: true,
  });
});

test('the first message repeats an answer that the user gave earlier', () => {
  expect(initializationOptions({ settings: {}, isTrusted: true, consent: 'offline' })).toMatchObject({
    consent: 'offline',
  });
});

import { join } from 'node:path';
import type { CodeAction } from 'vscode-languageserver';
import { expect, test } from 'vitest';

import { startLoopbackWorld, writeFiles } from '../support/loopback-world.ts';
import { packageLockOf } from '../support/project-of.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { errorCode, startStdioServer, type StdioClient } from '../support/stdio-client.ts';
import {
  ADVISORIES,
  INSTALLED,
  isAffected,
  LODASH_LINE,
  MANIFEST,
  quickFixes,
  REGISTRY,
  session,
} from '../support/stdio-session.ts';

const REQUEST_CANCELLED = -32800;
const METHOD_NOT_FOUND = -32601;

async function hoverText(client: StdioClient, uri: string): Promise<string> {
  const hover = await client.request('textDocument/hover', { textDocument: { uri }, position: LODASH_LINE });
  return JSON.stringify(hover);
}

test('it says what it can do and who it is', async () => {
  const { initialized } = await session();
  expect(initialized).toMatchObject({
    capabilities: { hoverProvider: true, codeActionProvider: { resolveProvider: true }, inlayHintProvider: true },
    serverInfo: { name: 'Provender' },
  });
});

test('an opened manifest gets diagnostics, a hover and a fix', async () => {
  const { client, uri } = await session();
  client.open(uri, MANIFEST);
  const [diagnostic] = await client.diagnostics(uri, isAffected);
  expect(diagnostic).toMatchObject({
    range: { start: { line: 2, character: 15 }, end: { line: 2, character: 23 } },
    severity: 2,
    source: 'Provender',
    codeDescription: { href: 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm' },
  });
  expect(await hoverText(client, uri)).toContain('trouble in lodash');
  const [fix] = await quickFixes(client, uri);
  const resolved = (await client.request('codeAction/resolve', fix)) as CodeAction;
  expect(resolved.edit?.documentChanges).toEqual([
    {
      textDocument: { uri, version: 1 },
      edits: [{ range: diagnostic?.range, newText: '^4.17.21' }],
    },
  ]);
});

test('a keystroke is followed by diagnostics of the newest version', async () => {
  const { client, uri } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  for (let version = 2; version <= 20; version++)
    client.change(uri, version, { text: `${MANIFEST}${'\n'.repeat(version)}` });
  client.change(uri, 21, { text: MANIFEST.replace('lodash', 'renamed') });
  const last = await client.diagnostics(uri, (_, version) => version === 21);
  expect(isAffected(last)).toBe(false);
});

test('a range is replaced where the client sends only what changed', async () => {
  const { client, uri } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  const range = { start: { line: 2, character: 15 }, end: { line: 2, character: 23 } };
  client.change(uri, 2, { text: '^4.17.21', range });
  const found = await client.diagnostics(uri, (items) => items.some(({ code }) => code === 'waiting-for-install'));
  expect(found.find(({ code }) => code === 'waiting-for-install')?.range).toEqual(range);
});

test('a request that was taken back gets no empty answer', async () => {
  const { client, uri, world } = await session();
  const gate = Promise.withResolvers<undefined>();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  world.holdUp('{"package":{"ecosystem":"npm","name":"lodash"}}', gate.promise);
  const [fix] = await quickFixes(client, uri);
  expect(errorCode(await client.askAndCancel('codeAction/resolve', fix))).toBe(REQUEST_CANCELLED);
  gate.resolve(undefined);
  expect(await hoverText(client, uri)).toContain('lodash');
});

test('messages that are none, unknown or of the wrong form do not end the server', async () => {
  const { client, uri } = await session();
  client.open(uri, MANIFEST);
  client.sendRaw('this is no JSON');
  client.sendRaw('[1, 2');
  client.sendRaw('{"jsonrpc":"2.0"}');
  expect(errorCode(await client.ask('textDocument/unheardOf', {}))).toBe(METHOD_NOT_FOUND);
  expect(errorCode(await client.ask('textDocument/hover', {}))).toBeDefined();
  expect(errorCode(await client.ask('provender/risks', null))).toBeDefined();
  client.notify('textDocument/didChange', {});
  client.notify('textDocument/didOpen', { textDocument: null });
  client.notify('unheard/of', { x: 1 });
  await client.diagnostics(uri, isAffected);
  expect(await hoverText(client, uri)).toContain('lodash');
});

test('it ends with 0 after a shutdown, and with 1 without one', async () => {
  const first = await session();
  expect(await first.client.request('shutdown', null)).toBeNull();
  first.client.notify('exit', null);
  expect(await first.client.exited).toBe(0);
  const second = await session();
  second.client.notify('exit', null);
  expect(await second.client.exited).toBe(1);
});

test('it ends when the editor hangs up', async () => {
  const { client, uri } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri);
  client.endInput();
  await expect(client.exited).resolves.toBeDefined();
});

test('it ends when nobody reads what it says', async () => {
  const { client, uri } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri);
  client.stopReading();
  client.change(uri, 2, { text: MANIFEST.replace('lodash', 'renamed') });
  await expect(client.exited).resolves.toBe(1);
});

test('the left side of a diff gets no diagnostics', async () => {
  const { client, uri } = await session();
  client.open(uri.replace('file:', 'git:'), MANIFEST);
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  const wasTold = client.waitFor('textDocument/publishDiagnostics', (params) =>
    JSON.stringify(params).includes('git:'),
  );
  client.notify('textDocument/didClose', { textDocument: { uri } });
  await client.diagnostics(uri, (items) => items.length === 0);
  expect(await Promise.race([wasTold, Promise.resolve('nothing')])).toBe('nothing');
  wasTold.catch(() => undefined);
});

test('nothing is sent before the answer to the first question, and nothing after a no', async () => {
  const { client, uri, world } = await session({ options: { consent: undefined, asksConsent: true } });
  const answer = Promise.withResolvers<unknown>();
  client.answer('provender/askConsent', () => answer.promise);
  client.open(uri, MANIFEST);
  const asked = await client.waitFor('provender/askConsent');
  expect(JSON.stringify(asked)).toContain('2 public package names');
  await client.diagnostics(uri);
  expect(await hoverText(client, uri)).toContain('only if you agree');
  expect(world.server.requests).toEqual([]);
  answer.resolve({ answer: 'offline' });
  await client.request('provender/checkNow', null);
  expect(world.server.requests).toEqual([]);
});

test('once the user agrees, what is missing is asked and shown', async () => {
  const { client, uri, world } = await session({ options: { consent: undefined, asksConsent: true } });
  client.answer('provender/askConsent', () => ({ answer: 'ask' }));
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  expect(world.server.requests.length).toBeGreaterThan(0);
  expect(client.count('provender/askConsent')).toBe(1);
});

const SECRET = 'the-secret-of-the-environment';

/** A project whose own `.npmrc` names another registry and asks for a secret of the environment. */
async function hostileProject(
  trusted: boolean,
): Promise<{ client: StdioClient; uri: string; sent: () => Promise<string[]>; asked: () => string }> {
  const other = await startLoopbackWorld([], REGISTRY);
  const npmrc = [
    `registry=${other.server.base}npm/`,
    `//127.0.0.1:${new URL(other.server.base).port}/npm/:_authToken=\${PROVENDER_TEST_SECRET}`,
    // Nothing could be seen of what goes through a proxy, where one may be chosen.
    ...(trusted ? [] : [`proxy=${other.server.base}`]),
  ].join('\n');
  const { client, uri, world } = await session({
    files: { '.npmrc': npmrc },
    options: { trusted },
    environment: { PROVENDER_TEST_SECRET: SECRET },
  });
  client.open(uri, MANIFEST);
  await client.diagnostics(uri);
  return {
    client,
    uri,
    sent: async () => {
      await client.request('provender/checkNow', null);
      return [...other.server.requests, ...world.server.requests].map((request) => JSON.stringify(request));
    },
    asked: () => other.server.requests.map(({ path }) => path).join(' '),
  };
}

test('a workspace that is not trusted chooses no host, gets no secret, and its names go to nobody', async () => {
  const { sent, asked } = await hostileProject(false);
  const requests = await sent();
  expect(requests.filter((request) => request.includes(SECRET))).toEqual([]);
  expect(requests.filter((request) => request.includes('lodash') || request.includes('calm'))).toEqual([]);
  expect(asked()).toBe('');
});

test('a trusted workspace chooses its registry, but its variables are not filled in and OSV hears no name', async () => {
  const { sent, asked } = await hostileProject(true);
  const requests = await sent();
  expect(asked()).toContain('/npm/lodash');
  expect(requests.filter((request) => request.includes(SECRET))).toEqual([]);
  expect(requests.filter((request) => request.includes('querybatch'))).toEqual([]);
});

test('started offline it sends nothing, whatever the client says', async () => {
  const scratch = scratchFolder();
  writeFiles(scratch, {
    'project/package.json': MANIFEST,
    'project/package-lock.json': packageLockOf(new Map([['package.json', MANIFEST]]), INSTALLED),
  });
  const world = await startLoopbackWorld(ADVISORIES, REGISTRY);
  const client = startStdioServer(['--offline', ...world.hostArguments], { HOME: scratch });
  await client.start({
    folder: join(scratch, 'project'),
    options: { consent: 'ask', dataFolder: join(scratch, 'data') },
  });
  const uri = `file://${join(scratch, 'project/package.json')}`;
  client.open(uri, MANIFEST);
  await client.diagnostics(uri);
  await client.request('provender/consent', { answer: 'ask' });
  await client.request('provender/checkNow', null);
  expect(world.server.requests).toEqual([]);
  expect(await hoverText(client, uri)).toContain('offline');
});

test('the tree and the status tell of the same finding', async () => {
  const { client, uri } = await session({ options: { asksConsent: true } });
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  const risks = await client.request('provender/risks', { grouping: 'action', filter: '' });
  expect(risks).toMatchObject({ badge: 1, groups: [{ label: 'Do now', items: [{ label: 'lodash 4.17.20', uri }] }] });
  await client.waitFor('provender/status', (params) => JSON.stringify(params).includes('"findings":1'));
});

test('a lockfile that cannot be read to its end keeps the status from an all-clear', async () => {
  const files = {
    'package.json': '{ "dependencies": { "calm": "1.0.0" } }',
    'package-lock.json':
      '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "calm": "1.0.0" } }, "node_modules/calm": { "version": "1.0.0" }, "node',
  };
  const { client } = await session({ files });
  const isReady = (params: unknown): boolean => JSON.stringify(params).includes('"state":"ready","text":"1 checked');
  expect(await client.waitFor('provender/status', isReady)).toMatchObject({
    text: '1 checked · not every file could be read',
  });
});

test('a client that names its root by a path alone, and can do nothing, gets diagnostics', async () => {
  const scratch = scratchFolder();
  const folder = join(scratch, 'my project');
  writeFiles(folder, { 'package.json': '{ "dependencies": { "calm": 1 } }' });
  const client = startStdioServer(['--offline'], { HOME: scratch });
  await client.request('initialize', { processId: null, rootUri: null, rootPath: folder, capabilities: {} });
  client.notify('initialized', {});
  const uri = `file://${encodeURI(folder)}/package.json`;
  client.open(uri, '{ "dependencies": { "calm": 1 } }');
  expect((await client.diagnostics(uri, ({ length }) => length > 0)).map(({ code }) => code)).toEqual(['not-read']);
});

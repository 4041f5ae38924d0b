import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { expect, test } from 'vitest';

import { packageLockOf } from '../support/project-of.ts';
import { errorCode } from '../support/stdio-client.ts';
import { isAffected, LODASH_LINE, MANIFEST, quickFixes, session } from '../support/stdio-session.ts';

const CONTENT_MODIFIED = -32801;
const REQUEST_CANCELLED = -32800;
/** What tells whether another version of lodash is affected. */
const LOOKUP = '{"package":{"ecosystem":"npm","name":"lodash"}}';

test('an edit that was computed for an older text is refused', async () => {
  const { client, uri } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  const [fix] = await quickFixes(client, uri);
  expect(fix?.data).toBeDefined();
  client.change(uri, 2, { text: `\n${MANIFEST}` });
  expect(errorCode(await client.ask('codeAction/resolve', fix))).toBe(CONTENT_MODIFIED);
});

test('a list that the user asks for waits for the look-up, and one that the editor asks for does not', async () => {
  const { client, uri, world } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  world.holdUp(LOOKUP, promise);
  const [proposed] = await quickFixes(client, uri, 2);
  expect(proposed?.title).toBe('Upgrade lodash to 4.17.21 (clears 1 advisory, proposed)');
  const listed = quickFixes(client, uri, 1);
  // Whatever is not waited for is answered before a later question.
  await client.request('textDocument/hover', { textDocument: { uri }, position: LODASH_LINE });
  resolve(undefined);
  expect((await listed)[0]?.title).toBe('Upgrade lodash to 4.17.21 (clears 1 advisory)');
});

test('a look-up that nobody answers does not keep the list from the user', async () => {
  const { client, uri, world } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  world.holdUp(LOOKUP, new Promise(() => undefined));
  const [proposed] = await quickFixes(client, uri, 1);
  expect(proposed?.title).toBe('Upgrade lodash to 4.17.21 (clears 1 advisory, proposed)');
});

test('a list that is taken back while it waits has no answer', async () => {
  const { client, uri, world } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  world.holdUp(LOOKUP, new Promise(() => undefined));
  const range = { start: LODASH_LINE, end: LODASH_LINE };
  const context = { diagnostics: [], triggerKind: 1 };
  const reply = await client.askAndCancel('textDocument/codeAction', { textDocument: { uri }, range, context });
  expect(errorCode(reply)).toBe(REQUEST_CANCELLED);
});

test('an override is written into the manifest as the editor holds it', async () => {
  const manifest = '{\n  "dependencies": {\n    "calm": "1.0.0"\n  }\n}\n';
  const installed = { calm: '1.0.0 needs lodash', lodash: '4.17.20' };
  const lockfile = packageLockOf(new Map([['package.json', manifest]]), installed);
  const { client, uri } = await session({ files: { 'package.json': manifest, 'package-lock.json': lockfile } });
  client.open(uri, manifest);
  await client.diagnostics(uri, isAffected);
  const fix = (await quickFixes(client, uri)).find(({ title }) =>
    title.startsWith('Override lodash 4.17.20 to 4.17.21'),
  );
  expect(fix?.edit).toBeUndefined();
  const resolved = (await client.request('codeAction/resolve', fix)) as CodeAction;
  expect(resolved.edit?.documentChanges).toMatchObject([
    {
      textDocument: { uri, version: 1 },
      edits: [{ newText: ',\n  "overrides": {\n    "calm": {\n      "lodash": "4.17.21"\n    }\n  }' }],
    },
  ]);
  client.change(uri, 2, { text: `\n${manifest}` });
  expect(errorCode(await client.ask('codeAction/resolve', fix))).toBe(CONTENT_MODIFIED);
});

test('an override that does nothing is a hint with the edit that removes it', async () => {
  const manifest =
    '{\n  "dependencies": { "lodash": "^4.17.20", "calm": "1.0.0" },\n  "overrides": { "gone": "1.0.0" }\n}\n';
  const { client, uri } = await session({ files: { 'package.json': manifest } });
  client.open(uri, manifest);
  const isUnused = ({ code }: Diagnostic): boolean => code === 'override-unused';
  const hint = (await client.diagnostics(uri, (found) => found.some(isUnused))).find(isUnused);
  expect(hint).toMatchObject({ severity: 4, range: { start: { line: 2, character: 18 } } });
  const [fix] = (await client.request('textDocument/codeAction', {
    textDocument: { uri },
    range: hint?.range,
    context: { diagnostics: [hint], only: ['quickfix'] },
  })) as CodeAction[];
  expect(fix?.diagnostics).toEqual([hint]);
  const resolved = (await client.request('codeAction/resolve', fix)) as CodeAction;
  expect(resolved.edit?.documentChanges).toMatchObject([{ edits: [{ newText: '' }, { newText: '' }] }]);
});

test('upgrades of the whole workspace are planned after their packages were looked up, without those that are affected', async () => {
  const { client, uri } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  const everything = await client.request('provender/upgrades', { step: 'patch', onlyFindings: false });
  expect(everything).toMatchObject({
    title: 'Upgrade to the newest patch version without a known advisory: 1 edit',
    missing: '',
    upgrades: [
      {
        label: 'lodash 4.17.20 → 4.17.21',
        description: 'patch · clears 1 advisory',
        uri,
        version: 1,
        oldText: '^4.17.20',
        newText: '^4.17.21',
        breaking: false,
      },
    ],
  });
});

test('upgrades that are cancelled while their packages are looked up have no answer', async () => {
  const { client, world, uri } = await session();
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, isAffected);
  const reply = await client.askAndCancel('provender/upgrades', { step: 'major', onlyFindings: false });
  expect(errorCode(reply)).toBe(REQUEST_CANCELLED);
  expect(world.server.requests.length).toBeGreaterThan(0);
});

test('upgrades say which packages the registry did not answer for', async () => {
  const manifest = '{ "dependencies": { "lodash": "^4.17.20", "gone": "1.0.0" } }';
  const lockfile = packageLockOf(new Map([['package.json', manifest]]), { lodash: '4.17.20', gone: '1.0.0' });
  const { client, uri } = await session({ files: { 'package.json': manifest, 'package-lock.json': lockfile } });
  client.open(uri, manifest);
  await client.diagnostics(uri, isAffected);
  const found = await client.request('provender/upgrades', { step: 'minor', onlyFindings: false });
  expect(JSON.stringify(found)).toContain('"missing":"The versions of 1 package are unknown (gone): ');
});

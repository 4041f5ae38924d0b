import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { expect, test } from 'vitest';

import { applyReplacements } from '../../server/src/core/compose-edits.ts';
import type { DecideParams, DecideResult, RisksResult } from '../../server/src/protocol.ts';
import { gitFolder } from '../support/git-folder.ts';
import { startLoopbackWorld, writeFiles } from '../support/loopback-world.ts';
import { packageLockOf } from '../support/project-of.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startStdioServer, type StdioClient } from '../support/stdio-client.ts';

const MANIFEST = '{\n  "name": "app",\n  "version": "1.0.0",\n  "dependencies": {\n    "lodash": "^4.17.20"\n  }\n}\n';
const ID = 'GHSA-35jh-r3h4-6jhm';

async function start(): Promise<{ readonly client: StdioClient; readonly folder: string; readonly uri: string }> {
  const scratch = scratchFolder();
  const { folder, git } = gitFolder(scratchFolder());
  git('config', 'user.name', 'Ada Lovelace');
  git('config', 'user.email', 'ada@example.org');
  const lockfile = packageLockOf(new Map([['package.json', MANIFEST]]), { lodash: '4.17.20' });
  writeFiles(folder, { 'package.json': MANIFEST, 'package-lock.json': lockfile });
  const world = await startLoopbackWorld([{ id: ID, name: 'lodash', fixed: '4.17.21' }], {
    lodash: ['4.17.20', '4.17.21'],
  });
  const client = startStdioServer(world.hostArguments, { HOME: join(scratch, 'home') });
  const textDocument = { codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } } };
  const workspace = { workspaceEdit: { documentChanges: true, resourceOperations: ['create' as const] } };
  await client.start({
    folder,
    capabilities: { textDocument, workspace },
    options: { consent: 'ask', dataFolder: join(scratch, 'data'), settings: { signatures: { enable: false } } },
  });
  const uri = `file://${join(folder, 'package.json')}`;
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, hasLevel(2));
  return { client, folder, uri };
}

function hasLevel(wanted: number): (found: readonly Diagnostic[]) => boolean {
  return (found) => found.some(({ code, severity }) => code === ID && severity === wanted);
}

/** Applies edits of files as a client does, and says that they changed. */
function apply(client: StdioClient, { documents }: DecideResult): void {
  for (const { uri, isNew, edits } of documents) {
    const path = new URL(uri).pathname;
    expect(existsSync(path)).toBe(!isNew);
    const text = isNew ? '' : readFileSync(path, 'utf8');
    const lines = text.split('\n');
    const offset = ({ line, character }: { line: number; character: number }): number =>
      lines.slice(0, line).reduce((sum, item) => sum + item.length + 1, 0) + character;
    const replacements = edits.map(({ range, newText }) => ({
      span: { start: offset(range.start), end: offset(range.end) },
      newText,
    }));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, applyReplacements(text, replacements));
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
  }
}

test('what is decided in the tree is written with the author that git names, and can be taken back', async () => {
  const { client, folder, uri } = await start();
  const risks = (await client.request('provender/risks', { grouping: 'action', filter: '' })) as RisksResult;
  const open = risks.groups.flatMap(({ items }) => items).filter(({ decision }) => decision === 'open');
  expect(open.map(({ label }) => label)).toEqual(['lodash 4.17.20']);
  const decision: DecideParams['decision'] = {
    kind: 'not-affected',
    justification: 'vulnerable_code_not_in_execute_path',
    statement: 'template() is never called',
  };
  const ids = open.map(({ id }) => id);
  const result = (await client.request('provender/decide', { risks: ids, decision })) as DecideResult;
  expect(result).toMatchObject({ title: '1 finding of lodash', trouble: '' });
  apply(client, result);
  const document: unknown = JSON.parse(readFileSync(join(folder, '.vex/openvex.json'), 'utf8'));
  expect(document).toMatchObject({
    author: 'Ada Lovelace <ada@example.org>',
    statements: [{ products: [{ '@id': 'pkg:npm/app@1.0.0', subcomponents: [{ '@id': 'pkg:npm/lodash@4.17.20' }] }] }],
  });
  const [hint] = (await client.diagnostics(uri, hasLevel(4))).filter(({ code }) => code === ID);
  expect(hint?.message).toContain('template() is never called (Ada Lovelace <ada@example.org>');
  const decided = (await client.request('provender/risks', { grouping: 'action', filter: '' })) as RisksResult;
  const made = decided.groups.flatMap(({ items }) => items).filter((item) => item.decision === 'made');
  apply(client, (await client.request('provender/undecide', { risks: made.map(({ id }) => id) })) as DecideResult);
  await client.diagnostics(uri, hasLevel(2));
});

test('a snooze is one edit that makes the file, in any editor, and counts before it is saved', async () => {
  const { client, folder, uri } = await start();
  const line = { line: 4, character: 16 };
  const context = { diagnostics: [], only: ['quickfix'] };
  const actions = (await client.request('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: line, end: line },
    context,
  })) as CodeAction[];
  const snooze = actions.find(({ title }) => title === `Snooze ${ID} until another version is installed`);
  const { edit } = (await client.request('codeAction/resolve', snooze)) as CodeAction;
  const file = `file://${join(folder, '.provender.jsonc')}`;
  expect(edit?.documentChanges).toMatchObject([
    { kind: 'create', uri: file },
    { textDocument: { uri: file, version: null }, edits: [{ range: { start: { line: 0, character: 0 } } }] },
  ]);
  const [, change] = edit?.documentChanges ?? [];
  const [made] = change !== undefined && 'edits' in change ? change.edits : [];
  const text = made !== undefined && 'newText' in made ? made.newText : '';
  // The editor makes an empty file, and holds the text unsaved.
  writeFileSync(join(folder, '.provender.jsonc'), '');
  client.open(file, text);
  await client.diagnostics(uri, hasLevel(4));
  client.change(file, 2, { text: text.replace('"until": "version"', '"until": "someday"') });
  await client.diagnostics(uri, hasLevel(2));
  const [problem] = await client.diagnostics(file, (found) => found.some(({ code }) => code === 'decision-unclear'));
  expect(problem?.message).toContain('someday');
});

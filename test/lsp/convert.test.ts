import { expect, test } from 'vitest';

import { pathOf, UriMap, workspaceEdit } from '../../server/src/lsp/convert.ts';
import { pathIn, projectOf } from '../support/project-of.ts';

test.each([
  ['file:///a/b%20c/package.json', '/a/b c/package.json'],
  ['file:///a/%40scope/package.json', '/a/@scope/package.json'],
  ['git:/a/package.json?%7B%7D', undefined],
  ['untitled:Untitled-1', undefined],
  ['file://another-host/a', undefined],
  ['file:///a%2Fb', undefined],
  ['file:///%zz', undefined],
  ['', undefined],
])('the path of %s is %s', (uri, path) => {
  expect(pathOf(uri)).toBe(path);
});

test('a client gets back the form that it sent', () => {
  const uris = new UriMap();
  expect(uris.uriOf('/a/@b/package.json')).toBe('file:///a/@b/package.json');
  uris.note('/a/@b/package.json', 'file:///a/%40b/package.json');
  expect(uris.uriOf('/a/@b/package.json')).toBe('file:///a/%40b/package.json');
});

test('edits are by document, each with the version that it was computed for; null where it is not open', async () => {
  const { workspace } = await projectOf(`-- package.json --
{ "workspaces": ["a"], "dependencies": { "x": "1.0.0", "y": "1.0.0" } }
-- a/package.json --
{ "dependencies": { "x": "1.0.0" } }
`);
  await workspace.openDocument(pathIn('package.json'), '{ "dependencies": { "x": "1.0.0", "y": "1.0.0" } }', 7);
  const edits = [
    { path: pathIn('package.json'), span: { start: 26, end: 31 }, newText: '1.1.0' },
    { path: pathIn('a/package.json'), span: { start: 26, end: 31 }, newText: '1.1.0' },
    { path: pathIn('package.json'), span: { start: 40, end: 45 }, newText: '1.2.0' },
    { path: '/elsewhere/package.json', span: { start: 0, end: 1 }, newText: '' },
  ];
  const { documentChanges } = workspaceEdit(edits, workspace.snapshot, (path) => `file://${path}`);
  const range = (start: number, end: number) => ({
    start: { line: 0, character: start },
    end: { line: 0, character: end },
  });
  expect(documentChanges).toEqual([
    {
      textDocument: { uri: 'file:///project/package.json', version: 7 },
      edits: [
        { range: range(26, 31), newText: '1.1.0' },
        { range: range(40, 45), newText: '1.2.0' },
      ],
    },
    {
      textDocument: { uri: 'file:///project/a/package.json', version: null },
      edits: [{ range: range(26, 31), newText: '1.1.0' }],
    },
  ]);
});

import type { InitializeParams } from 'vscode-languageserver';
import { expect, test } from 'vitest';

import { CAPABILITIES } from '../../server/src/lsp/capabilities.ts';
import { clientTraits } from '../../server/src/lsp/client-traits.ts';

function traitsOf(more: Partial<InitializeParams>) {
  const nothing: unknown = { processId: null, capabilities: {}, ...more };
  return clientTraits(nothing as InitializeParams);
}

test('a client that says nothing can do nothing, and its workspace is trusted', () => {
  const { options, ...abilities } = traitsOf({});
  expect(options).toEqual({});
  expect(options.trusted).not.toBe(false);
  expect(new Set(Object.values(abilities))).toEqual(new Set([false]));
});

test('an action is completed later only by a client that sends its data back', () => {
  const resolveSupport = { properties: ['edit'] };
  expect(traitsOf({ capabilities: { textDocument: { codeAction: { resolveSupport } } } }).canResolveActions).toBe(
    false,
  );
  expect(
    traitsOf({ capabilities: { textDocument: { codeAction: { resolveSupport, dataSupport: true } } } })
      .canResolveActions,
  ).toBe(true);
});

test('options of the wrong kind are as if they were not sent, and distrust only by its own word', () => {
  const initializationOptions = {
    trusted: 'no',
    consent: 'yes',
    dataFolder: 7,
    fetch: 1,
    asksConsent: 'x',
    installCommand: {},
    decideCommand: 'yes',
  };
  expect(traitsOf({ initializationOptions }).options).toEqual({
    settings: undefined,
    fetch: false,
    trusted: true,
    asksConsent: false,
    installCommand: false,
    decideCommand: false,
  });
  expect(traitsOf({ initializationOptions: { trusted: false, consent: 'offline' } }).options).toMatchObject({
    trusted: false,
    consent: 'offline',
  });
  expect(traitsOf({ initializationOptions: 'nonsense' }).options).toEqual({});
});

test('a bare source.fixAll is no kind of ours, so that saving a file asks nothing of the server', () => {
  const { codeActionProvider } = CAPABILITIES;
  const kinds = typeof codeActionProvider === 'object' ? codeActionProvider.codeActionKinds : [];
  expect(kinds).toEqual(['quickfix', 'refactor.rewrite', 'source.fixAll.provender']);
});

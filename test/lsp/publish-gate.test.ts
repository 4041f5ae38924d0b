import type { Diagnostic } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';

import { PublishGate } from '../../server/src/lsp/publish-gate.ts';
import { fakeClock } from '../support/fake-clock.ts';

const URI = 'file:///project/package.json';

function diagnostic(line: number, code: string, message = code): Diagnostic & { message: string } {
  return { range: { start: { line, character: 0 }, end: { line, character: 5 } }, code, message };
}

function gateKit() {
  const sent: string[] = [];
  const clock = fakeClock();
  const gate = new PublishGate(({ version, diagnostics }) => {
    sent.push(
      `v${String(version)}: ${diagnostics.map(({ message }) => (typeof message === 'string' ? message : '')).join(' ')}`,
    );
  }, clock);
  const publish = (version: number, sequence: number, ...diagnostics: Diagnostic[]): void =>
    gate.publish({ uri: URI, version, sequence, diagnostics });
  /** A keystroke on a line; what is known when the typing rests is published again, as the session does it. */
  const type = (version: number, line: number | undefined, onRest: () => void = () => undefined): void =>
    gate.noteVersion(URI, version, line, onRest);
  return { gate, sent, clock, publish, type };
}

test('what is new is sent with its version', () => {
  const { sent, publish, type } = gateKit();
  type(1, undefined);
  publish(1, 1, diagnostic(0, 'A'));
  expect(sent).toEqual(['v1: A']);
});

test('the same diagnostics are not sent twice', () => {
  const { sent, publish, type } = gateKit();
  type(1, undefined);
  publish(1, 1, diagnostic(0, 'A'));
  publish(1, 2, diagnostic(0, 'A'));
  expect(sent).toHaveLength(1);
});

test('a late answer for an older snapshot does not overwrite a newer one', () => {
  const { sent, publish, type } = gateKit();
  type(1, undefined);
  publish(1, 2, diagnostic(0, 'NEW'));
  publish(1, 1, diagnostic(0, 'OLD'));
  publish(1, 3, diagnostic(0, 'NEW'));
  publish(1, 2, diagnostic(0, 'OLD'));
  expect(sent).toEqual(['v1: NEW']);
});

test('an answer for version 3 of the text is dropped once version 4 is there', () => {
  const { sent, publish, type } = gateKit();
  type(3, undefined);
  type(4, undefined);
  publish(3, 1, diagnostic(0, 'A'));
  expect(sent).toEqual([]);
  publish(4, 1, diagnostic(0, 'A'));
  expect(sent).toEqual(['v4: A']);
});

test('nothing new appears on the edited line until the typing rests', async () => {
  const { sent, clock, publish, type } = gateKit();
  type(1, undefined);
  publish(1, 1, diagnostic(0, 'A'));
  const now = (): void => publish(2, 2, diagnostic(0, 'A'), diagnostic(3, 'B'), diagnostic(4, 'C'));
  type(2, 3, now);
  now();
  expect(sent).toEqual(['v1: A', 'v2: A C']);
  await clock.advance(1_000);
  expect(sent).toEqual(['v1: A', 'v2: A C', 'v2: A B C']);
});

test('the rest begins anew with each keystroke', async () => {
  const { sent, clock, publish, type } = gateKit();
  type(1, 0, () => publish(1, 1, diagnostic(0, 'A')));
  await clock.advance(500);
  type(2, 0, () => publish(2, 2, diagnostic(0, 'B')));
  await clock.advance(500);
  expect(sent).toEqual([]);
  await clock.advance(500);
  expect(sent).toEqual(['v2: B']);
});

test('what stood on the edited line stays, with its newest words, and what is mended goes at once', () => {
  const { sent, publish, type } = gateKit();
  type(1, undefined);
  publish(1, 1, diagnostic(0, 'A', 'old words'), diagnostic(0, 'B'));
  type(2, 0);
  publish(2, 2, diagnostic(0, 'A', 'new words'));
  publish(2, 3);
  expect(sent).toEqual(['v1: old words B', 'v2: new words', 'v2: ']);
});

test('a closed document is emptied once, and late answers for it are dropped', () => {
  const { gate, sent, publish, type } = gateKit();
  type(1, undefined);
  publish(1, 1, diagnostic(0, 'A'));
  gate.clear(URI);
  gate.clear(URI);
  publish(1, 2, diagnostic(0, 'A'));
  expect(sent).toEqual(['v1: A', 'v1: ']);
});

test('a document that is opened again is told anew', () => {
  const { gate, sent, publish, type } = gateKit();
  type(1, undefined);
  publish(1, 1, diagnostic(0, 'A'));
  gate.clear(URI);
  type(1, undefined);
  publish(1, 1, diagnostic(0, 'A'));
  expect(sent).toEqual(['v1: A', 'v1: ', 'v1: A']);
});

test('disposed, it leaves no timer behind', () => {
  const { gate, clock, type } = gateKit();
  type(1, 0);
  gate.dispose();
  expect(clock.pending).toBe(0);
});

test('a list that was held back in part is sent in full once the typing rests, though it is the same list', async () => {
  const { gate, sent, clock, type } = gateKit();
  const list = [diagnostic(0, 'EDITED'), diagnostic(1, 'OTHER')];
  const publish = (sequence: number): void => gate.publish({ uri: URI, version: 1, sequence, diagnostics: list });
  type(1, 0, () => publish(2));
  publish(1);
  expect(sent).toEqual(['v1: OTHER']);
  await clock.advance(1_000);
  expect(sent).toEqual(['v1: OTHER', 'v1: EDITED OTHER']);
});

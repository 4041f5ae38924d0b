import { expect, onTestFinished, test } from 'vitest';

import { createHttp } from '../../server/src/io/http.ts';
import { LiveKnowledge } from '../../server/src/sources/live-knowledge.ts';
import { createPump } from '../../server/src/sources/pump.ts';
import { embeddedTrust } from '../../server/src/evidence/trust/trust-material.ts';
import { inlineVerifier } from '../support/inline-verifier.ts';
import { fakeClock, settle } from '../support/fake-clock.ts';
import { ECOSYSTEM, HOSTS, policy, refreshRequest, subject } from '../support/fake-world.ts';
import { startFaultServer, type Behavior, type CapturedRequest } from '../support/fault-server.ts';
import { memoryAnswers } from '../support/memory-answers.ts';
import { recordingLog } from '../support/recording-log.ts';

const LEFT = subject('left@1.0.0');
const RIGHT = subject('right@1.0.0');

/** Knowledge over real sockets, with OSV and the registry on a server that does what the test says. */
async function over(behave: (request: CapturedRequest) => Behavior) {
  const server = await startFaultServer(behave);
  const clock = fakeClock();
  const http = createHttp({ clock, environment: {} });
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  const knowledge = new LiveKnowledge({
    ecosystems: [ECOSYSTEM],
    answers: memoryAnswers(clock),
    pump: createPump({ http, clock, log: recordingLog() }),
    clock,
    defaultHosts: HOSTS,
    configuration: {
      network: 'on',
      source: 'auto',
      database: undefined,
      hosts: { ...HOSTS, osv: `${server.base}osv/`, kev: server.base },
    },
    verifier: inlineVerifier,
    trust: { initial: embeddedTrust },
    onChange: () => undefined,
  });
  const request = refreshRequest({
    direct: [LEFT],
    transitive: [RIGHT],
    health: true,
    policy: policy({ requestBase: () => `${server.base}npm/` }),
  });
  return {
    server,
    knowledge,
    /**
     * Refreshes. The clock moves when a retry waits for its second; when OSV is silent, then also when everything else
     * has been answered and its time is all that is left to wait for.
     */
    async refresh(silent = false): Promise<void> {
      const state = { done: false };
      const refresh = knowledge.refresh(request, new AbortController().signal).finally(() => (state.done = true));
      while (!state.done) {
        await settle();
        const rest = knowledge.registryPackage(LEFT);
        const isStuck =
          silent && knowledge.advisories(LEFT).known && !rest.known && rest.code === 'not-found' && clock.pending === 1;
        if (clock.dueInMs === 1000 || isStuck) await clock.advance(clock.dueInMs);
      }
      await refresh;
    },
  };
}

const ANSWERED: Behavior = { kind: 'answer', body: '{"results":[{}]}' };

test.each<[string, Behavior, string]>([
  ['a connection that is reset', { kind: 'reset' }, 'connection'],
  ['an answer that breaks off', { kind: 'truncated', body: '{"results":[' }, 'connection'],
  ['JSON that breaks off', { kind: 'answer', body: '{"results":[' }, 'bad-answer'],
  ['JSON of another kind', { kind: 'answer', body: '[]' }, 'bad-answer'],
  ['a login page', { kind: 'answer', body: '<html>', headers: { 'content-type': 'text/html' } }, 'bad-answer'],
  ['a server error', { kind: 'answer', status: 503 }, 'server-error'],
  ['too many requests', { kind: 'answer', status: 429, headers: { 'retry-after': '60' } }, 'rate-limited'],
  ['an answer without end', { kind: 'endless' }, 'too-large'],
  ['a slow drip', { kind: 'drip' }, 'timeout'],
  [
    'a redirect to another host',
    { kind: 'answer', status: 307, headers: { location: 'https://elsewhere.example/' } },
    'refused',
  ],
])('after %s exactly what was not answered is unknown, because …', async (_case, behavior, code) => {
  const world = await over(({ path, body }) => {
    if (path.startsWith('/npm/')) return { kind: 'answer', status: 404 };
    return body.includes('"right"') ? behavior : ANSWERED;
  });
  await world.refresh(behavior.kind === 'drip');
  expect(world.knowledge.advisories(LEFT)).toMatchObject({ known: true, value: [] });
  const evidence = world.knowledge.advisories(RIGHT);
  expect(evidence).toMatchObject({ known: false, code });
  expect(evidence.known ? '' : evidence.reason).not.toBe('');
});

test('a registry that fails leaves the advisories known', async () => {
  const world = await over(({ path }) => (path.startsWith('/npm/') ? { kind: 'answer', status: 500 } : ANSWERED));
  await world.refresh();
  expect(world.knowledge.advisories(LEFT)).toMatchObject({ known: true });
  expect(world.knowledge.registryPackage(LEFT)).toMatchObject({ known: false, code: 'server-error' });
});

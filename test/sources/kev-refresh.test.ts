import { embeddedTrust } from '../../server/src/evidence/trust/trust-material.ts';
import { inlineVerifier } from '../support/inline-verifier.ts';
import { expect, onTestFinished, test } from 'vitest';

import { createHttp } from '../../server/src/io/http.ts';
import { LiveKnowledge } from '../../server/src/sources/live-knowledge.ts';
import { createPump } from '../../server/src/sources/pump.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { ECOSYSTEM, HOSTS, refreshRequest } from '../support/fake-world.ts';
import { startFaultServer, type Behavior } from '../support/fault-server.ts';
import { memoryAnswers } from '../support/memory-answers.ts';
import { recordingLog } from '../support/recording-log.ts';

const DAY = 24 * 60 * 60 * 1_000;
const [OLD, NEW] = ['CVE-2024-0001', 'CVE-2025-0002'];

function catalog(cve: string, headers: Record<string, string> = {}): Behavior {
  const vulnerabilities = [{ cveID: cve, dateAdded: '2024-05-01', knownRansomwareCampaignUse: 'Known' }];
  return { kind: 'answer', headers, body: JSON.stringify({ vulnerabilities }) };
}

const UNCHANGED: Behavior = { kind: 'answer', status: 304 };

/** Asks a loopback server for the catalog once a day, which behaves each day as it is told. */
async function days(...behaviors: readonly Behavior[]) {
  let day = 0;
  const server = await startFaultServer(() => behaviors[day] ?? { kind: 'reset' });
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
    configuration: { network: 'on', source: 'auto', database: undefined, hosts: { ...HOSTS, kev: server.base } },
    verifier: inlineVerifier,
    trust: { initial: embeddedTrust },
    onChange: () => undefined,
  });
  const started = clock.now();
  for (; day < behaviors.length; day++) {
    await knowledge.refresh(refreshRequest({}), new AbortController().signal);
    if (day < behaviors.length - 1) await clock.advance(DAY);
  }
  const source = knowledge.sources().find(({ name }) => name === 'CISA KEV');
  return {
    sent: server.requests.map(({ headers }) => headers['if-none-match']),
    known: [OLD, NEW].filter((cve) => knowledge.kev([cve]) !== undefined),
    /** Days after the first. */
    asOf: source?.asOf === undefined ? undefined : (source.asOf - started) / DAY,
  };
}

test('an unchanged catalog is kept and as fresh as the answer, and its version is named the next time too', async () => {
  const result = await days(catalog(OLD, { etag: '"1"' }), UNCHANGED, UNCHANGED);
  expect(result).toEqual({ sent: [undefined, '"1"', '"1"'], known: [OLD], asOf: 2 });
});

test('a changed catalog takes the place of the old one, under its own version', async () => {
  const result = await days(catalog(OLD, { etag: '"1"' }), catalog(NEW, { etag: 'W/"2"' }), UNCHANGED);
  expect(result).toEqual({ sent: [undefined, '"1"', 'W/"2"'], known: [NEW], asOf: 2 });
});

test('a catalog without a version is read in whole each time', async () => {
  const result = await days(catalog(OLD), catalog(NEW));
  expect(result).toEqual({ sent: [undefined, undefined], known: [NEW], asOf: 1 });
});

test('a server that calls unchanged what was never asked for makes nothing fresher', async () => {
  const result = await days(catalog(OLD), UNCHANGED);
  expect(result).toEqual({ sent: [undefined, undefined], known: [OLD], asOf: 0 });
});

test('another document in place of the catalog loses neither the old one nor its version', async () => {
  const result = await days(catalog(OLD, { etag: '"1"' }), { kind: 'answer', body: '<html>' }, UNCHANGED);
  expect(result).toEqual({ sent: [undefined, '"1"', '"1"'], known: [OLD], asOf: 2 });
});

import { execFile } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { embeddedTrust, withTrustDocument } from '../../server/src/evidence/trust/trust-material.ts';
import { releaseKeyOf } from '../../server/src/sources/held-signatures.ts';
import { AnswerCache } from '../../server/src/sources/answer-cache.ts';
import { resolveHosts } from '../../server/src/sources/hosts.ts';
import { LiveKnowledge } from '../../server/src/sources/live-knowledge.ts';
import type { Pump } from '../../server/src/sources/pump.ts';
import { openAnswerStore } from '../../server/src/store/answer-store.ts';
import { VerifierPool, verifyWorkerPath } from '../../server/src/workers/verifier-pool.ts';
import { systemClock } from '../../server/src/io/system-clock.ts';
import { ECOSYSTEMS } from '../../server/src/ecosystems/all.ts';
import type { Subject } from '../../server/src/core/knowledge.ts';
import { npmAttestations } from '../../test/support/npm-attestations.ts';
import { mockSigstore } from '../../test/support/sigstore-mock.ts';
import { ensureServer } from './built.ts';
import { SERVER } from './lsp-session.ts';
import { againstPeer, median, withinBound, type BenchOptions, type Row } from './row.ts';
import { startSignedRegistry, trustDocument, type SignedRegistry } from './signed-registry.ts';

const PACKAGES = 1_000;
const DIRECT = 10;
const ATTESTED = 40;
const run = promisify(execFile);
const never = new AbortController().signal;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** `provender verify` against `npm audit signatures`, and the checks against the bare cryptography. */
export const SIGNATURE_BENCHES = [benchVerify, benchAttestations] as const;

async function benchVerify({ isQuick }: BenchOptions): Promise<Row[]> {
  ensureServer();
  const registry = await startSignedRegistry(PACKAGES);
  const folder = mkdtempSync(join(tmpdir(), 'provender-bench-'));
  try {
    layOutProject(folder, registry);
    const ours: number[] = [];
    const peers: number[] = [];
    let [ourBytes, peerBytes] = [0, 0];
    for (let round = 0; round < (isQuick ? 1 : 3); round++) {
      registry.taken();
      ours.push(await timed(() => provender(folder, registry, `data-${String(round)}`)));
      ourBytes = registry.taken().bytes;
      peers.push(await timed(() => npmAudit(folder, registry, `cache-${String(round)}`)));
      peerBytes = registry.taken().bytes;
    }
    registry.taken();
    await provender(folder, registry, 'data-0');
    const again = registry.taken().requests;
    return [
      againstPeer('verify 1,000 packages, nothing stored, to npm audit signatures', median(ours), median(peers), 1 / 3),
      againstPeer('verify 1,000 packages: bytes received, to npm audit signatures', ourBytes, peerBytes, 1 / 50),
      withinBound('verify 1,000 packages again: requests', again, 0, 'requests'),
      await benchRecall(folder, registry, isQuick ? 3 : 9),
    ];
  } finally {
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is stored is verified again, against reading the same rows and checking each signature with nothing around it. */
async function benchRecall(folder: string, registry: SignedRegistry, rounds: number): Promise<Row> {
  const publicBase = ECOSYSTEMS[0]?.registry.publicBase ?? '';
  const { hosts } = resolveHosts({ npm: registry.base }, publicBase);
  const defaults = resolveHosts({}, publicBase).hosts;
  const trust = withTrustDocument(embeddedTrust(), trustDocument(registry.signer));
  const subjects = registry.packages.map((item): Subject => ({
    ...item,
    ecosystem: 'npm',
    registry: publicBase,
    isPublicRegistry: true,
    withheld: undefined,
  }));
  const answers = openAnswerStore(join(folder, 'data-0'), { clock: systemClock, log: silent });
  const verifier = new VerifierPool({ workerPath: verifyWorkerPath(dirname(SERVER)), idleMs: 60_000 });
  const key = createPublicKey({ key: Buffer.from(registry.signer.key.spki, 'base64'), format: 'der', type: 'spki' });
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const knowledge = new LiveKnowledge({
      ecosystems: ECOSYSTEMS,
      answers,
      pump: unused,
      clock: systemClock,
      defaultHosts: defaults,
      configuration: { network: 'off', source: 'offline', database: undefined, hosts },
      verifier,
      trust: { initial: () => trust },
      onChange: () => undefined,
    });
    ours.push(await timed(() => knowledge.recall(subjects, never)));
    if (subjects.some((subject) => verdictOf(knowledge, subject) !== 'signed')) throw new Error('not all are signed');
    const cache = new AnswerCache(answers, systemClock, defaults);
    cache.useHosts(hosts);
    bare.push(
      await timed(() => {
        for (const subject of subjects) {
          const release = cache.storedRelease(releaseKeyOf(subject))?.value;
          if (release === undefined || release === 'missing') throw new Error('nothing is stored');
          const message = Buffer.from(`${subject.name}@${subject.version}:${release.integrity ?? ''}`);
          const sig = Buffer.from(release.signatures[0]?.sig ?? '', 'base64');
          if (!verify('sha256', message, key, sig)) throw new Error('a signature does not fit');
        }
      }),
    );
  }
  await verifier.close();
  await answers.close();
  const name = 'verify 1,000 stored packages, to the bare checks and reading the rows';
  return againstPeer(name, median(ours.slice(1)), median(bare.slice(1)), 1.5);
}

function verdictOf(knowledge: LiveKnowledge, subject: Subject): string {
  const evidence = knowledge.signature(subject);
  return evidence.known ? evidence.value.verdict : evidence.code;
}

const unused: Pump = {
  ask: () => Promise.reject(new Error('nothing is asked')),
  prepare: () => undefined,
};

/** One thread of the pool against the library alone on this one. */
async function benchAttestations({ isQuick }: BenchOptions): Promise<Row[]> {
  ensureServer();
  const sigstore = await mockSigstore();
  const cases = await Promise.all(
    Array.from({ length: ATTESTED }, async (_, index) => {
      const about = {
        name: `built-${String(index)}`,
        version: '1.0.0',
        integrity: `sha512-${Buffer.alloc(64, index).toString('base64')}`,
      };
      return { ...about, response: await npmAttestations(sigstore, about) };
    }),
  );
  const pool = new VerifierPool({ workerPath: verifyWorkerPath(dirname(SERVER)), size: 1, idleMs: 60_000 });
  const keys = new Map(sigstore.trust.attestationKeys.map((key) => [key.keyid, key]));
  const verifier = new Verifier(
    toTrustMaterial(TrustedRoot.fromJSON(sigstore.root), (hint) => {
      const spki = keys.get(hint)?.spki ?? '';
      const publicKey = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
      return { publicKey, validFor: () => true };
    }),
  );
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= (isQuick ? 2 : 5); round++) {
    ours.push(
      await timed(async () => {
        const outcomes = await Promise.all(cases.map((given) => pool.attestations(given, sigstore.trust, never)));
        if (outcomes.some(({ provenance }) => provenance.verdict !== 'verified')) throw new Error('not all verify');
      }),
    );
    bare.push(
      await timed(() => {
        for (const { response } of cases) {
          const { attestations } = JSON.parse(response) as { attestations: { bundle: object }[] };
          for (const { bundle } of attestations) verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
        }
      }),
    );
  }
  await pool.close();
  const name = `attestations of ${String(ATTESTED)} packages in one thread, to the bare library`;
  return [againstPeer(name, median(ours.slice(1)), median(bare.slice(1)), 1 / 0.85)];
}

/** A lockfile, and the packages as installed: npm looks at what is installed only. */
function layOutProject(folder: string, { packages, base }: SignedRegistry): void {
  const direct = packages.slice(0, DIRECT);
  const entries = packages.map(({ name, version, integrity }, index) => {
    // Each direct dependency brings in a share of the others.
    const brought = index < DIRECT ? packages.slice(DIRECT).filter((_, at) => at % DIRECT === index) : [];
    const dependencies = Object.fromEntries(brought.map((item) => [item.name, item.version]));
    const resolved = `${base}${name}/-/${name}-${version}.tgz`;
    return [name, { version, resolved, integrity, ...(brought.length > 0 && { dependencies }) }] as const;
  });
  const manifest = {
    name: 'app',
    version: '1.0.0',
    dependencies: Object.fromEntries(direct.map(({ name, version }) => [name, version])),
  };
  const lockfile = {
    name: 'app',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': manifest, ...Object.fromEntries(entries.map(([name, entry]) => [`node_modules/${name}`, entry])) },
  };
  const write = (path: string, value: object): void => writeFileSync(join(folder, path), JSON.stringify(value));
  write('package.json', manifest);
  write('package-lock.json', lockfile);
  for (const [name, { version, dependencies }] of entries) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    write(`node_modules/${name}/package.json`, { name, version, ...(dependencies && { dependencies }) });
  }
}

async function provender(folder: string, { base, signer }: SignedRegistry, data: string): Promise<void> {
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify(trustDocument(signer)));
  const env = { ...process.env, PROVENDER_DATA: join(folder, data), PROVENDER_TRUSTED_KEYS: keys };
  const argv = [SERVER, 'verify', join(folder, 'package-lock.json'), '--format', 'json', '--host', `npm=${base}`];
  const { stdout } = await run(process.execPath, argv, { env, maxBuffer: 64_000_000 });
  const { packages } = JSON.parse(stdout) as { packages: { verdict: string }[] };
  if (packages.some(({ verdict }) => verdict !== 'signed')) throw new Error('not all are signed');
}

/** npm asks Sigstore's repository first, which is not there in a bench, and then the registry for its keys. */
const NO_TUF = `
  const Module = require('node:module');
  const { _load } = Module;
  Module._load = function (request, ...rest) {
    if (request !== '@sigstore/tuf') return _load.call(this, request, ...rest);
    const getTarget = async () => { throw Object.assign(new Error('no target'), { code: 'TUF_FIND_TARGET_ERROR' }); };
    return { ..._load.call(this, request, ...rest), initTUF: async () => ({ getTarget }) };
  };`;

async function npmAudit(folder: string, { base }: SignedRegistry, cache: string): Promise<void> {
  const preload = join(folder, 'no-tuf.cjs');
  writeFileSync(preload, NO_TUF);
  const env = { ...process.env, NODE_OPTIONS: `--require ${preload}` };
  const argv = ['audit', 'signatures', '--json', '--registry', base, '--cache', join(folder, cache)];
  const { stdout } = await run('npm', argv, { cwd: folder, env, maxBuffer: 64_000_000 });
  const { invalid, missing } = JSON.parse(stdout) as { invalid: unknown[]; missing: unknown[] };
  if (invalid.length + missing.length > 0) throw new Error('npm found something');
}

async function timed(what: () => unknown): Promise<number> {
  const started = performance.now();
  await what();
  return performance.now() - started;
}

import type { Ecosystem } from '../core/ecosystem.ts';
import { SourceError } from '../core/evidence.ts';
import type { RefreshRequest, Subject } from '../core/knowledge.ts';
import type { HttpRequest, HttpResponse } from '../core/ports.ts';
import type { Release } from '../core/registry-package.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import { NO_ATTESTATIONS } from './answer-cache.ts';
import { attestationsLookup, releaseLookup } from './failures.ts';
import { releaseKeyOf } from './held-signatures.ts';
import { registryLabel } from './hosts.ts';
import { whyNotAsked } from './may-be-asked.ts';
import { holdReleases, type Stored } from './recall-signatures.ts';
import { isOurs, jobName, lookUp, type Progress, type RefreshContext } from './refresh-context.ts';
import { decodeRegistryKeys, registryKeysRequest } from './registry-keys.ts';

/** Packages that are asked about at a time: as many as the pump sends to one host. */
const LANES = 16;
/** So many answers are checked in one go, while the next are on their way. */
const BATCH = 25;
/** A round of so many tells what it learned. */
const TELL_AFTER = 64;
/** After so many in a row that a registry tells without signatures, in short form too, it is thought to strip them all. */
const STRIPS_ALL = 8;
const DAY_MS = 24 * 60 * 60_000;

/** The verdicts that no later answer can change. */
const FOR_GOOD: ReadonlySet<string> = new Set(['signed', 'signed-weak-pin']);

/** Those whose signatures are asked for, direct dependencies first. */
export function signedSubjects({ signatures, direct, transitive }: RefreshRequest): readonly Subject[] {
  if (signatures === 'none') return [];
  return signatures === 'direct' ? direct : [...direct, ...transitive];
}

export interface SignaturesWanted {
  readonly policy: RegistryPolicy;
  readonly force: boolean;
}

/**
 * Asks the registries about the releases of which no verdict for good is held, in the order given, and has them checked.
 * One small document for each, and the attestations where they are announced.
 */
export async function refreshSignatures(
  context: RefreshContext,
  subjects: readonly Subject[],
  { policy, force }: SignaturesWanted,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const due = subjects.filter((subject) => (force || isDue(context, subject)) && mayBeAsked(context, subject, policy));
  if (due.length === 0) return;
  context.begin();
  progress.expect(due.length);
  const job = {
    name: jobName(
      'signatures',
      due.map(({ name, version }) => `${name}@${version}`),
    ),
    leaseMs: 30_000,
    isDone: () => due.every((subject) => isAnswered(context, subject)),
  };
  const ours = force || (await isOurs(context, job, signal));
  if (ours) await refreshRegistryKeys(context, due, policy, signal);
  const round = new Round(context, policy, signal);
  let untold = 0;
  await inLanes(due, async (subject) => {
    await lookUp(context, 'npm', releaseLookup(subject), async () => {
      if (ours) await round.ask(subject);
      else round.readOthersAnswer(subject);
    });
    progress.done(1);
    if (++untold < TELL_AFTER) return;
    untold = 0;
    context.changed({ kind: 'signatures' });
  });
  await round.finish();
  context.changed({ kind: 'signatures' });
  await context.cache.release(job.name);
}

/** Registries besides the public one tell themselves which keys they sign with; asked once a day. */
async function refreshRegistryKeys(
  context: RefreshContext,
  subjects: readonly Subject[],
  policy: RegistryPolicy,
  signal: AbortSignal,
): Promise<void> {
  const registries = new Map(subjects.map((subject) => [subject.registry, subject]));
  await Promise.all(
    [...registries].map(async ([registry, subject]) => {
      if (context.ecosystemOf(subject.ecosystem)?.registry.publicBase === registry) return;
      const stored = context.cache.registryKeys(registry);
      if (stored !== undefined && !isOld(context, stored.fetchedAt)) return;
      const request = registryKeysRequest(policy.requestBase(registry));
      const label = registryLabel(subject);
      await lookUp(context, 'npm', `keys\n${registry}`, async () => {
        const response = await sendTo(context, policy, label, request, [400, 404, 405, 501], signal);
        const keys = response.status >= 400 ? [] : decodeRegistryKeys(label, response.body);
        context.cache.putRegistryKeys(registry, keys);
      });
    }),
  );
}

/** With the access that the policy gives to that address. */
function sendTo(
  context: RefreshContext,
  policy: RegistryPolicy,
  label: string,
  request: HttpRequest,
  accepts: readonly number[],
  signal: AbortSignal,
): Promise<HttpResponse> {
  const access = policy.access(request.url);
  return context.pump.ask(
    { label, accepts },
    {
      ...request,
      headers: { ...request.headers, ...access.headers },
      ...(access.connection !== undefined && { connection: access.connection }),
    },
    signal,
  );
}

function isDue(context: RefreshContext, subject: Subject): boolean {
  const checked = context.signatures.checked(subject);
  if (checked === undefined) {
    const stored = context.cache.storedRelease(releaseKeyOf(subject));
    return stored?.value !== 'missing' || isOld(context, stored.fetchedAt);
  }
  if (checked.release.attested && context.cache.attestations(releaseKeyOf(subject)) === undefined) return true;
  if (checked.missing === undefined && FOR_GOOD.has(checked.registry.verdict)) return false;
  return isOld(context, checked.asOf);
}

/** By this process or another one. */
function isAnswered(context: RefreshContext, subject: Subject): boolean {
  const key = releaseKeyOf(subject);
  const stored = context.cache.storedRelease(key);
  if (stored === undefined || isOld(context, stored.fetchedAt)) return false;
  return stored.value === 'missing' || !stored.value.attested || context.cache.attestations(key) !== undefined;
}

function isOld(context: RefreshContext, fetchedAt: number): boolean {
  const ageMs = context.clock.now() - fetchedAt;
  return ageMs < 0 || ageMs > DAY_MS;
}

/** A refusal is noted once, as the reason why nothing is known. */
function mayBeAsked(context: RefreshContext, subject: Subject, policy: RegistryPolicy): boolean {
  const ecosystem = context.ecosystemOf(subject.ecosystem);
  if (ecosystem === undefined || subject.version === '') return false;
  const refusal = whyNotAsked(ecosystem, subject, policy);
  if (refusal === undefined) return true;
  const key = releaseLookup(subject);
  if (context.failures.of('npm', key)?.reason !== refusal) {
    context.failures.note('npm', key, new SourceError('withheld', refusal));
  }
  return false;
}

async function inLanes(subjects: readonly Subject[], run: (subject: Subject) => Promise<void>): Promise<void> {
  const rest = subjects.values();
  const lane = async (): Promise<void> => {
    for (const subject of rest) await run(subject);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** What is asked in one go: a registry that strips all signatures is found out, and its short documents are read once. */
class Round {
  readonly #context: RefreshContext;
  readonly #policy: RegistryPolicy;
  readonly #signal: AbortSignal;
  readonly #short = new Map<string, Promise<HttpResponse>>();
  readonly #stripped = new Map<string, number>();
  readonly #unchecked: Stored[] = [];
  readonly #checks: Promise<void>[] = [];

  constructor(context: RefreshContext, policy: RegistryPolicy, signal: AbortSignal) {
    this.#context = context;
    this.#policy = policy;
    this.#signal = signal;
  }

  async ask(subject: Subject): Promise<void> {
    const { cache } = this.#context;
    const ecosystem = this.#context.ecosystemOf(subject.ecosystem);
    if (ecosystem === undefined) return;
    const key = releaseKeyOf(subject);
    const release = await this.#release(ecosystem, subject);
    if (release === 'missing') {
      cache.putRelease(key, 'missing');
      throw new SourceError('not-found', `${registryLabel(subject)} does not list ${subject.name} ${subject.version}`);
    }
    cache.putRelease(key, release);
    if (release.attested) await this.#attestations(ecosystem, subject);
    this.#check({ subject, release, fetchedAt: this.#context.clock.now() });
  }

  /** Waits until all that was asked is checked. */
  async finish(): Promise<void> {
    this.#checkAll();
    await Promise.all(this.#checks);
  }

  #check(stored: Stored): void {
    this.#unchecked.push(stored);
    if (this.#unchecked.length >= BATCH) this.#checkAll();
  }

  #checkAll(): void {
    const batch = this.#unchecked.splice(0);
    if (batch.length === 0) return;
    const checked = holdReleases(this.#context, batch, this.#signal);
    // Who waits for all of them hears of it.
    checked.catch(() => undefined);
    this.#checks.push(checked);
  }

  /** A failure is noted, and leaves the registry's signature to be judged alone. */
  async #attestations(ecosystem: Ecosystem, subject: Subject): Promise<void> {
    const { registry, name, version } = subject;
    const base = this.#policy.requestBase(registry);
    const request = ecosystem.registry.releases.attestationsRequest(base, name, version);
    await lookUp(this.#context, 'npm', attestationsLookup(subject), async () => {
      const response = await this.#send(subject, request, [404]);
      const body = response.status === 404 ? NO_ATTESTATIONS : new TextDecoder().decode(response.body);
      this.#context.cache.putAttestations(releaseKeyOf(subject), body);
    });
  }

  /** Another process on the same store has asked. */
  readOthersAnswer(subject: Subject): void {
    const stored = this.#context.cache.storedRelease(releaseKeyOf(subject));
    if (stored === undefined || stored.value === 'missing') return;
    this.#check({ subject, release: stored.value, fetchedAt: stored.fetchedAt });
  }

  async #release(ecosystem: Ecosystem, subject: Subject): Promise<Release | 'missing'> {
    const { releases } = ecosystem.registry;
    const { registry, name, version } = subject;
    const base = this.#policy.requestBase(registry);
    const response = await this.#send(subject, releases.request(base, name, version), [404, 405, 501]);
    const isAnswer = response.status < 400;
    const release = isAnswer ? decodeRelease(ecosystem, subject, response) : 'missing';
    if (release !== 'missing' && release.signatures.length > 0) return release;
    // The public registry knows which versions it has; a proxy may know single versions badly, or not at all.
    const isPublic = registry === ecosystem.registry.publicBase && base === registry;
    if (release === 'missing' && isPublic) return release;
    const short = await this.#shortRelease(ecosystem, subject);
    if (short === undefined || short === 'missing') return release;
    return release === 'missing' ? short : { ...release, signatures: short.signatures, integrity: short.integrity };
  }

  /** Undefined when it is not worth asking, or says no more. */
  async #shortRelease(ecosystem: Ecosystem, subject: Subject): Promise<Release | 'missing' | undefined> {
    const { registry, name } = subject;
    if ((this.#stripped.get(registry) ?? 0) >= STRIPS_ALL) return undefined;
    const request = ecosystem.registry.releases.shortRequest(this.#policy.requestBase(registry), name);
    let asked = this.#short.get(request.url);
    if (asked === undefined) this.#short.set(request.url, (asked = this.#send(subject, request, [404])));
    const response = await asked;
    const release = response.status === 404 ? 'missing' : decodeRelease(ecosystem, subject, response);
    const isSigned = release !== 'missing' && release.signatures.length > 0;
    this.#stripped.set(registry, isSigned ? 0 : (this.#stripped.get(registry) ?? 0) + 1);
    return release;
  }

  #send(subject: Subject, request: HttpRequest, accepts: readonly number[]): Promise<HttpResponse> {
    return sendTo(this.#context, this.#policy, registryLabel(subject), request, accepts, this.#signal);
  }
}

function decodeRelease(ecosystem: Ecosystem, subject: Subject, { body }: HttpResponse): Release | 'missing' {
  const text = new TextDecoder().decode(body);
  const release = ecosystem.registry.releases.decode(subject.name, subject.version, text);
  if (release !== undefined) return release;
  throw new SourceError(
    'bad-answer',
    `${registryLabel(subject)} sent an answer about ${subject.name} ${subject.version} that cannot be read`,
  );
}

import type { Ecosystem } from '../core/ecosystem.ts';
import { SourceError } from '../core/evidence.ts';
import type { Subject } from '../core/knowledge.ts';
import type { HttpRequest, HttpResponse } from '../core/ports.ts';
import type { Release } from '../core/registry-package.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import { NO_ATTESTATIONS } from './answer-cache.ts';
import { askRegistry } from './ask-registry.ts';
import { attestationsLookup } from './failures.ts';
import { releaseKeyOf } from './held-signatures.ts';
import { registryLabel } from './hosts.ts';
import { holdReleases, type Stored } from './recall-signatures.ts';
import { lookUp, type RefreshContext } from './refresh-context.ts';

/** So many answers are checked in one go, while the next are on their way. */
const BATCH = 25;
/** After so many in a row that a registry tells without signatures, in short form too, it is thought to strip them all. */
const STRIPS_ALL = 8;

/** What is asked in one go: a registry that strips all signatures is found out, and its short documents are read once. */
export class ReleaseRound {
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
    return askRegistry(this.#context, this.#policy, registryLabel(subject), request, accepts, this.#signal);
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

import type { AdvisoryMatch, Epss, KevEntry } from '../core/advisory.ts';
import type { Ecosystem } from '../core/ecosystem.ts';
import { known, unknown, type Evidence, type Scorecard, type SignatureEvidence } from '../core/evidence.ts';
import type { Knowledge, Learner, RefreshRequest, SourceStatus, Subject, VerifyRequest } from '../core/knowledge.ts';
import type { AnswerStore, Clock } from '../core/ports.ts';
import type { RegistryPackage, Release } from '../core/registry-package.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import { advisoryEvidence, expectAdvisories, matchesAtHand, type AdvisoryView } from './advisory-evidence.ts';
import { AnswerCache, type Dated } from './answer-cache.ts';
import { Failures, releaseLookup } from './failures.ts';
import { HeldPackages, type PackageKey } from './held-packages.ts';
import { HeldSignatures } from './held-signatures.ts';
import { HeldTrust, type TrustSource } from './held-trust.ts';
import { SOURCE_LABELS, type HostName, type AnsweringHosts } from './hosts.ts';
import type { KnowledgeConfiguration } from './knowledge-configuration.ts';
import type { Pump } from './pump.ts';
import { recallSignatures } from './recall-signatures.ts';
import { learnAdvisories, refreshAdvisories } from './refresh-advisories.ts';
import { createProgress, type Change, type RefreshContext } from './refresh-context.ts';
import { refreshEpss } from './refresh-epss.ts';
import { refreshKev, refreshPackages } from './refresh-facts.ts';
import { refreshSignatures, signedSubjects } from './refresh-signatures.ts';
import { scorecardKey } from './scorecard.ts';
import { SharedAnswers } from './shared-answers.ts';
import type { SignatureVerifier } from './signature-verifier.ts';
import { oldest, oldestOf, sourceStatuses } from './source-status.ts';

export interface LiveKnowledgeOptions {
  readonly ecosystems: readonly Ecosystem[];
  readonly answers: AnswerStore;
  readonly pump: Pump;
  readonly clock: Clock;
  /** The hosts without overrides: what is stored under them is kept apart from the answers of others. */
  readonly defaultHosts: AnsweringHosts;
  readonly configuration: KnowledgeConfiguration;
  readonly verifier: SignatureVerifier;
  readonly trust: TrustSource;
  /** Called after `revision` has grown. */
  readonly onChange: (kind: Change['kind'] | 'all') => void;
}

/**
 * Everything that is known: the local database, stored answers, what is computed from them, and why the rest is not
 * known. Reading is synchronous; {@link refresh} and {@link learn} ask the world and store what it says.
 */
export class LiveKnowledge implements Knowledge, Learner {
  readonly #options: LiveKnowledgeOptions;
  readonly #ecosystems: ReadonlyMap<string, Ecosystem>;
  readonly #cache: AnswerCache;
  readonly #trust: HeldTrust;
  readonly #failures = new Failures();
  readonly #advisories = new Map<string, Evidence<readonly AdvisoryMatch[]>>();
  readonly #packages: HeldPackages;
  readonly #signatures = new HeldSignatures((subject) => this.#packages.get(subject));
  readonly #scorecards = new Map<string, Evidence<Scorecard>>();
  readonly #epss = new Map<string, Dated<Epss | 'missing'>>();
  #kev: Dated<ReadonlyMap<string, KevEntry>> | undefined;
  #stop = new AbortController();
  #configuration: KnowledgeConfiguration;
  readonly #unanswered = new SharedAnswers();
  #running = 0;
  #recalling = 0;
  #revision = 1;

  constructor(options: LiveKnowledgeOptions) {
    this.#options = options;
    this.#ecosystems = new Map(options.ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
    this.#cache = new AnswerCache(options.answers, options.clock, options.defaultHosts);
    this.#configuration = options.configuration;
    this.#cache.useHosts(options.configuration.hosts);
    this.#trust = new HeldTrust(options.trust, this.#cache);
    this.#packages = new HeldPackages({
      cache: this.#cache,
      isPublic: ({ ecosystem, registry }) => this.#ecosystems.get(ecosystem)?.registry.publicBase === registry,
      notAnswered: (key) => this.#notAnswered('npm', key),
    });
  }

  get revision(): number {
    return this.#revision;
  }

  get configuration(): KnowledgeConfiguration {
    return this.#configuration;
  }

  /** Another database, another host, consent given or taken back: all answers are computed anew, and what is under way ends. */
  configure(configuration: KnowledgeConfiguration): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#configuration = configuration;
    this.#cache.useHosts(configuration.hosts);
    this.#failures.reset();
    this.#forgetComputed();
  }

  /** Call it after the store was cleared. */
  forget(): void {
    this.#cache.forget();
    this.#failures.reset();
    this.#forgetComputed();
  }

  expect(subjects: readonly Subject[]): void {
    const computed = subjects.filter((subject) => !this.#advisories.has(advisoriesKey(subject)));
    for (const [id, ecosystem] of this.#ecosystems) {
      const asked = computed.filter((subject) => subject.ecosystem === id);
      if (asked.length > 0) expectAdvisories(this.#view(), ecosystem, asked);
    }
  }

  advisories(subject: Subject): Evidence<readonly AdvisoryMatch[]> {
    const key = advisoriesKey(subject);
    const held = this.#advisories.get(key);
    if (held !== undefined) return held;
    const ecosystem = this.#ecosystems.get(subject.ecosystem);
    if (ecosystem === undefined) return unknown('disabled', `nothing is known of the ecosystem ${subject.ecosystem}`);
    const evidence = advisoryEvidence(this.#view(), ecosystem, subject);
    if (evidence.known) this.#advisories.set(key, evidence);
    return evidence;
  }

  knownMatches(subject: Subject): readonly AdvisoryMatch[] {
    const ecosystem = this.#ecosystems.get(subject.ecosystem);
    return ecosystem === undefined ? [] : matchesAtHand(this.#view(), ecosystem, subject);
  }

  registryPackage(subject: PackageKey): Evidence<RegistryPackage> {
    return this.#packages.get(subject);
  }

  signature(subject: Subject): Evidence<SignatureEvidence> {
    const held = this.#signatures.get(subject);
    if (held !== undefined) return held;
    if (this.#recalling > 0) return unknown('pending', 'what is stored is being verified');
    return this.#unanswered.of(this.#notAnswered('npm', releaseLookup(subject)));
  }

  release(subject: Subject): Release | undefined {
    return this.#signatures.checked(subject)?.release;
  }

  scorecard(repository: string): Evidence<Scorecard> {
    const key = scorecardKey(repository);
    if (key === undefined) return unknown('not-found', 'OpenSSF Scorecard scans repositories on github.com only');
    const held = this.#scorecards.get(key);
    if (held !== undefined) return held;
    const stored = this.#cache.scorecard(key);
    if (stored === undefined) return this.#notAnswered('scorecard', key);
    const evidence: Evidence<Scorecard> =
      stored.value === 'missing'
        ? unknown('not-found', `${SOURCE_LABELS.scorecard} has not scanned ${key}`)
        : known(stored.value, SOURCE_LABELS.scorecard, stored.fetchedAt);
    this.#scorecards.set(key, evidence);
    return evidence;
  }

  kev(cves: readonly string[]): KevEntry | undefined {
    if (cves.length === 0) return undefined;
    const catalog = (this.#kev ??= this.#cache.kev())?.value;
    for (const cve of cves) {
      const entry = catalog?.get(cve);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  epss(cves: readonly string[]): Epss | undefined {
    let highest: Epss | undefined;
    for (const cve of cves) {
      const held = this.#epss.get(cve) ?? this.#cache.epss(cve);
      if (held === undefined) continue;
      this.#epss.set(cve, held);
      if (held.value !== 'missing' && held.value.probability > (highest?.probability ?? -1)) highest = held.value;
    }
    return highest;
  }

  sources(): readonly SourceStatus[] {
    const ecosystems = new Set([...this.#ecosystems.values()].map(({ osvName }) => osvName));
    return sourceStatuses(this.#configuration, this.#failures, ecosystems, {
      osv: oldest(this.#advisories.values(), SOURCE_LABELS.osv),
      kev: (this.#kev ??= this.#cache.kev())?.fetchedAt,
      epss: oldestOf(this.#epss.values()),
      npm: oldest(this.#packages.held()),
      scorecard: oldest(this.#scorecards.values()),
      tuf: this.#trust.asOf,
    });
  }

  async recall(subjects: readonly Subject[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const stop = this.#stop.signal;
    this.#recalling++;
    let found = false;
    try {
      const context = this.#context(() => undefined);
      found = await recallSignatures(context, subjects, AbortSignal.any([signal, stop]));
    } catch (error) {
      signal.throwIfAborted();
      if (!stop.aborted) throw error;
    } finally {
      this.#recalling--;
    }
    if (found) this.#changed({ kind: 'signatures' });
  }

  async refresh(request: RefreshRequest, signal: AbortSignal): Promise<void> {
    const progress = createProgress(request.onProgress);
    const signed = signedSubjects(request);
    if (this.#configuration.network !== 'on') return this.recall(signed, signal);
    return this.#whileBusy(signal, async (context, until) => {
      const direct = Promise.withResolvers<undefined>();
      const advisories = refreshAdvisories(context, request, until, progress, () => direct.resolve(undefined));
      const wanted = { policy: request.policy, force: request.force, scorecards: request.health };
      // Registries answer with megabytes to decode, which would hold up the first findings.
      const packages = Promise.race([direct.promise, advisories]).then(() =>
        request.signatures !== 'none' || request.health
          ? refreshPackages(context, request.direct, wanted, until, progress)
          : undefined,
      );
      const scores =
        request.epss === true ? advisories.then(() => this.#refreshEpss(context, request, until)) : undefined;
      // Thousands of small answers would hold up the findings in what others bring in.
      const signatures = advisories.then(async () => {
        await this.recall(signed, until);
        await refreshSignatures(context, signed, wanted, until, progress);
      });
      await Promise.all([advisories, packages, signatures, scores, refreshKev(context, request.force, until)]);
    });
  }

  async verify({ direct, transitive, policy, force, onProgress }: VerifyRequest, signal: AbortSignal): Promise<void> {
    const progress = createProgress(onProgress);
    const wanted = { policy, force, scorecards: false };
    const subjects = [...direct, ...transitive];
    await this.recall(subjects, signal);
    await this.#whileBusy(signal, async (context, until) => {
      await refreshSignatures(context, subjects, wanted, until, progress);
      // Nothing can have been published better than with the highest rank, so that its past is not worth megabytes.
      const below = direct.filter((subject) => (this.#signatures.checked(subject)?.release.trust ?? 2) < 2);
      await refreshPackages(context, below, wanted, until, progress);
    });
  }

  /** Of what was found in these packages. */
  async #refreshEpss(context: RefreshContext, request: RefreshRequest, until: AbortSignal): Promise<void> {
    const cves = [...request.direct, ...request.transitive].flatMap((subject) =>
      this.knownMatches(subject).flatMap(({ advisory, aliases }) => [advisory.id, ...aliases]),
    );
    await refreshEpss(context, cves, request.force, until);
  }

  async learn(subject: Subject, access: RegistryPolicy, signal: AbortSignal): Promise<void> {
    const progress = createProgress(() => undefined);
    const wanted = { policy: access, force: false, scorecards: false };
    await this.#whileBusy(signal, async (context, until) => {
      await Promise.all([
        learnAdvisories(context, subject, until, progress),
        refreshPackages(context, [subject], wanted, until, progress),
      ]);
    });
  }

  /** Nothing is asked when nothing may be sent. At the end, what is still missing is no longer pending. */
  async #whileBusy(
    signal: AbortSignal,
    run: (context: RefreshContext, until: AbortSignal) => Promise<void>,
  ): Promise<void> {
    signal.throwIfAborted();
    const stop = this.#stop.signal;
    if (this.#configuration.network !== 'on') return;
    const state = { begun: false };
    const begin = (): void => {
      if (!state.begun) this.#running++;
      state.begun = true;
    };
    try {
      await run(this.#context(begin), AbortSignal.any([signal, stop]));
    } catch (error) {
      // Stopped by a new configuration: who asked did not abort, and asks again.
      signal.throwIfAborted();
      if (!stop.aborted) throw error;
    } finally {
      if (state.begun) {
        this.#running--;
        this.#changed({ kind: 'records' });
      }
    }
  }

  #context(begin: () => void): RefreshContext {
    return {
      pump: this.#options.pump,
      clock: this.#options.clock,
      cache: this.#cache,
      failures: this.#failures,
      configuration: this.#configuration,
      signatures: this.#signatures,
      verifier: this.#options.verifier,
      trust: this.#trust,
      keysOf: (registry) => [
        ...this.#trust.current().signatureKeys,
        ...(this.#cache.registryKeys(registry)?.value ?? []),
      ],
      publishedAt: (subject) => this.#publishedAt(subject),
      ecosystemOf: (id) => this.#ecosystems.get(id),
      begin,
      changed: (change) => this.#changed(change),
    };
  }

  #publishedAt(subject: Subject): number | undefined {
    const document = this.#packages.get(subject);
    if (!document.known) return undefined;
    return document.value.versions.find(({ version }) => version === subject.version)?.publishedAt;
  }

  #view(): AdvisoryView {
    return {
      configuration: this.#configuration,
      cache: this.#cache,
      failures: this.#failures,
      now: this.#options.clock.now(),
      busy: this.#running > 0,
    };
  }

  #notAnswered(host: HostName, key: string): Evidence<never> {
    const label = SOURCE_LABELS[host];
    const { network } = this.#configuration;
    if (network === 'off') return unknown('offline', `offline: ${label} was not asked`);
    if (network === 'no-consent') return unknown('not-asked', `${label} is asked only if you agree`);
    const failure = this.#failures.of(host, key);
    if (failure !== undefined) return unknown(failure.code, failure.reason);
    if (this.#running > 0) return unknown('pending', `${label} is being asked`);
    return unknown('not-asked', `${label} has not been asked yet`);
  }

  #changed(change: Change): void {
    switch (change.kind) {
      case 'advisories':
        for (const { ecosystem, name, version } of change.queries) this.#forgetAdvisories(ecosystem, name, version);
        break;
      case 'records':
        // An answer that names no advisory reads the same whatever their texts say.
        for (const [key, evidence] of this.#advisories) {
          if (evidence.known && evidence.value.length > 0) this.#advisories.delete(key);
        }
        break;
      case 'kev':
        this.#kev = undefined;
        break;
      case 'epss':
        this.#epss.clear();
        break;
      case 'package':
        this.#packages.forget(change.key);
        this.#signatures.judgeAgain(change.key);
        break;
      case 'signatures':
        break;
      case 'scorecard':
        this.#scorecards.delete(change.key);
        break;
    }
    this.#tell(change.kind);
  }

  #forgetAdvisories(osvName: string, name: string, version: string | undefined): void {
    for (const [id, ecosystem] of this.#ecosystems) {
      if (ecosystem.osvName !== osvName) continue;
      const prefix = `${id}\n${name}\n`;
      if (version !== undefined) this.#advisories.delete(prefix + version);
      else for (const key of this.#advisories.keys()) if (key.startsWith(prefix)) this.#advisories.delete(key);
    }
  }

  #forgetComputed(): void {
    this.#advisories.clear();
    this.#packages.clear();
    this.#signatures.clear();
    this.#trust.forget();
    this.#scorecards.clear();
    this.#kev = undefined;
    this.#epss.clear();
    this.#tell('all');
  }

  #tell(kind: Change['kind'] | 'all'): void {
    this.#revision++;
    this.#options.onChange(kind);
  }
}

function advisoriesKey({ withheld, ecosystem, name, version }: Subject): string {
  return `${withheld === undefined ? '' : 'withheld '}${ecosystem}\n${name}\n${version}`;
}

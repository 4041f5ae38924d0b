import { idsOf, type DecidableFinding, type Place } from './finding.ts';
import type { LineIndex } from './line-index.ts';
import type { ProjectSettings } from './settings.ts';
import type { Problem } from './span.ts';

/** What was decided. The last two say that nothing was: a later statement of a VEX document takes an earlier one back. */
export type DecisionStatus = 'not-affected' | 'fixed' | 'accepted' | 'snoozed' | 'affected' | 'under-investigation';

/** Which packages a decision speaks of. What is left out speaks of any. */
export interface PackageSelector {
  /** The package URL's type, `npm`. */
  readonly purlType?: string;
  /** With `*` for any characters. */
  readonly name?: string;
  /** A decision about one version lapses with the next. */
  readonly version?: string;
  /** Names from a direct dependency to the package; `*` stands for any number of them. */
  readonly path?: readonly string[];
}

/** What somebody decided about advisories, with the file that says so. */
export interface Decision {
  readonly status: DecisionStatus;
  /** Ids of advisories, any alias. Empty speaks of all. */
  readonly ids: readonly string[];
  /** Any of them; empty speaks of all packages. */
  readonly packages: readonly PackageSelector[];
  /** Names of the products that it was decided for; empty for whatever the file lies in. */
  readonly products: readonly string[];
  /** Why, in words; empty when nobody said. */
  readonly reason: string;
  readonly author: string | undefined;
  /** Milliseconds since the epoch. */
  readonly decidedAt: number | undefined;
  /** From this moment on it holds no longer, in milliseconds since the epoch. */
  readonly until: number | undefined;
  /** True for one that holds as long as no version is known to fix it. */
  readonly untilFixed: boolean;
  /** The form it is written in, for people: `OpenVEX`. */
  readonly tool: string;
  readonly place: Place;
}

/** A finding that somebody has decided about: it is shown with the reason, and counts no longer. */
export interface DecidedFinding {
  readonly finding: DecidableFinding;
  readonly decision: Decision;
}

/** What one file says. */
export interface DecisionFile {
  readonly path: string;
  readonly lines: LineIndex;
  readonly decisions: readonly Decision[];
  readonly problems: readonly Problem[];
  /** What the project's own file says besides; undefined for others. */
  readonly settings?: ProjectSettings;
}

/** All decisions that a project is under. A new object whenever one of its files changed. */
export interface DecisionSet {
  /** The nearest first. */
  readonly files: readonly DecisionFile[];
  /** False where the workspace is not trusted: then they are shown and change nothing. */
  readonly isApplied: boolean;
}

export const NO_DECISIONS: DecisionSet = { files: [], isApplied: true };

/** The decisions of a set by what they speak of, so that thousands of findings are looked up in no time. */
export class DecisionIndex {
  readonly #byId = new Map<string, Decision[]>();
  readonly #aboutAll: Decision[] = [];
  readonly #order = new Map<Decision, number>();
  /** Every product that some decision is limited to. */
  readonly products: ReadonlySet<string>;

  constructor(set: DecisionSet) {
    for (const decision of set.files.flatMap(({ decisions }) => decisions)) {
      this.#order.set(decision, this.#order.size);
      if (decision.ids.length === 0) this.#aboutAll.push(decision);
      for (const id of decision.ids.map(idKey)) {
        const list = this.#byId.get(id);
        if (list) list.push(decision);
        else this.#byId.set(id, [decision]);
      }
    }
    this.products = new Set([...this.#order.keys()].flatMap(({ products }) => products));
  }

  /** The next moment at which a decision ends, in milliseconds since the epoch; Infinity when none does. */
  nextEnd(now: number): number {
    let next = Infinity;
    for (const { until } of this.#order.keys()) if (until !== undefined && until > now) next = Math.min(next, until);
    return next;
  }

  /**
   * The decision that a finding is under at a moment; undefined when it is open. Of the statements of VEX documents, the
   * one with the latest time is the one that counts.
   */
  decisionOf(finding: DecidableFinding, products: ReadonlySet<string>, now: number): Decision | undefined {
    const ids = new Set(idsOf(finding).map(idKey));
    const candidates = new Set([...ids].flatMap((id) => this.#byId.get(id) ?? []));
    // What speaks of every advisory says nothing of signatures.
    if (finding.kind !== 'signature') for (const decision of this.#aboutAll) candidates.add(decision);
    if (candidates.size === 0) return undefined;
    const matching = [...candidates]
      .filter((decision) => holds(decision, finding, now) && isFor(decision, products))
      .sort((a, b) => (this.#order.get(a) ?? 0) - (this.#order.get(b) ?? 0));
    const statements = matching.filter(isStatement).sort((a, b) => (b.decidedAt ?? 0) - (a.decidedAt ?? 0));
    const [latest] = statements;
    const others = matching.filter((decision) => !isStatement(decision));
    const open = others.filter(({ packages }) => packages.every(({ path }) => path === undefined));
    return open[0] ?? onAllPaths(others, finding) ?? (latest && isClosing(latest) ? latest : undefined);
  }
}

function isStatement({ tool }: Decision): boolean {
  return tool === 'OpenVEX' || tool === 'CycloneDX VEX';
}

function isClosing({ status }: Decision): boolean {
  return status !== 'affected' && status !== 'under-investigation';
}

function isFor({ products }: Decision, here: ReadonlySet<string>): boolean {
  return products.length === 0 || products.some((name) => here.has(name));
}

function holds({ until, untilFixed, packages }: Decision, finding: DecidableFinding, now: number): boolean {
  if (until !== undefined && now >= until) return false;
  if (untilFixed && finding.kind !== 'signature' && finding.match.fixed !== undefined) return false;
  return packages.length === 0 || packages.some((selector) => isAbout(selector, finding));
}

function isAbout({ purlType, name, version }: PackageSelector, { package: affected }: DecidableFinding): boolean {
  return (
    (purlType === undefined || purlType === affected.ecosystem) &&
    (name === undefined || isLike(name, affected.name)) &&
    (version === undefined || version === affected.version)
  );
}

/** Decisions about paths close a finding when each of its paths is under one of them. */
function onAllPaths(decisions: readonly Decision[], { paths }: DecidableFinding): Decision | undefined {
  const patterns = decisions.flatMap(({ packages }) => packages.flatMap(({ path }) => (path ? [path.join('>')] : [])));
  if (patterns.length === 0 || paths.length === 0) return undefined;
  const isUnder = (path: readonly string[]): boolean => patterns.some((pattern) => isLike(pattern, path.join('>')));
  return paths.every(isUnder) ? decisions[0] : undefined;
}

/** A pattern whose `*` stands for any characters. In linear steps for each star, whatever the text. */
function isLike(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function idKey(id: string): string {
  return id.toLowerCase();
}

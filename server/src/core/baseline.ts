import type { Finding } from './finding.ts';

/**
 * Tells what is new in a project from what an earlier state of it had. A finding is known when that state had it of the same
 * version, or of another version that is no longer there: a bump that mends nothing brings nothing new.
 */
export class Baseline {
  /** By {@link kindOf}: the versions that had it before. */
  readonly #before: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #now: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(before: readonly Finding[], now: readonly Finding[]) {
    this.#before = versionsByKind(before);
    this.#now = versionsByKind(now);
  }

  isNew(finding: Finding): boolean {
    const before = this.#before.get(kindOf(finding));
    if (before === undefined) return true;
    if (before.has(finding.package.version)) return false;
    const now = this.#now.get(kindOf(finding));
    return [...before].every((version) => now?.has(version) === true);
  }

  /** True for a finding of before of which no version is left. */
  isGone(finding: Finding): boolean {
    return !this.#now.has(kindOf(finding));
  }
}

/** The same text for the same trouble with any version of a package. */
function kindOf({ package: { ecosystem, name }, ruleId }: Finding): string {
  return `${ecosystem}\n${name}\n${ruleId}`;
}

function versionsByKind(findings: readonly Finding[]): Map<string, Set<string>> {
  const versions = new Map<string, Set<string>>();
  for (const finding of findings) {
    const set = versions.get(kindOf(finding));
    if (set) set.add(finding.package.version);
    else versions.set(kindOf(finding), new Set([finding.package.version]));
  }
  return versions;
}

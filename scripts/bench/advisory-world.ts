/** A world of made-up advisories and packages, the same in every run. */

export interface MadePackage {
  readonly name: string;
  readonly version: string;
}

export interface AdvisoryWorld {
  /** OSV records. */
  readonly records: readonly MadeRecord[];
  readonly packages: readonly MadePackage[];
}

export interface MadeRecord {
  readonly id: string;
  readonly modified: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly details: string;
  readonly affected: readonly {
    readonly package: { readonly ecosystem: string; readonly name: string };
    readonly ranges: readonly { readonly type: string; readonly events: readonly Readonly<Record<string, string>>[] }[];
  }[];
  readonly database_specific: { readonly severity: string };
}

/**
 * Shaped like the npm records of the GitHub Advisory Database: half as many packages as advisories, a few packages with
 * many, texts of about a kilobyte. Of the packages to check, every fifth is one that has advisories.
 */
export function makeAdvisoryWorld(advisories: number, packages: number): AdvisoryWorld {
  const random = randomFrom(42);
  const affectedNames = Math.ceil(advisories / 2);
  const version = (): string => `${random(6)}.${random(12)}.${random(20)}`;
  const records = Array.from({ length: advisories }, (_, index) => {
    // The smaller of two: low numbers come more often, as with packages that many people look at.
    const name = nameOf(Math.min(random(affectedNames), random(affectedNames)));
    const major = random(6);
    const events = [{ introduced: random(2) === 0 ? '0' : `${major}.0.0` }, { fixed: `${major}.${1 + random(12)}.0` }];
    return {
      id: `GHSA-${index.toString(36).padStart(4, '0')}-made-made`,
      modified: '2026-01-01T00:00:00Z',
      aliases: [`CVE-2026-${10_000 + index}`],
      summary: `A made-up weakness of ${name}`,
      details: `Words about ${name}. `.repeat(30),
      affected: [{ package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events }] }],
      database_specific: { severity: ['LOW', 'MODERATE', 'HIGH', 'CRITICAL'][random(4)] ?? 'LOW' },
    };
  });
  return {
    records,
    packages: Array.from({ length: packages }, (_, index) => ({
      name: index % 5 === 0 ? nameOf(random(affectedNames)) : `sound-package-${index}`,
      version: version(),
    })),
  };
}

function nameOf(index: number): string {
  return index % 4 === 0 ? `@scope-${index % 97}/package-${index}` : `package-${index}`;
}

/** A linear congruential generator: whole numbers from 0 to below the bound. */
function randomFrom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/**
 * How a version was published, as the registry lists it: 2 by a trusted publisher (by a build service, without a token),
 * 1 with provenance, 0 with neither. Nobody signed these marks.
 */
export type PublishRank = 0 | 1 | 2;

export interface PublishedRank {
  readonly version: string;
  /** Milliseconds since the epoch; undefined when the registry does not say. */
  readonly publishedAt: number | undefined;
  readonly rank: PublishRank;
}

export type DowngradeResult =
  | 'none'
  | {
      /** `downgrade`: neither is left; `weaker`: provenance is left. */
      readonly verdict: 'downgrade' | 'weaker';
      /** The last of the versions published before it with more. */
      readonly earlier: PublishedRank & { readonly publishedAt: number };
    }
  | {
      readonly verdict: 'unknown';
      /** A clause: `the registry gives no time for 1.0.1`. */
      readonly reason: string;
    };

/**
 * Whether a version was published with less than one before it, by date and not by version order. What a stable version
 * is compared with are stable versions. It is the rule of pnpm's `trustPolicy=no-downgrade`: packages that were taken over
 * with a stolen token are published without a build.
 * @see https://pnpm.io/settings#trustpolicy
 */
export function findDowngrade(version: string, history: readonly PublishedRank[]): DowngradeResult {
  const current = history.find((each) => each.version === version);
  if (current === undefined) return { verdict: 'unknown', reason: `the registry does not list ${version}` };
  const stronger = history.filter(
    (each) => each.rank > current.rank && (isPrerelease(version) || !isPrerelease(each.version)),
  );
  if (stronger.length === 0) return 'none';
  const { publishedAt } = current;
  if (publishedAt === undefined) return { verdict: 'unknown', reason: `the registry gives no time for ${version}` };
  const [earlier] = stronger
    .filter(hasTime)
    .filter((each) => each.publishedAt < publishedAt)
    .sort((one, other) => other.publishedAt - one.publishedAt);
  if (earlier !== undefined) return { verdict: current.rank === 0 ? 'downgrade' : 'weaker', earlier };
  const undated = stronger.find((each) => !hasTime(each));
  if (undated === undefined) return 'none';
  return { verdict: 'unknown', reason: `the registry gives no time for ${undated.version}` };
}

function hasTime(version: PublishedRank): version is PublishedRank & { readonly publishedAt: number } {
  return version.publishedAt !== undefined;
}

/** @see https://semver.org/#spec-item-9 */
function isPrerelease(version: string): boolean {
  return version.split('+', 1)[0]?.includes('-') === true;
}

/** How versions of one ecosystem compare. Total on any string: text that is no version sorts before every version. */
export interface VersionScheme {
  isVersion(text: string): boolean;
  isRange(text: string): boolean;
  /** Negative when `a` is older than `b`. */
  compare(a: string, b: string): number;
  /** True when the version is inside the range; false for text that is neither. */
  satisfies(version: string, range: string): boolean;
  /** True when everything inside one range is inside the other too; false for text that is no range. */
  isWithin(inner: string, outer: string): boolean;
  isPrerelease(version: string): boolean;
  /** The size of the step from one version to a later one. */
  step(from: string, to: string): UpgradeStep | undefined;
  /**
   * The range that asks for `version` in the manner of `range`: operator, `v`, precision of an x-range kept.
   * Undefined when the form has no plain counterpart (`<2`, `1 || 2`, a tag): the caller then writes `^version` on request only.
   */
  bumpRange(range: string, version: string): string | undefined;
}

export type UpgradeStep = 'patch' | 'minor' | 'major';

import type { Severity } from './severity.ts';

/** One step of a version range of the OSV schema: one key per event. */
export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly lastAffected: string }
  | { readonly limit: string };

export interface AffectedRange {
  readonly type: 'SEMVER' | 'ECOSYSTEM';
  readonly events: readonly RangeEvent[];
}

/**
 * The versions of one package that an advisory affects.
 * @see https://ossf.github.io/osv-schema/#affected-fields
 */
export interface Affected {
  readonly ecosystem: string;
  readonly name: string;
  readonly ranges: readonly AffectedRange[];
  readonly versions: readonly string[];
  /** GitHub's `last_known_affected_version_range` (`<= 3.28.2`), which caps a range that has no end of its own. */
  readonly lastKnownAffected: string | undefined;
}

export interface CvssScore {
  /** `2.0`, `3.0`, `3.1` or `4.0`: scores of different versions are not comparable. */
  readonly version: string;
  /** 0.0 to 10.0. */
  readonly score: number;
  readonly vector: string;
}

/** What a source says of one vulnerability or malicious package, without the ranges. Its text is remote: escape it. */
export interface Advisory {
  readonly id: string;
  readonly kind: 'vulnerability' | 'malware';
  readonly aliases: readonly string[];
  /** ISO 8601, as the source writes it. */
  readonly modified: string;
  readonly published: string | undefined;
  readonly summary: string;
  readonly severity: Severity;
  readonly cvss: CvssScore | undefined;
  readonly cwes: readonly string[];
  /** At most ten, https only. */
  readonly references: readonly string[];
}

/** An advisory with its ranges, as a source's decoder returns it. */
export interface AdvisoryRecord {
  readonly advisory: Advisory;
  readonly withdrawn: string | undefined;
  readonly affected: readonly Affected[];
}

/** An entry of CISA's catalog of known exploited vulnerabilities. */
export interface KevEntry {
  readonly cve: string;
  /** ISO date. */
  readonly dateAdded: string;
  readonly ransomware: boolean;
}

/** How likely it is, by FIRST's model, that somebody tries to exploit a vulnerability within 30 days. */
export interface Epss {
  readonly cve: string;
  /** 0 to 1. */
  readonly probability: number;
  /** The share of all vulnerabilities that are as likely or less, 0 to 1. */
  readonly percentile: number;
  /** ISO date of the scores. */
  readonly date: string;
  /** The version of the model; undefined where the source does not say. */
  readonly model: string | undefined;
}

/** Aliases merged: one thing to act on, however many ids it has. */
export interface AdvisoryMatch {
  /** The advisory that labels the group: MAL before GHSA before CVE before others. */
  readonly advisory: Advisory;
  /** All other ids of the group. */
  readonly aliases: readonly string[];
  /** The version that closes the affected interval that holds the installed one; undefined when there is none yet. */
  readonly fixed: string | undefined;
}

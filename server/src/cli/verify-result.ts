import {
  SIGNATURE_VERDICTS,
  unknown,
  type ProvenanceSource,
  type SignatureVerdict,
  type VerdictReason,
} from '../core/evidence.ts';
import { packageKey } from '../core/package.ts';
import type { Coverage, UncheckedPackage } from '../workspace/coverage.ts';
import type { InstalledPackage } from '../workspace/installed-packages.ts';
import { verdictOf } from '../workspace/signature-survey.ts';
import type { ProjectView } from '../workspace/snapshot.ts';
import { purlFor } from './purl.ts';

/** One package and version, in however many lockfiles. */
export interface VerifiedPackage {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  /** The base URL; undefined for what is from no registry. */
  readonly registry: string | undefined;
  readonly verdict: SignatureVerdict | 'unknown';
  readonly reasons: readonly VerdictReason[];
  readonly source: ProvenanceSource | undefined;
  /** The shortest path from a direct dependency to it. */
  readonly path: readonly string[];
  /** Why this verdict was accepted; undefined when nobody did. */
  readonly accepted: string | undefined;
}

export interface VerifyResult {
  readonly packages: readonly VerifiedPackage[];
  readonly coverage: Coverage;
  /** By registry, how many packages it answers for without any signature. */
  readonly stripped: ReadonlyMap<string, number>;
}

/** What is known now of the signatures of everything that the projects install, the worst first. */
export function verifyResult(projects: readonly ProjectView[]): VerifyResult {
  const rows = new Map<string, VerifiedPackage>();
  for (const project of projects) {
    for (const [index, item] of project.installed.packages.entries()) {
      const row = rowOf(item, index, project);
      const key = `${packageKey(row.name, row.version)}\n${row.registry ?? ''}`;
      const before = rows.get(key);
      if (before === undefined || rankOf(row) < rankOf(before)) rows.set(key, row);
    }
  }
  const packages = [...rows.values()].sort(
    (a, b) => rankOf(a) - rankOf(b) || compareTexts(a.name, b.name) || compareTexts(a.version, b.version),
  );
  const stripped = new Map(projects.flatMap(({ assessment }) => [...assessment.signatures.stripped]));
  return { packages, coverage: coverageOf(packages), stripped };
}

function rowOf(item: InstalledPackage, index: number, project: ProjectView): VerifiedPackage {
  const { installed, ecosystem, assessment } = project;
  const { name, version, registry } = item.subject;
  const evidence = assessment.signatures.evidence[index] ?? unknown('disabled', 'signatures are not looked at');
  const [route] = installed.routes.routesTo(item.entries);
  const accepted = assessment.decided.get(index)?.find(({ finding }) => finding.kind === 'signature')?.decision.reason;
  return {
    name,
    version,
    purl: purlFor(ecosystem, name, version),
    registry: item.source === 'registry' || evidence.known ? registry : undefined,
    verdict: verdictOf(evidence),
    reasons: evidence.known ? evidence.value.reasons : [{ code: evidence.code, message: evidence.reason }],
    source: evidence.known ? evidence.value.source : undefined,
    path: route === undefined ? [] : installed.routes.namesOf(route),
    accepted,
  };
}

/** Verdicts in their order of precedence; what is not known stands behind all that is. */
function rankOf({ verdict }: VerifiedPackage): number {
  return verdict === 'unknown' ? SIGNATURE_VERDICTS.length : SIGNATURE_VERDICTS.indexOf(verdict);
}

function coverageOf(packages: readonly VerifiedPackage[]): Coverage {
  const unchecked = (is: (item: VerifiedPackage) => boolean): UncheckedPackage[] =>
    packages.filter(is).map(({ name, version, reasons }) => ({ name, version, reason: reasons[0]?.message ?? '' }));
  const unknown = unchecked((item) => item.verdict === 'unknown' && !isLeftOut(item));
  const skipped = unchecked(isLeftOut);
  return { checked: packages.length - unknown.length - skipped.length, unknown, skipped };
}

/** On purpose: private names, and what no registry signs. */
function isLeftOut({ verdict, reasons }: VerifiedPackage): boolean {
  return verdict === 'not-registry' || (verdict === 'unknown' && reasons[0]?.code === 'withheld');
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import { isAdvisoryFinding, type AdvisoryFinding } from '../core/finding.ts';
import { compareFindings } from '../core/rank-findings.ts';
import type { InstalledPackage } from './installed-packages.ts';
import type { ProjectView } from './snapshot.ts';

/** An affected package that only others bring in. */
export interface BroughtIn {
  /** Of the installed package. */
  readonly index: number;
  readonly item: InstalledPackage;
  /** Worst first. */
  readonly findings: readonly AdvisoryFinding[];
}

/** The affected packages that no manifest names, the worst first, at most so many: a fix of each may take several look-ups. */
export function broughtInPackages({ installed, assessment }: ProjectView, most: number): BroughtIn[] {
  const affected = [...assessment.byPackage].flatMap(([index, all]) => {
    const item = installed.packages[index];
    const findings = all.filter(isAdvisoryFinding);
    const [worst] = findings;
    return item === undefined || worst === undefined || worst.direct ? [] : [{ index, item, findings, worst }];
  });
  return affected.sort((a, b) => compareFindings(a.worst, b.worst)).slice(0, most);
}

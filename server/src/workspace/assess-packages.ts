import type { AdvisoryMatch } from '../core/advisory.ts';
import { earlier, type BaseState } from '../core/base-state.ts';
import type { DecidedFinding, Decision } from '../core/decision.ts';
import type { Ecosystem } from '../core/ecosystem.ts';
import type { SignatureEvidence, SignatureVerdict } from '../core/evidence.ts';
import {
  isAdvisoryFinding,
  isDecidable,
  type AdvisoryFinding,
  type DecidableFinding,
  type DeprecatedFinding,
  type Finding,
  type SignatureFinding,
} from '../core/finding.ts';
import { joinUses, type ImportUse } from '../core/import-use.ts';
import type { Knowledge } from '../core/knowledge.ts';
import { isDevelopmentOnly, packageKey } from '../core/package.ts';
import { compareFindings } from '../core/rank-findings.ts';
import type { Settings } from '../core/settings.ts';
import type { Severity } from '../core/severity.ts';
import type { UpgradePlan } from '../planner/plan-upgrade.ts';
import { CoverageCounter, type Coverage } from './coverage.ts';
import type { Installed, InstalledPackage } from './installed-packages.ts';
import { surveySignatures, type SignatureSurvey } from './signature-survey.ts';
import { TransitivePlans } from './transitive-plans.ts';

/** What is known of everything a lockfile installs, as of one revision of knowledge. */
export interface Assessment {
  /** What is open: each once, worst first. */
  readonly findings: readonly Finding[];
  /** By index into {@link Installed.packages}. */
  readonly byPackage: ReadonlyMap<number, readonly Finding[]>;
  /** By importer and name as the manifest writes it: the findings in what that dependency brings in. */
  readonly broughtIn: ReadonlyMap<string, ReadonlyMap<string, readonly AdvisoryFinding[]>>;
  /** The same for what is invalid, or was published better before, among what it brings in. */
  readonly doubtful: ReadonlyMap<string, ReadonlyMap<string, readonly SignatureFinding[]>>;
  readonly signatures: SignatureSurvey;
  /** By index into {@link Installed.packages}: what somebody has decided about, which is open no longer. */
  readonly decided: ReadonlyMap<number, readonly DecidedFinding[]>;
  readonly coverage: Coverage;
  /** Upgrade plans that were asked for since; the key is made by whoever plans. They live as long as what they rest on. */
  readonly plans: Map<string, UpgradePlan>;
  /** The same for what others bring in. */
  readonly transitive: TransitivePlans;
}

/** What packages are looked up with. */
export interface AssessmentBasis {
  readonly ecosystem: Ecosystem;
  readonly knowledge: Knowledge;
  readonly settings: Settings;
  /** What was decided about a finding; undefined leaves it open. */
  readonly decisionOf: (finding: DecidableFinding) => Decision | undefined;
  /** How the sources of a member, by its path in the lockfile, import what its manifest names so. */
  readonly useOf: (importer: string, dependency: string) => ImportUse | undefined;
  /** The earlier commit that tells what is new; undefined while nothing does. */
  readonly base: BaseState | undefined;
}

/** Looks up every installed package. Synchronous: what is not known yet is counted as unknown. */
export function assessPackages(installed: Installed, basis: AssessmentBasis): Assessment {
  const { knowledge, settings, decisionOf } = basis;
  const coverage = new CoverageCounter();
  const byPackage = new Map<number, readonly Finding[]>();
  const decided = new Map<number, readonly DecidedFinding[]>();
  knowledge.expect(installed.packages.map(({ subject }) => subject));
  const signatures = surveySignatures(installed, knowledge, settings);
  installed.packages.forEach((item, index) => {
    if (isLeftOut(item, settings)) {
      coverage.skip(item.subject, DEVELOPMENT_OFF);
      return;
    }
    const found = findingsOf(item, installed, basis, coverage);
    const signature = signatures.evidence[index];
    if (signature?.known === true && isToBeSaid(signature.value, item, signatures)) {
      found.push(signatureFinding(baseOf(item, installed, basis), signature.value));
    }
    found.sort(compareFindings);
    if (found.length === 0) return;
    const closed = found.flatMap((finding): DecidedFinding[] => {
      const decision = isDecidable(finding) ? decisionOf(finding) : undefined;
      return decision !== undefined && isDecidable(finding) ? [{ finding, decision }] : [];
    });
    const open = closed.length === 0 ? found : found.filter((item) => !closed.some(({ finding }) => finding === item));
    if (open.length > 0) byPackage.set(index, open);
    if (closed.length > 0) decided.set(index, closed);
  });
  return {
    findings: [...byPackage.values()].flat().sort(compareFindings),
    byPackage,
    broughtIn: distribute(installed, byPackage, isAdvisoryFinding),
    doubtful: distribute(installed, byPackage, isDangerous),
    signatures,
    decided,
    coverage: coverage.result(),
    plans: new Map(),
    transitive: new TransitivePlans(installed),
  };
}

/** Why a package is not looked at where the settings leave out development dependencies. */
export const DEVELOPMENT_OFF = 'development dependencies are turned off';

export function isLeftOut({ scopes }: InstalledPackage, settings: Settings): boolean {
  return !settings.devDependencies && isDevelopmentOnly(scopes);
}

const NOT_FROM_A_REGISTRY: Readonly<Record<string, string>> = {
  git: 'from git, not from a registry',
  file: 'from a local file',
  link: 'a link to a local folder',
  workspace: 'a member of this workspace',
  tarball: 'from a URL, not from a registry',
};

function findingsOf(
  item: InstalledPackage,
  installed: Installed,
  basis: AssessmentBasis,
  coverage: CoverageCounter,
): Finding[] {
  const { subject } = item;
  const { knowledge } = basis;
  const notFromRegistry = NOT_FROM_A_REGISTRY[item.source];
  if (notFromRegistry !== undefined) {
    coverage.skip(subject, notFromRegistry);
    return [];
  }
  const evidence = knowledge.advisories(subject);
  let matches: readonly AdvisoryMatch[];
  if (evidence.known) {
    coverage.check();
    matches = evidence.value;
  } else {
    if (evidence.code === 'withheld') coverage.skip(subject, evidence.reason);
    else coverage.unknown(subject, evidence.reason);
    matches = knowledge.knownMatches(subject);
  }
  const findings: Finding[] = [];
  if (matches.length > 0) {
    const base = baseOf(item, installed, basis);
    for (const match of matches) findings.push(advisoryFinding(base, match, item, basis));
  }
  if (item.direct) findings.push(...directFindings(item, installed, basis));
  return findings;
}

type FindingBase = Pick<Finding, 'package' | 'direct' | 'scopes' | 'paths' | 'imported' | 'newSince'>;

function baseOf(item: InstalledPackage, installed: Installed, basis: AssessmentBasis): FindingBase {
  const { ecosystem, useOf, base } = basis;
  const paths = new Map<string, string[]>();
  const uses: (ImportUse | undefined)[] = [];
  for (const route of installed.routes.routesTo(item.entries)) {
    const names = installed.routes.namesOf(route);
    const key = names[0] ?? '';
    if (!paths.has(key)) paths.set(key, names);
    const importer = installed.lockfile.importers[route.importer];
    // Sources name it as the manifest does, which may be by an alias.
    uses.push(useOf(importer?.path ?? '', importer?.dependencies[route.dependency]?.name ?? key));
  }
  return {
    package: { ecosystem: ecosystem.id, name: item.subject.name, version: item.subject.version },
    direct: item.direct,
    scopes: item.scopes,
    paths: [...paths.values()],
    imported: joinUses(uses),
    newSince: isAdded(item, base) ? base?.name : undefined,
  };
}

function isAdded({ subject: { name, version } }: InstalledPackage, base: BaseState | undefined): boolean {
  return base?.added.has(packageKey(name, version)) === true;
}

/** A version that came has an advisory of its own only when each that went for it is known not to have had the same. */
function hadBefore({ advisory }: AdvisoryMatch, { subject }: InstalledPackage, basis: AssessmentBasis): boolean {
  return (basis.base?.gone.get(subject.name) ?? []).some((version) => {
    const then = basis.knowledge.advisories(earlier(subject, version));
    return !then.known || then.value.some((match) => [match.advisory.id, ...match.aliases].includes(advisory.id));
  });
}

function advisoryFinding(
  base: FindingBase,
  match: AdvisoryMatch,
  item: InstalledPackage,
  basis: AssessmentBasis,
): AdvisoryFinding {
  const { advisory } = match;
  const { knowledge } = basis;
  const cves = [advisory.id, ...match.aliases].filter((id) => id.startsWith('CVE-'));
  return {
    ...base,
    kind: advisory.kind,
    ruleId: advisory.id,
    severity: advisory.severity,
    summary: advisory.summary,
    match,
    kev: knowledge.kev(cves),
    epss: knowledge.epss(cves),
    matchedByName: !item.subject.isPublicRegistry,
    newSince: base.newSince !== undefined && hadBefore(match, item, basis) ? undefined : base.newSince,
  };
}

/** Deprecation is said of what a manifest names, where something can be done about it. */
function directFindings(item: InstalledPackage, installed: Installed, basis: AssessmentBasis): Finding[] {
  const message = basis.settings.health ? deprecationOf(item, basis.knowledge) : undefined;
  return message === undefined ? [] : [deprecatedFinding(baseOf(item, installed, basis), message)];
}

/** The registry's word today before the lockfile's word of the day it was written. */
export function deprecationOf(item: InstalledPackage, knowledge: Knowledge): string | undefined {
  const answer = knowledge.registryPackage(item.subject);
  const version = answer.known
    ? answer.value.versions.find((candidate) => candidate.version === item.subject.version)
    : undefined;
  return version ? version.deprecated : item.deprecated;
}

function deprecatedFinding(base: FindingBase, message: string): DeprecatedFinding {
  return {
    ...base,
    kind: 'deprecated',
    ruleId: 'deprecated',
    severity: 'low',
    summary: message,
    message,
  };
}

function signatureFinding(base: FindingBase, signature: SignatureEvidence): SignatureFinding {
  return {
    ...base,
    kind: 'signature',
    ruleId: `signature-${signature.verdict}`,
    severity: SIGNATURE_SEVERITY[signature.verdict] ?? 'low',
    summary: signature.message,
    signature,
  };
}

/** An account that was taken over publishes without the provenance that there was before. */
const SIGNATURE_SEVERITY: Readonly<Partial<Record<SignatureVerdict, Severity>>> = {
  invalid: 'critical',
  downgrade: 'high',
  'provenance-warning': 'medium',
  unsigned: 'medium',
};

/** What a proxy strips from all packages is said once, and not of each. */
function isToBeSaid({ verdict }: SignatureEvidence, { subject }: InstalledPackage, survey: SignatureSurvey): boolean {
  if (verdict === 'unsigned') return !survey.stripped.has(subject.registry);
  return verdict === 'unverifiable' || SIGNATURE_SEVERITY[verdict] !== undefined;
}

function isDangerous(finding: Finding): finding is SignatureFinding {
  return (
    finding.kind === 'signature' &&
    (finding.signature.verdict === 'invalid' || finding.signature.verdict === 'downgrade')
  );
}

/** Marks every direct dependency of every member with what it brings in; the package's own line is not one of them. */
function distribute<T extends Finding>(
  installed: Installed,
  byPackage: ReadonlyMap<number, readonly Finding[]>,
  isWanted: (finding: Finding) => finding is T,
): Map<string, Map<string, T[]>> {
  const { routes, lockfile } = installed;
  const result = new Map<string, Map<string, T[]>>();
  for (const [index, findings] of byPackage) {
    const wanted = findings.filter(isWanted);
    if (wanted.length === 0) continue;
    // A name may stand in two groups of a manifest (development and peer): it brings in the package once.
    const told = new Set<string>();
    for (const route of routes.routesTo(installed.packages[index]?.entries ?? [])) {
      if (route.entries.length === 1) continue;
      const importer = lockfile.importers[route.importer];
      const name = importer?.dependencies[route.dependency]?.name;
      if (importer === undefined || name === undefined || told.has(`${importer.path}\n${name}`)) continue;
      told.add(`${importer.path}\n${name}`);
      const lines = getOrMake(result, importer.path, () => new Map<string, T[]>());
      getOrMake(lines, name, () => []).push(...wanted);
    }
  }
  for (const lines of result.values()) for (const list of lines.values()) list.sort(compareFindings);
  return result;
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

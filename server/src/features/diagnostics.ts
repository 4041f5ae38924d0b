import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic,
  type Location,
  type Range,
} from 'vscode-languageserver-types';

import type { AdvisoryFinding, Finding } from '../core/finding.ts';
import type { Level, Settings } from '../core/settings.ts';
import type { UpgradeCandidate } from '../planner/plan-upgrade.ts';
import { bumpWarning } from '../workspace/bump-warning.ts';
import { blockedFix, planLine } from '../workspace/line-remedies.ts';
import { publicationSince } from '../workspace/publication-since.ts';
import type { DocumentText, LineView, LockfileView, ManifestView, ProjectView } from '../workspace/snapshot.ts';
import { publicationWords } from './change-words.ts';
import { decisionText } from './decision-words.ts';
import { severityOf, SOURCE } from './diagnostic-parts.ts';
import { hygieneDiagnostics } from './hygiene-diagnostics.ts';
import { hygieneLevel, levelOf } from './level.ts';
import { rangeOfSpan, versionSpan } from './ranges.ts';
import { VERDICT_WORDS } from './verdict-words.ts';
import {
  advisoryUrl,
  count,
  countAdvisories,
  dateOf,
  heldBackText,
  lineTitle,
  oneLine,
  ownAdvisories,
  pendingWords,
  severityText,
  whyNotLocked,
} from './words.ts';

/** VS Code shows these above the hover's card, so they are few and short; the card says more of each. */
const SHOWN_RELATED = 3;

/**
 * What is wrong with a manifest's dependencies: at most one diagnostic per line and kind of trouble.
 * `uriOf` turns an absolute path into the client's form.
 */
export function diagnostics(
  manifest: ManifestView,
  project: ProjectView,
  uriOf: (path: string) => string,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (diagnostic: Diagnostic | undefined): void => {
    if (diagnostic !== undefined) found.push(diagnostic);
  };
  for (const line of manifest.lines) {
    add(waiting(line, manifest, project));
    add(atTheBump(line, manifest, project));
    // The version is written in the catalog, so that is where the rest is said.
    if (line.catalogLine !== undefined) continue;
    const version = rangeOfSpan(manifest.document, versionSpan(line));
    add(ownTrouble(line, { uri: uriOf(manifest.document.path), range: version }, project));
    add(broughtIn(line, manifest, project));
    add(decided(line, version, project.settings));
    add(badSignature(line, version, project.settings) ?? doubtful(line, version, project.settings));
    add(publishedOtherwise(line, version, project));
    add(deprecated(line, rangeOfSpan(manifest.document, line.dependency.nameSpan), project.settings));
  }
  found.push(...hygieneDiagnostics(manifest.document, project));
  for (const problem of manifest.problems) add(unreadable(problem, manifest.document));
  return found;
}

/** The places of a lockfile that could not be read. */
export function lockfileProblems({ document, problems }: LockfileView): Diagnostic[] {
  return problems.slice(0, 100).map((problem) => unreadable(problem, document));
}

/** The worst trouble of a package itself, said at a place. */
export function packageTrouble(line: LineView, place: Location, project: ProjectView): Diagnostic | undefined {
  const { settings } = project;
  return (
    ownTrouble(line, place, project) ??
    badSignature(line, place.range, settings) ??
    deprecated(line, place.range, settings) ??
    decided(line, place.range, settings)
  );
}

function ownTrouble(line: LineView, { uri, range }: Location, project: ProjectView): Diagnostic | undefined {
  const findings = ownAdvisories(line);
  const worst = findings[0];
  if (worst === undefined) return undefined;
  const severity = severityOf(strongest(findings, project.settings));
  if (severity === undefined) return undefined;
  return {
    range,
    severity,
    source: SOURCE,
    code: worst.ruleId,
    codeDescription: { href: advisoryUrl(worst.ruleId) },
    message: ownMessage(line, findings, worst, project),
    relatedInformation:
      findings.length < 2
        ? []
        : findings.slice(0, SHOWN_RELATED).map((finding) => ({
            location: { uri, range },
            message: `${finding.ruleId} (${severityText(finding)}): ${fixedWords(finding)}`,
          })),
  };
}

function ownMessage(
  line: LineView,
  findings: readonly AdvisoryFinding[],
  worst: AdvisoryFinding,
  project: ProjectView,
): string {
  const title = lineTitle(line);
  const notes = [
    newNote(findings),
    worst.kev ? ' Known to be exploited (CISA KEV).' : '',
    worst.matchedByName ? ' Matched by name: the package is not from the public registry.' : '',
    line.isLocked ? '' : ` ${capitalized(whyNotLocked(project))}: this is the highest version in the range.`,
  ].join('');
  if (worst.kind === 'malware') {
    return `${title} is malware (${worst.ruleId}): ${oneLine(worst.summary)}. Remove it, treat the machine as compromised and rotate secrets from another one.${notes}`;
  }
  const blocked = blockedFix(line, project);
  const gate = blocked ? ` Age gate: ${blocked.version} is ${heldBackText(blocked.until)}.` : '';
  const { smallest, major } = planLine(line, project);
  const target = smallest ?? major;
  if (findings.length === 1) {
    const fixed = target?.version ?? worst.match.fixed;
    const end = fixed === undefined ? 'No fixed version is known.' : `Fixed in ${fixed}.`;
    return `${title} is affected by ${worst.ruleId} (${severityText(worst)}): ${sentence(worst.summary)} ${end}${gate}${notes}`;
  }
  const steps = clearingWords(smallest, major);
  return `${title}: ${countAdvisories(findings.length)}, worst ${worst.severity}; ${steps ?? (blocked ? 'no fix is old enough' : 'no fixed version is known')}.${gate}${notes}`;
}

/** "4.5.14 clears all", "0.21.2 clears 1, 0.31.0 clears all but may break"; undefined when nothing clears any. */
function clearingWords(
  smallest: UpgradeCandidate | undefined,
  major: UpgradeCandidate | undefined,
): string | undefined {
  const isWorthIt = major !== undefined && (smallest === undefined || major.leaves.length < smallest.leaves.length);
  const steps = [smallest, isWorthIt ? major : undefined].flatMap((candidate) => {
    if (candidate === undefined) return [];
    const cleared = candidate.leaves.length === 0 ? 'all' : String(candidate.clears.length);
    return [`${candidate.version} clears ${cleared}${candidate.breaking ? ' but may break' : ''}`];
  });
  return steps.length > 0 ? steps.join(', ') : undefined;
}

function fixedWords({ match: { fixed } }: AdvisoryFinding): string {
  return fixed === undefined ? 'no fixed version is known' : `fixed in ${fixed}`;
}

function broughtIn(line: LineView, manifest: ManifestView, project: ProjectView): Diagnostic | undefined {
  const { brings } = line;
  const worst = brings[0];
  if (worst === undefined) return undefined;
  const severity = severityOf(strongest(brings, project.settings));
  if (severity === undefined) return undefined;
  const packages = new Set(brings.map(packageOf));
  const via = worst.paths.find((path) => path[0] === line.dependency.name || path[0] === line.dependency.packageName);
  const way = oneLine((via ?? [worst.package.name]).join(' > '), 400);
  const asBad = new Set(brings.filter(({ severity: word }) => word === worst.severity).map(packageOf));
  return {
    range: rangeOfSpan(manifest.document, versionSpan(line)),
    severity,
    source: SOURCE,
    code: worst.ruleId,
    codeDescription: { href: advisoryUrl(worst.ruleId) },
    message: `${lineTitle(line)} brings in ${count(packages.size, 'affected package')}, ${String(asBad.size)} ${worst.severity}, by way of ${way} ${oneLine(worst.package.version)}.${newNote(brings)}`,
  };
}

/** " New since origin/main.", " 2 of 5 new since origin/main.", or nothing. */
function newNote(findings: readonly Finding[]): string {
  const fresh = findings.filter(({ newSince }) => newSince !== undefined);
  const name = oneLine(fresh[0]?.newSince ?? '', 100);
  if (fresh.length === 0) return '';
  if (fresh.length === findings.length) return ` New since ${name}.`;
  return ` ${String(fresh.length)} of ${String(findings.length)} new since ${name}.`;
}

function packageOf({ package: { name, version } }: AdvisoryFinding): string {
  return `${name}@${version}`;
}

/** What somebody has decided about stays in sight, with the reason. */
function decided(line: LineView, range: Range, { severity }: Settings): Diagnostic | undefined {
  const [first] = line.decided;
  const level = severityOf(severity.decided ?? 'hint');
  if (first === undefined || level === undefined) return undefined;
  const more = line.decided.length > 1 ? `, and ${String(line.decided.length - 1)} more` : '';
  return {
    range,
    severity: level,
    source: SOURCE,
    code: first.finding.ruleId,
    ...(first.finding.kind !== 'signature' && { codeDescription: { href: advisoryUrl(first.finding.ruleId) } }),
    message: `${lineTitle(line)}: ${decisionText(first)}${more}.`,
  };
}

function badSignature(line: LineView, range: Range, settings: Settings): Diagnostic | undefined {
  const finding = line.own.find(({ kind }) => kind === 'signature');
  const severity = finding && severityOf(levelOf(finding, settings));
  if (finding === undefined || severity === undefined) return undefined;
  return {
    range,
    severity,
    source: SOURCE,
    code: finding.ruleId,
    message: `${lineTitle(line)}: ${oneLine(finding.summary, 400)}${newNote([finding])}`,
  };
}

/** What a line brings in that nobody signed, or that was published better before. */
function doubtful(line: LineView, range: Range, settings: Settings): Diagnostic | undefined {
  const [worst] = line.doubtful;
  const severity = worst && severityOf(strongest(line.doubtful, settings));
  if (worst === undefined || severity === undefined) return undefined;
  const { package: found, paths, ruleId, signature } = worst;
  const via = paths.find((path) => path[0] === line.dependency.name) ?? paths[0] ?? [found.name];
  const more = line.doubtful.length > 1 ? ` and ${String(line.doubtful.length - 1)} more` : '';
  const what = `${oneLine(found.name)} ${oneLine(found.version)} (${VERDICT_WORDS[signature.verdict]})${more}`;
  return {
    range,
    severity,
    source: SOURCE,
    code: ruleId,
    message: `${lineTitle(line)} brings in ${what}, by way of ${oneLine(via.join(' > '), 400)}.`,
  };
}

function deprecated(line: LineView, range: Range, settings: Settings): Diagnostic | undefined {
  const finding = line.own.find(({ kind }) => kind === 'deprecated');
  const severity = finding && severityOf(levelOf(finding, settings));
  if (finding === undefined || severity === undefined) return undefined;
  return {
    range,
    severity,
    source: SOURCE,
    code: finding.ruleId,
    tags: [DiagnosticTag.Deprecated],
    message: `${lineTitle(line)} is deprecated: ${sentence(finding.summary)}`,
  };
}

function waiting(line: LineView, manifest: ManifestView, project: ProjectView): Diagnostic | undefined {
  if (line.pending === undefined) return undefined;
  const severity = severityOf(hygieneLevel('waiting-for-install', project.settings));
  if (severity === undefined) return undefined;
  return {
    range: rangeOfSpan(manifest.document, versionSpan(line)),
    severity,
    source: SOURCE,
    code: 'waiting-for-install',
    message: `${pendingWords(line.pending)}. Run: ${project.layout.installCommand}`,
  };
}

/** Said while the edit can still be taken back. */
function atTheBump(line: LineView, manifest: ManifestView, project: ProjectView): Diagnostic | undefined {
  const warning = bumpWarning(line, project);
  const severity = severityOf(project.settings.severity.signature ?? 'warning');
  if (warning === undefined || severity === undefined) return undefined;
  const { version, better, isNewScript } = warning;
  const parts = [
    ...(better === undefined
      ? []
      : [
          `earlier versions (last: ${oneLine(better.version)}, ${dateOf(better.publishedAt ?? 0)}) were published from CI with provenance, as the registry lists them; this one was not. Account takeovers look like this: check the release before installing`,
        ]),
    ...(isNewScript ? ['it runs an install script, which the installed version does not'] : []),
  ];
  return {
    range: rangeOfSpan(manifest.document, versionSpan(line)),
    severity,
    source: SOURCE,
    code: better === undefined ? 'new-install-script' : 'signature-downgrade',
    message: `${oneLine(line.dependency.packageName)} ${oneLine(version)}, which an install will take: ${parts.join('; ')}.`,
  };
}

/** What the branch takes that was published in another way than what it had. */
function publishedOtherwise(line: LineView, range: Range, project: ProjectView): Diagnostic | undefined {
  const since = project.settings.signatures ? publicationSince(line, project) : undefined;
  if (since === undefined) return undefined;
  // A downgrade is a finding, and says it with all that came before.
  const isSaid = line.own.some(({ kind }) => kind === 'signature');
  const changes = since.changes.filter(({ kind }) => kind !== 'provenance-lost' || !isSaid);
  const parts = publicationWords({ ...since, changes });
  const isGrave = changes.some(({ kind }) => kind === 'provenance-lost' || kind === 'other-repository');
  const severity = severityOf(project.settings.severity.signature ?? (isGrave ? 'warning' : 'information'));
  if (parts.length === 0 || severity === undefined) return undefined;
  return {
    range,
    severity,
    source: SOURCE,
    code: changes.length === 0 ? 'new-install-script' : 'publication-changed',
    message: `${lineTitle(line)}: ${oneLine(parts.join('; '), 400)}. ${oneLine(since.name, 100)} has ${oneLine(since.version)}.`,
  };
}

function unreadable({ span, message }: ManifestView['problems'][number], document: DocumentText): Diagnostic {
  return {
    range: rangeOfSpan(document, span),
    severity: DiagnosticSeverity.Information,
    source: SOURCE,
    code: 'not-read',
    message: `Not read: ${oneLine(message)}`,
  };
}

function strongest(findings: readonly Finding[], settings: Settings): Level {
  const levels = new Set(findings.map((finding) => levelOf(finding, settings)));
  return (['error', 'warning', 'information', 'hint'] as const).find((level) => levels.has(level)) ?? 'off';
}

/** File names keep their form. */
function capitalized(words: string): string {
  return words.startsWith('no ') ? `No ${words.slice(3)}` : words;
}

function sentence(text: string): string {
  const flat = oneLine(text);
  return /[.!?…]$/.test(flat) ? flat : `${flat}.`;
}

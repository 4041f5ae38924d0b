import { basename } from 'node:path';

import { MarkupKind, type Hover, type Position } from 'vscode-languageserver-types';

import type { Evidence } from '../core/evidence.ts';
import type { ImportUse } from '../core/import-use.ts';
import type { AdvisoryFinding } from '../core/finding.ts';
import type { RegistryVersion } from '../core/registry-package.ts';
import { blockedFix, planLine } from '../workspace/line-remedies.ts';
import { publicationSince } from '../workspace/publication-since.ts';
import type { LineView, ManifestView, ProjectView } from '../workspace/snapshot.ts';
import { upgradeCard } from '../workspace/upgrade-card.ts';
import { catalogPlace } from './catalog-place.ts';
import { publicationWords } from './change-words.ts';
import { decisionText } from './decision-words.ts';
import { escapeMarkdown, link } from './markdown.ts';
import { provenanceRows, signatureText } from './provenance-rows.ts';
import { lineAt, rangeOfSpan } from './ranges.ts';
import { upgradeRows } from './upgrade-rows.ts';
import {
  advisoryUrl,
  ageText,
  count,
  dateOf,
  epssText,
  heldBackText,
  lineTitle,
  ownAdvisories,
  severityText,
  whyNotLocked,
} from './words.ts';

const SHOWN_ADVISORIES = 8;
const SHOWN_PATHS = 5;

/**
 * The card of the dependency at a position: advisories, signature and health first, then the versions and the rest.
 * `now` is in milliseconds since the epoch. Everything remote is escaped; the Markdown needs no trust.
 */
export function hover(
  manifest: ManifestView,
  project: ProjectView,
  position: Position,
  now: number,
  uriOf: (path: string) => string,
): Hover | undefined {
  const line = lineAt(manifest, position);
  if (line === undefined) return undefined;
  const { nameSpan, valueSpan } = line.dependency;
  const card = [packageTitle(line, project), '', ...packageFacts(line, project, now, uriOf)];
  return {
    contents: { kind: MarkupKind.Markdown, value: card.join('\n') },
    range: rangeOfSpan(manifest.document, { start: nameSpan.start, end: valueSpan.end }),
  };
}

/** Which package a card is about. */
export function packageTitle(line: LineView, project: ProjectView): string {
  const { name, packageName } = line.dependency;
  const alias = name === packageName ? '' : ` (as ${escapeMarkdown(name)})`;
  return `**${escapeMarkdown(lineTitle(line))}**${alias}${installedNote(line, project)}`;
}

/** What a card says below its title. */
export function packageFacts(
  line: LineView,
  project: ProjectView,
  now: number,
  uriOf: (path: string) => string,
): string[] {
  return [
    ...catalogSection(line, project, uriOf),
    ...answers(line, now),
    '',
    ...versionSection(line, project),
    ...upgradeSection(line, project, now),
    ...advisoryList(line),
    ...decidedSection(line),
    ...broughtInSection(line),
  ];
}

/** What a `catalog:` stands for, and where that is written. */
function catalogSection(line: LineView, project: ProjectView, uriOf: (path: string) => string): string[] {
  const place = catalogPlace(line, project, uriOf);
  if (place === undefined) return [];
  const written = escapeMarkdown(line.catalogLine?.dependency.written ?? '');
  return [`**Catalog**: ${written} in ${link(basename(place.path), place.uri)}`, ''];
}

/** The three questions first; one answer where one reason stands in the way of all. */
function answers(line: LineView, now: number): string[] {
  const { advisories, signature, registry, scorecard } = line;
  const reasons = [advisories, signature, registry, scorecard].map((item) => (item.known ? undefined : item.reason));
  const [reason] = reasons;
  if (reason !== undefined && line.own.length === 0 && reasons.every((other) => other === reason)) {
    return [`**Advisories, signature, health**: unknown, because ${escapeMarkdown(reason)}`];
  }
  return [
    `**Advisories**: ${advisoryText(line, now)}  `,
    `**Signature**: ${signatureText(line.signature)}  `,
    ...provenanceRows(line.signature),
    `**Health**: ${healthText(line, now)}`,
  ];
}

function installedNote(line: LineView, project: ProjectView): string {
  if (line.pending && line.pending.madeFor === undefined) {
    return line.pending.locked === ''
      ? ' · not in the lockfile yet'
      : ` · ${escapeMarkdown(line.pending.written)} written, lockfile still has ${escapeMarkdown(line.pending.locked)}`;
  }
  if (line.version === undefined || line.source !== 'registry') return '';
  return line.isLocked ? ' · installed' : ` · highest in the range, ${escapeMarkdown(whyNotLocked(project))}`;
}

function advisoryText(line: LineView, now: number): string {
  const findings = ownAdvisories(line);
  const { advisories } = line;
  const worst = findings[0];
  if (worst === undefined && line.decided.length > 0 && advisories.known) {
    return `none open, ${String(line.decided.length)} decided, as of ${asOfText(advisories, now)}`;
  }
  if (worst === undefined) {
    return advisories.known
      ? `no known advisory as of ${asOfText(advisories, now)}`
      : `unknown, because ${escapeMarkdown(advisories.reason)}`;
  }
  const head = `**${String(findings.length)}, ${findings.length > 1 ? 'worst ' : ''}${worst.severity}**`;
  return advisories.known
    ? `${head} as of ${asOfText(advisories, now)}`
    : `${head}; there may be more, because ${escapeMarkdown(advisories.reason)}`;
}

function advisoryList(line: LineView): string[] {
  const findings = ownAdvisories(line);
  if (findings.length === 0) return [];
  const rows = findings.slice(0, SHOWN_ADVISORIES).map(advisoryRow);
  if (findings.length > SHOWN_ADVISORIES) rows.push(`- and ${String(findings.length - SHOWN_ADVISORIES)} more`);
  // Without words between them, two lists are one to Markdown.
  return ['**Affected by**:', '', ...rows, ''];
}

function decidedSection({ decided }: LineView): string[] {
  if (decided.length === 0) return [];
  const rows = decided.slice(0, SHOWN_ADVISORIES).map((item) => `- ${escapeMarkdown(decisionText(item), 600)}`);
  if (decided.length > SHOWN_ADVISORIES) rows.push(`- and ${String(decided.length - SHOWN_ADVISORIES)} more`);
  return ['**Decided**:', '', ...rows, ''];
}

function advisoryRow(finding: AdvisoryFinding): string {
  const { advisory, fixed, aliases } = finding.match;
  const cve = aliases.find((id) => id.startsWith('CVE-'));
  const parts = [
    `${link(advisory.id, advisoryUrl(advisory.id))} **${severityText(finding)}**${advisory.cvss ? ` (CVSS ${escapeMarkdown(advisory.cvss.version)})` : ''}`,
    escapeMarkdown(finding.summary, 200),
    fixed === undefined ? 'no fixed version' : `fixed in ${escapeMarkdown(fixed)}`,
  ];
  if (cve !== undefined) parts.push(escapeMarkdown(cve));
  if (finding.kev) parts.push(`**exploited**, in CISA KEV since ${escapeMarkdown(finding.kev.dateAdded)}`);
  if (finding.epss) parts.push(escapeMarkdown(epssText(finding.epss)));
  if (finding.matchedByName) parts.push('matched by name');
  return `- ${parts.join(' · ')}`;
}

function asOfText(evidence: Extract<Evidence<unknown>, { known: true }>, now: number): string {
  const age = now - evidence.asOf;
  const old = age > 48 * 3_600_000 ? ` (${ageText(age)} old)` : '';
  return `${dateOf(evidence.asOf)}${old} from ${escapeMarkdown(evidence.source)}`;
}

function healthText(line: LineView, now: number): string {
  const { registry, scorecard } = line;
  const facts: string[] = [];
  const deprecated = line.own.find(({ kind }) => kind === 'deprecated');
  if (deprecated) facts.push(`**deprecated**: ${escapeMarkdown(deprecated.summary)}`);
  facts.push(
    scorecard.known
      ? `Scorecard ${scorecard.value.score.toFixed(1)}/10 (${escapeMarkdown(scorecard.value.date.slice(0, 10))})`
      : `Scorecard unknown, because ${escapeMarkdown(scorecard.reason)}`,
  );
  // Only the registry tells the source repository, so that its reason is that of the Scorecard too.
  if (!registry.known && !scorecard.known) {
    return [...facts.slice(0, -1), `unknown, because ${escapeMarkdown(registry.reason)}`].join(' · ');
  }
  if (!registry.known) {
    facts.push(`age unknown, because ${escapeMarkdown(registry.reason)}`);
  } else if (!registry.value.hasTimes) {
    facts.push('age unknown, because the registry sends no publication dates');
  } else {
    const installed = installedRelease(line);
    if (installed?.publishedAt !== undefined) facts.push(`this version is ${ageText(now - installed.publishedAt)} old`);
    const last = registry.value.versions.reduce((latest, { publishedAt }) => Math.max(latest, publishedAt ?? 0), 0);
    if (last > 0) facts.push(`last release ${ageText(now - last)} ago`);
  }
  return facts.join(' · ');
}

const IMPORT_WORDS: Readonly<Record<ImportUse, string>> = {
  production: 'Imported by sources of this project',
  test: 'Imported by tests, scripts and configuration only',
  never: 'Imported by no source of this project; a script or a configuration may still use it',
};

function installedRelease(line: LineView): RegistryVersion | undefined {
  return line.registry.known ? line.registry.value.versions.find(({ version }) => version === line.version) : undefined;
}

function versionSection(line: LineView, project: ProjectView): string[] {
  if (line.version === undefined || line.source !== 'registry') return [];
  const { smallest, major } = planLine(line, project);
  const parts = [`${line.isLocked ? 'installed' : 'would be installed'} ${escapeMarkdown(line.version)}`];
  const clean = [smallest, major].find((candidate) => candidate?.leaves.length === 0);
  if (clean) parts.push(`no known advisory ${escapeMarkdown(clean.version)}${clean.verified ? '' : ' (proposed)'}`);
  if (line.registry.known) {
    const latest = line.registry.value.tags['latest'];
    if (latest !== undefined) parts.push(`latest ${escapeMarkdown(latest)}`);
  }
  const rows = [parts.join(' → ')];
  const blocked = blockedFix(line, project);
  if (blocked)
    rows.push(`Age gate: the fix ${escapeMarkdown(blocked.version)} is ${escapeMarkdown(heldBackText(blocked.until))}`);
  const since = publicationSince(line, project);
  if (since !== undefined) {
    const parts = [`${since.name} has ${since.version}`, ...publicationWords(since)];
    rows.push(parts.map((part) => escapeMarkdown(part, 400)).join(' · '));
  }
  const license = installedRelease(line)?.license;
  const notes = [
    ...(license === undefined ? [] : [`License ${escapeMarkdown(license)}`]),
    ...(line.imported === undefined ? [] : [IMPORT_WORDS[line.imported]]),
  ];
  if (notes.length > 0) rows.push(notes.join(' · '));
  return [rows.join('  \n'), ''];
}

/** What the versions that one may go to would change. */
function upgradeSection(line: LineView, project: ProjectView, now: number): string[] {
  const rows = upgradeRows(upgradeCard(line, project), now);
  return rows.length === 0 ? [] : ['**Upgrades**:', '', ...rows, ''];
}

function broughtInSection(line: LineView): string[] {
  if (line.brings.length === 0) return [];
  const packages = new Map<string, AdvisoryFinding[]>();
  for (const finding of line.brings) {
    const key = `${finding.package.name} ${finding.package.version}`;
    packages.set(key, [...(packages.get(key) ?? []), finding]);
  }
  const rows = [...packages].slice(0, SHOWN_PATHS).map(([title, findings]) => {
    const worst = findings[0];
    const ids = findings.slice(0, 3).map(({ ruleId }) => link(ruleId, advisoryUrl(ruleId)));
    const path = worst?.paths.find(([first]) => first === line.dependency.name) ?? worst?.paths[0] ?? [];
    const severity = worst ? severityText(worst) : '';
    return `- ${escapeMarkdown(title)} **${severity}** ${ids.join(', ')} by way of ${escapeMarkdown(path.join(' > '))}`;
  });
  if (packages.size > SHOWN_PATHS) rows.push(`- and ${String(packages.size - SHOWN_PATHS)} more`);
  return [`**Brings in** ${count(packages.size, 'affected package')}:`, '', ...rows];
}

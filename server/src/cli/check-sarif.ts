import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Decision } from '../core/decision.ts';
import { isAdvisoryFinding, type Finding } from '../core/finding.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { DocumentEdit } from '../core/text-edit.ts';
import { levelOf } from '../features/level.ts';
import { advisoryUrl } from '../features/words.ts';
import type { CheckResult } from './check-result.ts';
import type { CheckedFinding, PlacedRemedy, ShownPlace } from './checked-finding.ts';
import { isIncomplete } from './exit-code.ts';
import { jsonText } from './json.ts';
import { printable } from './printable.ts';
import { remedyVerb } from './remedy-words.ts';
import { shownPath } from './shown-path.ts';

const SHOWN_PATHS = 10;

export interface SarifContext {
  readonly version: string;
  readonly cwd: string;
}

/** The result as SARIF 2.1.0, for code scanning; docs/json.md says what goes in. */
export function checkSarif(result: CheckResult, { version, cwd }: SarifContext): string {
  const all = [...result.findings, ...result.known, ...result.decided.map(({ item }) => item)];
  const rules = [...new Map(all.map(({ finding }) => [finding.ruleId, finding])).values()];
  const indexes = new Map(rules.map(({ ruleId }, index) => [ruleId, index]));
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Provender',
            semanticVersion: version,
            informationUri: 'https://github.com/provender/provender',
            rules: rules.map(ruleOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          { executionSuccessful: !isIncomplete(result), toolExecutionNotifications: notifications(result) },
        ],
        results: [
          ...result.findings.map((item) => ({
            ...resultOf(item, indexes.get(item.finding.ruleId) ?? -1, cwd),
            ...(result.base === undefined ? {} : { baselineState: 'new' }),
          })),
          ...result.known.map((item) => ({
            ...resultOf(item, indexes.get(item.finding.ruleId) ?? -1, cwd),
            baselineState: 'unchanged',
          })),
          ...result.decided.map(({ item, decision, place }) => ({
            ...resultOf(item, indexes.get(item.finding.ruleId) ?? -1, cwd),
            suppressions: [suppressionOf(decision, place)],
          })),
        ],
      },
    ],
  });
}

function ruleOf(finding: Finding): object {
  const match = isAdvisoryFinding(finding) ? finding.match : undefined;
  const score = match?.advisory.cvss?.score;
  return {
    id: finding.ruleId,
    shortDescription: { text: plain(match?.advisory.summary ?? '') || plain(finding.ruleId) },
    ...(match === undefined ? {} : { helpUri: advisoryUrl(match.advisory.id) }),
    properties: {
      tags: ['security', finding.kind],
      ...(score === undefined ? {} : { 'security-severity': score.toFixed(1) }),
    },
  };
}

function resultOf(item: CheckedFinding, ruleIndex: number, cwd: string): object {
  const { finding, places, remedies, purl } = item;
  const [first, ...others] = places;
  const fixes = remedies.flatMap((placed) => fixOf(placed, cwd));
  const id = stableId(finding, first?.document ?? '');
  return {
    ruleId: finding.ruleId,
    ruleIndex,
    level: sarifLevel(finding),
    message: { text: messageOf(item) },
    locations: first === undefined ? [] : [locationOf(first)],
    relatedLocations: others.map((place, id) => ({ id, ...locationOf(place) })),
    // GitHub goes by the second name alone.
    partialFingerprints: { 'provenderFinding/v1': id, primaryLocationLineHash: `${id}:1` },
    ...(fixes.length > 0 ? { fixes } : {}),
    properties: { purl, severity: finding.severity, path: finding.paths },
  };
}

/** The decision stands in a file beside the code, so its kind is external. */
function suppressionOf({ reason }: Decision, place: ShownPlace): object {
  return {
    kind: 'external',
    status: 'accepted',
    ...(reason === '' ? {} : { justification: plain(reason) }),
    location: locationOf(place),
  };
}

function messageOf({ finding, remedies }: CheckedFinding): string {
  const { name, version } = finding.package;
  const fixed = isAdvisoryFinding(finding) ? finding.match.fixed : undefined;
  const [first] = remedies;
  const steps = finding.paths.filter((path) => path.length > 1).slice(0, SHOWN_PATHS);
  return [
    `${plain(name)} ${plain(version)} (${plain(finding.severity)}): ${plain(finding.summary)}`,
    ...(fixed === undefined ? [] : [`Fixed in ${plain(fixed)}.`]),
    ...(first === undefined
      ? []
      : [
          `${remedyVerb(first.remedy)} ${plain(first.remedy.package)} to ${plain(first.remedy.to)} (${first.remedy.state}).`,
        ]),
    ...steps.map((path) => `Brought in by ${plain(path.join(' > '))}`),
  ].join('\n');
}

/** Findings that are turned off in an editor stay in a report: they count for the exit code all the same. */
export function sarifLevel(finding: Finding): 'error' | 'warning' | 'note' {
  const level = levelOf(finding, DEFAULT_SETTINGS);
  return level === 'error' || level === 'warning' ? level : 'note';
}

/** Neither version nor line goes in, so that a bump that mends nothing, or a line that moves, opens no new alert. */
function stableId({ package: { ecosystem, name }, ruleId }: Finding, manifest: string): string {
  return createHash('sha256').update([ecosystem, name, ruleId, manifest].join('\u0000')).digest('hex').slice(0, 32);
}

function locationOf({ document, line, column }: ShownPlace): object {
  return {
    physicalLocation: { artifactLocation: artifactOf(document), region: { startLine: line, startColumn: column } },
  };
}

/** A document outside the folder that the command ran in has no place below the root of the sources. */
function artifactOf(document: string): object {
  if (isAbsolute(document)) return { uri: pathToFileURL(document).href };
  return { uri: document.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

function fixOf({ remedy }: PlacedRemedy, cwd: string): object[] {
  if (remedy.edits.length === 0) return [];
  const text = `${remedyVerb(remedy)} ${plain(remedy.package)} from ${plain(remedy.from)} to ${plain(remedy.to)} (${remedy.state})`;
  return [{ description: { text }, artifactChanges: remedy.edits.map((edit) => changeOf(edit, cwd)) }];
}

function changeOf({ path, span, newText }: DocumentEdit, cwd: string): object {
  return {
    artifactLocation: artifactOf(shownPath(path, cwd)),
    replacements: [
      {
        deletedRegion: { charOffset: span.start, charLength: span.end - span.start },
        insertedContent: { text: newText },
      },
    ],
  };
}

/** What keeps silence from meaning "no known advisory". */
function notifications({ problems, coverage }: CheckResult): object[] {
  return [
    ...problems.map(({ document, line, message }) => ({
      level: 'warning',
      message: { text: plain(message) },
      locations: [locationOf({ document, line, column: 1 })],
    })),
    ...coverage.unknown.map(({ name, version, reason }) => ({
      level: 'warning',
      message: { text: `${plain(name)} ${plain(version)} was not checked: ${plain(reason)}` },
    })),
  ];
}

/** Text from outside, bounded. In SARIF brackets make a link and braces a placeholder, unless they are escaped. */
function plain(text: string): string {
  return printable(text, 300)
    .replace(/[\\[\]]/g, '\\$&')
    .replace(/[{}]/g, '$&$&');
}

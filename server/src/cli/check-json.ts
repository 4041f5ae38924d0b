import type { Epss } from '../core/advisory.ts';
import type { Decision } from '../core/decision.ts';
import { isAdvisoryFinding } from '../core/finding.ts';
import { fingerprintOf } from '../core/fingerprint.ts';
import type { CheckResult } from './check-result.ts';
import type { CheckedFinding, ShownPlace } from './checked-finding.ts';
import { jsonText } from './json.ts';

/** The result as `schemaVersion` 1; docs/json.md describes it. */
export function checkJson({
  findings,
  known,
  base,
  decided,
  problems,
  hygiene,
  coverage,
  sources,
}: CheckResult): string {
  return jsonText({
    schemaVersion: 1,
    ...(base === undefined ? {} : { base: { name: base.name, commit: base.commit ?? null } }),
    findings: [
      ...findings.map((item) => (base === undefined ? findingJson(item) : { ...findingJson(item), new: true })),
      ...known.map((item) => ({ ...findingJson(item), new: false })),
      ...decided.map(({ item, decision, place }) => ({
        ...findingJson(item),
        decision: decisionJson(decision, place),
      })),
    ],
    problems: problems.map(({ document, line, message }) => ({ document, line, message })),
    hygiene: hygiene.map(({ code, message, place: { document, line, column } }) => {
      return { code, document, line, column, message };
    }),
    coverage: {
      checked: coverage.checked,
      unknown: coverage.unknown.map(({ name, version, reason }) => ({ name, version, reason })),
      skipped: coverage.skipped.map(({ name, reason }) => ({ name, reason })),
    },
    sources: sources.map(({ name, asOf, complete }) => ({
      name,
      asOf: asOf === undefined ? null : new Date(asOf).toISOString(),
      complete,
    })),
  });
}

function findingJson({ finding, purl, places, remedies }: CheckedFinding): object {
  const { ruleId, kind, severity, summary, paths } = finding;
  return {
    ruleId,
    fingerprint: fingerprintOf(finding),
    kind,
    severity,
    name: finding.package.name,
    version: finding.package.version,
    ecosystem: finding.package.ecosystem,
    purl,
    ...(isAdvisoryFinding(finding) ? advisoryFields(finding.match) : {}),
    summary,
    ...(isAdvisoryFinding(finding) && finding.epss !== undefined ? { epss: epssJson(finding.epss) } : {}),
    ...(isAdvisoryFinding(finding) && finding.match.fixed !== undefined ? { fixed: finding.match.fixed } : {}),
    paths,
    ...(finding.imported === undefined ? {} : { imported: finding.imported }),
    places: places.map(({ document, line, column }) => ({ document, line, column })),
    remedies: remedies.map(({ remedy }) => ({
      kind: remedy.kind,
      package: remedy.package,
      from: remedy.from,
      to: remedy.to,
      state: remedy.state,
      clears: remedy.clears,
      breaking: remedy.breaking,
      ...(remedy.command === undefined ? {} : { command: remedy.command }),
    })),
  };
}

function epssJson({ probability, percentile, date, model }: Epss): object {
  return { probability, percentile, date, ...(model === undefined ? {} : { model }) };
}

function decisionJson(
  { status, reason, author, decidedAt, until, untilFixed, tool }: Decision,
  place: ShownPlace,
): object {
  return {
    status,
    ...(reason === '' ? {} : { reason }),
    ...(author === undefined ? {} : { author }),
    ...(decidedAt === undefined ? {} : { date: dateText(decidedAt) }),
    ...(until === undefined ? (untilFixed ? { until: 'fixed' } : {}) : { until: dateText(until) }),
    tool,
    document: place.document,
    line: place.line,
    column: place.column,
  };
}

function dateText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function advisoryFields(match: {
  readonly advisory: { readonly id: string };
  readonly aliases: readonly string[];
}): object {
  return {
    advisory: match.advisory.id,
    ...(match.aliases.length > 0 ? { aliases: match.aliases } : {}),
  };
}

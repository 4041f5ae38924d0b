import type { InlayHint, Range } from 'vscode-languageserver-types';

import { upgradeSteps } from '../planner/upgrade-steps.ts';
import { planLine } from '../workspace/line-remedies.ts';
import type { LineView, ManifestView, ProjectView } from '../workspace/snapshot.ts';
import { linesIn } from './ranges.ts';
import { count, ownAdvisories } from './words.ts';

/** At the end of a dependency's line: what is installed, a one-word verdict, and the newer version. */
export function inlayHints(manifest: ManifestView, project: ProjectView, range: Range): InlayHint[] {
  const { inline } = project.settings;
  if (inline === 'off') return [];
  return linesIn(manifest, range).flatMap((line) => {
    const label = labelOf(line, project, inline === 'all');
    if (label === undefined) return [];
    const { lines } = manifest.document;
    const position = lines.endOfLine(lines.positionAt(line.dependency.valueSpan.end).line);
    return [{ position, label, paddingLeft: true }];
  });
}

function labelOf(line: LineView, project: ProjectView, always: boolean): string | undefined {
  const verdict = verdictOf(line, project);
  if (verdict === undefined && !always) return undefined;
  if (line.version === undefined) return verdict ?? 'not checked';
  const newer = newerVersion(line, project);
  return [line.version, verdict ?? calmVerdict(line), newer].filter((part) => part !== undefined).join(' · ');
}

/** What needs attention; undefined when nothing does. */
function verdictOf(line: LineView, project: ProjectView): string | undefined {
  const own = ownAdvisories(line);
  const worst = own[0];
  if (worst?.kind === 'malware') return 'malware';
  if (line.own.some((finding) => finding.kind === 'signature' && finding.signature.verdict === 'invalid')) {
    return 'invalid signature';
  }
  if (worst) return `${worst.severity}${own.length > 1 ? ` (${String(own.length)})` : ''}`;
  const brought = new Set(line.brings.map(({ package: { name } }) => name)).size;
  if (brought > 0) return `brings in ${count(brought, 'affected package')}`;
  if (line.own.some(({ kind }) => kind === 'deprecated')) return 'deprecated';
  if (line.pending) return 'waiting for install';
  const { scorecardThreshold } = project.settings;
  if (line.scorecard.known && line.scorecard.value.score < scorecardThreshold) {
    return `Scorecard ${line.scorecard.value.score.toFixed(1)}`;
  }
  return undefined;
}

function calmVerdict(line: LineView): string {
  if (line.source !== 'registry') return line.source;
  return line.advisories.known ? 'no known advisory' : 'not checked';
}

/** The fix where there is one, else the newest version by the smallest step. */
function newerVersion(line: LineView, project: ProjectView): string | undefined {
  const { smallest, major } = planLine(line, project);
  const fix = smallest ?? major;
  if (fix) return `→ ${fix.version}`;
  if (!line.registry.known || line.version === undefined) return undefined;
  const steps = upgradeSteps(line.version, line.registry.value, project.ecosystem.versions);
  for (const step of ['patch', 'minor', 'major'] as const) {
    const target = steps[step];
    if (target) return `${step} ${target.version}`;
  }
  return undefined;
}

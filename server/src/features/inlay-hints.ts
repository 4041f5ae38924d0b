import type { InlayHint, Range } from 'vscode-languageserver-types';

import { isExploited } from '../core/rank-findings.ts';
import { upgradeSteps } from '../planner/upgrade-steps.ts';
import { planLine } from '../workspace/line-remedies.ts';
import type { LineView, ManifestView, ProjectView } from '../workspace/snapshot.ts';
import { linesIn } from './ranges.ts';
import { VERDICT_MARKS, VERDICT_WORDS } from './verdict-words.ts';
import { count, oneLine, ownAdvisories } from './words.ts';

const WAITING = 'waiting for install';

/** At the end of a dependency's line: what is installed, a one-word verdict, and the newer version. */
export function inlayHints(manifest: ManifestView, project: ProjectView, range: Range): InlayHint[] {
  const { inline } = project.settings;
  if (inline === 'off') return [];
  return linesIn(manifest, range).flatMap((line) => {
    const label = labelOf(line, project, inline === 'all');
    if (label === undefined) return [];
    const { lines } = manifest.document;
    const position = lines.endOfLine(lines.positionAt(line.dependency.valueSpan.end).line);
    return [{ position, label: oneLine(label), paddingLeft: true }];
  });
}

function labelOf(line: LineView, project: ProjectView, always: boolean): string | undefined {
  const verdict = verdictOf(line, project);
  if (verdict === undefined && !always) return undefined;
  if (line.version === undefined) return verdict ?? 'not checked';
  return `${line.version} · ${verdict ?? calmVerdict(line)}${nextWords(line, project)}`;
}

/** What needs attention; undefined when nothing does. */
function verdictOf(line: LineView, project: ProjectView): string | undefined {
  const own = ownAdvisories(line);
  const worst = own[0];
  if (worst?.kind === 'malware') return 'malware';
  const signature = line.own.find((finding) => finding.kind === 'signature')?.signature.verdict;
  if (signature === 'invalid') return VERDICT_MARKS.invalid;
  if (worst) {
    const word = own.some(isExploited) ? 'exploited' : worst.severity;
    return `${word}${own.length > 1 ? ` (${String(own.length)})` : ''}`;
  }
  const brought = new Set(line.brings.map(({ package: { name } }) => name)).size;
  if (brought > 0) return `brings in ${count(brought, 'affected package')}`;
  if (line.doubtful.length > 0) return `brings in ${VERDICT_WORDS[line.doubtful[0]?.signature.verdict ?? 'invalid']}`;
  if (signature !== undefined && signature !== 'unverifiable') return VERDICT_MARKS[signature];
  if (line.own.some(({ kind }) => kind === 'deprecated')) return 'deprecated';
  if (isWaiting(line)) return WAITING;
  const { scorecardThreshold } = project.settings;
  if (line.scorecard.known && line.scorecard.value.score < scorecardThreshold) {
    return `Scorecard ${line.scorecard.value.score.toFixed(1)}`;
  }
  return undefined;
}

/** True when an install will change what is installed. */
function isWaiting({ pending }: LineView): boolean {
  return pending !== undefined && pending.madeFor === undefined;
}

function calmVerdict(line: LineView): string {
  if (line.source !== 'registry') return line.source;
  if (!line.advisories.known) return 'not checked';
  const said = line.decided.length > 0 ? `${String(line.decided.length)} decided` : 'no known advisory';
  const mark = line.signature.known ? VERDICT_MARKS[line.signature.value.verdict] : '';
  return mark === '' ? said : `${said} · ${mark}`;
}

/** What is written already, else the fix where there is one, else the newest version by the smallest step. */
function nextWords(line: LineView, project: ProjectView): string {
  if (isWaiting(line)) return ownAdvisories(line).length > 0 ? ` · ${WAITING}` : '';
  const { smallest, major } = planLine(line, project);
  const fix = smallest ?? major;
  if (fix) return ` → ${fix.version}${fix.leaves.length > 0 ? ` clears ${String(fix.clears.length)}` : ''}`;
  if (!line.registry.known || line.version === undefined) return '';
  const steps = upgradeSteps(line.version, line.registry.value, project.ecosystem.versions);
  for (const step of ['patch', 'minor', 'major'] as const) {
    const target = steps[step];
    if (target) return ` · ${step} ${target.version}`;
  }
  return '';
}

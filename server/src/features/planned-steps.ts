import { isAbsolute, relative } from 'node:path';

import type { Remedy } from '../core/remedy.ts';
import type { PlanResult } from '../protocol.ts';
import type { PlanStep, WorkspacePlan } from '../workspace/workspace-plan.ts';
import { count, oneLine, severityText } from './words.ts';

/** The steps of a plan for people, with a title that says what they clear together. */
export function plannedSteps(plan: WorkspacePlan, folders: readonly string[]): Omit<PlanResult, 'missing'> {
  return {
    title: planTitle(plan),
    steps: plan.steps.map((step) => ({
      id: step.id,
      label: stepLabel(step),
      description: stepDescription(step),
      detail: stepDetail(step, folders),
    })),
  };
}

/** "7 edits clear 214 of 300 findings". */
function planTitle({ steps, cleared, open }: WorkspacePlan): string {
  if (steps.length === 0) return open === 0 ? 'No open finding' : 'No fix that should break nothing is known';
  const verb = steps.length === 1 ? 'step clears' : 'steps clear';
  return `${String(steps.length)} ${verb} ${String(cleared)} of ${count(open, 'finding')}`;
}

/** "Upgrade lodash 4.17.20 → 4.17.21". */
export function stepLabel({ remedy: { kind, package: name, from, to } }: PlanStep): string {
  return oneLine(`${VERBS[kind]} ${name} ${from} → ${to}`);
}

const VERBS: Readonly<Record<Remedy['kind'], string>> = {
  upgrade: 'Upgrade',
  parent: 'Upgrade',
  refresh: 'Refresh',
  lock: 'Refresh',
  override: 'Override',
  remove: 'Remove',
};

/** "clears 3 findings, worst critical 9.8 · verified". */
function stepDescription({ remedy, clears }: PlanStep): string {
  const [worst] = clears;
  const severity = worst === undefined ? '' : `, worst ${severityText(worst)}`;
  const state = remedy.state === 'verified' ? 'verified' : 'proposed: not all was looked up';
  return `clears ${count(clears.length, 'finding')}${severity} · ${state}`;
}

/** The documents that it changes, or the command that does it. */
function stepDetail({ remedy, late, command }: PlanStep, folders: readonly string[]): string {
  if (command !== undefined) return oneLine(`by ${command}`);
  const paths = new Set([...remedy.edits, ...late].map(({ path }) => shownIn(path, folders)));
  return oneLine([...paths].join(', '), 300);
}

function shownIn(path: string, folders: readonly string[]): string {
  for (const folder of folders) {
    const inside = relative(folder, path);
    if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)) return inside.replaceAll('\\', '/');
  }
  return path;
}

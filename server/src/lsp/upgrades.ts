import type { CancellationToken } from 'vscode-languageserver';

import { rangeOfSpan } from '../features/ranges.ts';
import { clearedWords, count, oneLine, ownAdvisories } from '../features/words.ts';
import type { PlannedUpgrade, UpgradeParams, UpgradeResult } from '../protocol.ts';
import { rangeOf } from '../workspace/line-remedies.ts';
import { lookUp, type Lookup } from '../workspace/look-up.ts';
import { isCandidate, plannedUpgrades, type LineUpgrade } from '../workspace/planned-upgrades.ts';
import type { LineView, ManifestView, ProjectView, Snapshot } from '../workspace/snapshot.ts';
import { cancellableJob } from './cancellable-job.ts';
import { pathOf } from './convert.ts';
import type { Session } from './session.ts';

/** The edits of every planned upgrade, after what is not known of their packages was looked up. */
export async function provideUpgrades(
  session: Session,
  params: UpgradeParams,
  token: CancellationToken,
): Promise<UpgradeResult> {
  await lookUpCandidates(session, params, token);
  const { snapshot } = session;
  const found = manifestsFor(snapshot, params).flatMap(({ project, manifests }) =>
    plannedUpgrades(manifests, project, params),
  );
  return {
    title: titleOf(params, found.length),
    missing: missingWords(candidates(snapshot, params).map(({ line }) => line)),
    upgrades: found.flatMap((upgrade) => wireUpgrade(session, snapshot, upgrade)),
  };
}

async function lookUpCandidates(session: Session, params: UpgradeParams, token: CancellationToken): Promise<void> {
  const { world, workspace } = await session.running();
  if (!world.isOnline()) return;
  await cancellableJob(session, 'Provender: looking up upgrades', token, async (signal, progress) => {
    const due = lookupsOf(session.snapshot, params);
    await lookUp(world.knowledge, due, signal, (done) => progress.report(done, due.length));
  });
  workspace.flush();
}

/** Each package once, in whatever versions and by however many members it is asked for. */
function lookupsOf(snapshot: Snapshot | undefined, params: UpgradeParams): Lookup[] {
  const lookups = new Map<string, Lookup>();
  for (const { line, project } of candidates(snapshot, params)) {
    const { subject } = line;
    if (subject === undefined) continue;
    lookups.set(`${subject.registry}\n${subject.name}`, { subject, policy: project.policy });
  }
  return [...lookups.values()];
}

interface Candidate {
  readonly line: LineView;
  readonly project: ProjectView;
}

function candidates(snapshot: Snapshot | undefined, params: UpgradeParams): Candidate[] {
  return manifestsFor(snapshot, params).flatMap(({ project, manifests }) =>
    manifests.flatMap(({ lines }) =>
      lines.filter((line) => isCandidate(line, params)).map((line) => ({ line, project })),
    ),
  );
}

function manifestsFor(
  snapshot: Snapshot | undefined,
  { uri }: UpgradeParams,
): { readonly project: ProjectView; readonly manifests: readonly ManifestView[] }[] {
  const path = uri === undefined ? undefined : pathOf(uri);
  return (snapshot?.projects ?? []).map((project) => ({
    project,
    manifests: project.manifests.filter(({ document }) => uri === undefined || document.path === path),
  }));
}

function titleOf({ step, onlyFindings }: UpgradeParams, edits: number): string {
  if (edits === 0) {
    if (step === 'fix') return 'No finding has a fix that breaks nothing';
    return onlyFindings ? `No ${step} upgrade that clears a finding is known` : `No ${step} upgrade is known`;
  }
  return `${whatOf(step, onlyFindings)}: ${count(edits, 'edit')}`;
}

function whatOf(step: UpgradeParams['step'], onlyFindings: boolean): string {
  if (step === 'fix') return 'Fix without breaking';
  return onlyFindings
    ? `Clear findings by steps up to ${step}`
    : `Upgrade to the newest ${step} version without a known advisory`;
}

const SHOWN_MISSING = 3;

/** The packages whose registry did not answer, and why the first of them is unknown. */
function missingWords(lines: readonly LineView[]): string {
  const reasons = new Map<string, string>();
  for (const { subject, registry } of lines) {
    if (subject !== undefined && !registry.known) reasons.set(subject.name, registry.reason);
  }
  const names = [...reasons.keys()].sort();
  if (names.length === 0) return '';
  const more = names.length > SHOWN_MISSING ? ` and ${String(names.length - SHOWN_MISSING)} more` : '';
  const shown = names.slice(0, SHOWN_MISSING).join(', ');
  return oneLine(
    `The versions of ${count(names.length, 'package')} are unknown (${shown}${more}): ${reasons.get(names[0] ?? '') ?? ''}`,
    400,
  );
}

function wireUpgrade(session: Session, snapshot: Snapshot | undefined, upgrade: LineUpgrade): PlannedUpgrade[] {
  const { line, to, edit } = upgrade;
  const document = snapshot?.manifests.get(edit.path)?.document;
  if (document === undefined) return [];
  return [
    {
      label: oneLine(`${line.dependency.packageName} ${line.version ?? ''} → ${to}`),
      description: descriptionOf(upgrade),
      uri: session.uris.uriOf(edit.path),
      version: document.version ?? null,
      range: rangeOfSpan(document, edit.span),
      oldText: rangeOf(line) ?? '',
      newText: edit.newText,
      breaking: upgrade.breaking,
    },
  ];
}

/** "patch · clears 3 advisories", "major, may break · proposed". */
function descriptionOf({ line, step, breaking, clears, isVerified }: LineUpgrade): string {
  const size = `${step ?? 'unclear'}${breaking ? ', may break' : ''}`;
  const cleared = clearedWords(clears, ownAdvisories(line).length);
  return [size, cleared, isVerified ? '' : 'proposed: not all was looked up']
    .filter((words) => words !== '')
    .join(' · ');
}

import type { Connection } from 'vscode-languageserver';

import { plannedUpgrades, type LineUpgrade } from '../features/code-actions/fix-all.ts';
import { dependencyTree } from '../features/dependency-tree.ts';
import { rangeOfSpan } from '../features/ranges.ts';
import { clearedWords, count, oneLine, ownAdvisories } from '../features/words.ts';
import {
  CHECK_NOW_REQUEST,
  CLEAR_REQUEST,
  CONSENT_REQUEST,
  IMPORT_REQUEST,
  RISKS_REQUEST,
  UPGRADE_REQUEST,
  type ConsentParams,
  type ImportParams,
  type ImportResult,
  type PlannedUpgrade,
  type RisksParams,
  type RisksResult,
  type UpgradeParams,
  type UpgradeResult,
} from '../protocol.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { pathOf } from './convert.ts';
import type { Session } from './session.ts';

/** Answers the requests that are ours and not the protocol's. */
export function registerCustomRequests(connection: Connection, session: () => Session): void {
  connection.onRequest(RISKS_REQUEST, (params: RisksParams) => risks(session(), params));
  connection.onRequest(CHECK_NOW_REQUEST, () => checkNow(session()));
  connection.onRequest(CONSENT_REQUEST, (params: ConsentParams) => session().consentGiven(params.answer));
  connection.onRequest(IMPORT_REQUEST, (params: ImportParams) => importAdvisories(session(), params));
  connection.onRequest(CLEAR_REQUEST, () => clearStored(session()));
  connection.onRequest(UPGRADE_REQUEST, (params: UpgradeParams) => upgrades(session(), params));
}

function risks(session: Session, params: RisksParams): RisksResult {
  const { snapshot } = session;
  if (snapshot === undefined) return { groups: [], badge: 0, coverage: '' };
  return dependencyTree(snapshot, params, session.uris.uriOf);
}

async function checkNow(session: Session): Promise<void> {
  const { workspace, refresher } = await session.running();
  await workspace.rescan();
  await refresher.force();
  workspace.flush();
}

async function importAdvisories(session: Session, { paths, complete }: ImportParams): Promise<ImportResult> {
  const { world, workspace } = await session.running();
  const message = await world.importAdvisories(paths, complete, new AbortController().signal, (text) =>
    session.log.info(text),
  );
  workspace.flush();
  return { message };
}

async function clearStored(session: Session): Promise<void> {
  const { world, workspace, refresher } = await session.running();
  await world.clearStored();
  workspace.flush();
  // What was forgotten is asked for again, as far as anybody may be asked.
  await refresher.force();
}

function upgrades(session: Session, { uri, step }: UpgradeParams): UpgradeResult {
  const { snapshot } = session;
  const path = uri === undefined ? undefined : pathOf(uri);
  const found = (snapshot?.projects ?? []).flatMap((project) => {
    const manifests = project.manifests.filter(({ document }) => path === undefined || document.path === path);
    return plannedUpgrades(manifests, project, step);
  });
  return {
    title: titleOf(step, found.length),
    upgrades: found.flatMap((upgrade) => wireUpgrade(session, snapshot, upgrade)),
  };
}

function titleOf(step: UpgradeParams['step'], edits: number): string {
  if (edits === 0) {
    return step === 'fix' ? 'No finding has a fix that breaks nothing' : `No ${step} upgrade is known`;
  }
  const what = step === 'fix' ? 'Fix without breaking' : `Upgrade to the newest ${step} version`;
  return `${what}: ${count(edits, 'edit')}`;
}

function wireUpgrade(session: Session, snapshot: Snapshot | undefined, upgrade: LineUpgrade): PlannedUpgrade[] {
  const { line, to, clears, edit } = upgrade;
  const document = snapshot?.manifests.get(edit.path)?.document;
  if (document === undefined) return [];
  return [
    {
      label: oneLine(`${line.dependency.packageName} ${line.version ?? ''} → ${to}`),
      description: clearedWords(clears, ownAdvisories(line).length),
      uri: session.uris.uriOf(edit.path),
      version: document.version ?? null,
      range: rangeOfSpan(document, edit.span),
      newText: edit.newText,
    },
  ];
}

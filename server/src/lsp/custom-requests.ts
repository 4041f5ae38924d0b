import type { CancellationToken, Connection } from 'vscode-languageserver';

import { dependencyTree } from '../features/dependency-tree.ts';
import {
  CHECK_NOW_REQUEST,
  CLEAR_REQUEST,
  CONSENT_REQUEST,
  DECIDE_REQUEST,
  IMPORT_REQUEST,
  PLAN_EDITS_REQUEST,
  PLAN_REQUEST,
  REVIEW_REQUEST,
  RISKS_REQUEST,
  UNDECIDE_REQUEST,
  UPDATE_ADVISORIES_REQUEST,
  UPGRADE_REQUEST,
  type ConsentParams,
  type DecideParams,
  type ImportParams,
  type ImportResult,
  type PlanEditsParams,
  type ReviewParams,
  type RisksParams,
  type RisksResult,
  type UndecideParams,
  type UpgradeParams,
} from '../protocol.ts';
import { updateAdvisories } from './advisory-updates.ts';
import { provideDecision, provideUndecision } from './decisions.ts';
import { providePlan, providePlanEdits } from './plans.ts';
import { provideReview } from './reviews.ts';
import type { Session } from './session.ts';
import { provideUpgrades } from './upgrades.ts';

/** Answers the requests that are ours and not the protocol's. */
export function registerCustomRequests(connection: Connection, session: () => Session): void {
  connection.onRequest(RISKS_REQUEST, (params: RisksParams) => risks(session(), params));
  connection.onRequest(CHECK_NOW_REQUEST, () => checkNow(session()));
  connection.onRequest(CONSENT_REQUEST, (params: ConsentParams) => session().consentGiven(params.answer));
  connection.onRequest(IMPORT_REQUEST, (params: ImportParams) => importAdvisories(session(), params));
  connection.onRequest(UPDATE_ADVISORIES_REQUEST, (_params: object, token: CancellationToken) =>
    updateAdvisories(session(), token),
  );
  connection.onRequest(CLEAR_REQUEST, () => clearStored(session()));
  connection.onRequest(UPGRADE_REQUEST, (params: UpgradeParams, token: CancellationToken) =>
    provideUpgrades(session(), params, token),
  );
  connection.onRequest(DECIDE_REQUEST, (params: DecideParams) => provideDecision(session(), params));
  connection.onRequest(UNDECIDE_REQUEST, (params: UndecideParams) => provideUndecision(session(), params));
  connection.onRequest(PLAN_REQUEST, (_params: object, token: CancellationToken) => providePlan(session(), token));
  connection.onRequest(PLAN_EDITS_REQUEST, (params: PlanEditsParams) => providePlanEdits(session(), params));
  connection.onRequest(REVIEW_REQUEST, (params: ReviewParams, token: CancellationToken) =>
    provideReview(session(), params, token),
  );
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

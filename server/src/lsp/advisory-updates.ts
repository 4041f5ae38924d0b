import type { CancellationToken } from 'vscode-languageserver';

import type { UpdateAdvisoriesResult } from '../protocol.ts';
import { describeUpdate } from '../sources/describe-update.ts';
import { cancellableJob } from './cancellable-job.ts';
import type { Session } from './session.ts';

/** Brings the local database up to date because the user asked for it. */
export async function updateAdvisories(session: Session, token: CancellationToken): Promise<UpdateAdvisoriesResult> {
  const { world, workspace } = await session.running();
  if (!world.mayGoOnline) return { message: 'Provender is offline by its settings: nothing was asked' };
  return cancellableJob(session, 'Provender: updating the advisory database', token, async (signal, progress) => {
    const outcome = await world.updateAdvisories({ signal, onProgress: (message) => progress.say(message) });
    workspace.flush();
    return { message: describeUpdate(outcome) };
  });
}

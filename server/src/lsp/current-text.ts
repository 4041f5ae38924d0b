import type { CurrentText } from './convert.ts';
import type { Session } from './session.ts';

/** A document's text as the editor holds it, else as it is on disk; undefined when it cannot be read. */
export async function currentText(session: Session, path: string): Promise<CurrentText | undefined> {
  const { world, workspace } = await session.running();
  const open = workspace.openText(path);
  if (open !== undefined) return open;
  const text = await world.files.readText(path);
  return text === undefined ? undefined : { text, version: undefined };
}

import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { ECOSYSTEMS } from '../ecosystems/all.ts';
import { excludeMatcher } from '../core/exclude-matcher.ts';
import type { ListInvocation } from './arguments.ts';
import { paintFor } from './colors.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { findTarget, nothingFound } from './find-target.ts';
import { jsonText } from './json.ts';
import { listDocuments, type ListedDocument } from './list-documents.ts';
import { listTable } from './list-table.ts';
import { shownPath } from './shown-path.ts';

/** `provender list`: everything that the lockfiles install. Opens no database and asks nobody. */
export async function list({ path, format }: ListInvocation, io: CommandLineIo): Promise<number> {
  const target = await findTarget(path, io.cwd, io.files, ECOSYSTEMS);
  const exclude = excludeMatcher(target, DEFAULT_SETTINGS.exclude);
  const documents: ListedDocument[] = [];
  for (const ecosystem of ECOSYSTEMS) {
    for (const layout of await ecosystem.discover(io.files, target, { ceiling: undefined, exclude })) {
      io.signal.throwIfAborted();
      documents.push(...(await listDocuments(layout, ecosystem, io.files)));
    }
  }
  if (documents.length === 0) throw nothingFound(path, ECOSYSTEMS);
  const shown = documents.map((document) => ({ ...document, path: shownPath(document.path, io.cwd) }));
  io.signal.throwIfAborted();
  await io.stdout.write(
    format === 'json' ? jsonText({ schemaVersion: 1, documents: shown }) : listTable(shown, paintFor(io)),
  );
  return 0;
}

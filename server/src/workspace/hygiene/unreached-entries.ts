import { basename } from 'node:path';
import type { HygieneIssue } from '../../core/hygiene.ts';
import type { LockEntry, Lockfile } from '../../core/lockfile.ts';
import { IN_BUNDLE } from '../../core/package.ts';
import type { ProjectInput } from '../project-input.ts';
import { someNames } from './some-names.ts';

/**
 * The entries of a lockfile that no member asks for, neither itself nor by way of others: one issue with their number. Only
 * where that is certain: all of the lockfile and all manifests were read, and no folder outside of the project, which may
 * ask for more, is linked.
 */
export function unreachedEntries(
  { manifests, lockfile, layout, ecosystem }: ProjectInput,
  graph: Lockfile,
  left: readonly LockEntry[],
): HygieneIssue[] {
  const [first] = left;
  if (first === undefined) return [];
  if (lockfile === undefined || lockfile.parsed.problems.length > 0) return [];
  const isWhole = manifests.every(({ document }) => document.parsed.problems.length === 0);
  if (!isWhole || manifests.length < layout.manifests.length || !hasMembers(graph)) return [];
  if (layout.isPart === true || graph.entries.some(({ source }) => source === 'link')) return [];
  const number = left.length === 1 ? '1 entry' : `${String(left.length)} entries`;
  const names = someNames(left.map(({ name, version }) => `${name} ${version}`));
  return [
    {
      code: 'unreached',
      place: { path: lockfile.path, span: { start: first.start, end: first.end } },
      message: `${basename(lockfile.path)} has ${number} that nobody asks for: ${names}. Run: ${ecosystem.transitive.pruneCommand(layout)}`,
    },
  ];
}

/** A lockfile without any member that asks for something is one that was not understood. */
function hasMembers({ importers }: Lockfile): boolean {
  return importers.some(({ dependencies }) => dependencies.length > 0);
}

/** The entries that nobody asks for, as far as the lockfile tells. */
export function unreached({ entries, importers, tools }: Lockfile): LockEntry[] {
  const reached = new Uint8Array(entries.length);
  const open: number[] = [...tools];
  for (const { dependencies } of importers) for (const { entry } of dependencies) open.push(entry);
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (index < 0 || reached[index] === 1) continue;
    reached[index] = 1;
    for (const edge of entries[index]?.edges ?? []) if (reached[edge] === 0) open.push(edge);
  }
  return entries.filter((entry, index) => reached[index] === 0 && isInstalledByRequest(entry));
}

/** Members, and what lies in the archive of another package, are there whether or not somebody asks for them. */
function isInstalledByRequest({ source, name, scopes }: LockEntry): boolean {
  return source !== 'workspace' && name !== '' && (scopes & IN_BUNDLE) === 0;
}

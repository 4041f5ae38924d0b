import type { HygieneIssue } from '../../core/hygiene.ts';
import type { Lockfile } from '../../core/lockfile.ts';
import type { ProjectInput } from '../project-input.ts';
import { secondLockfiles } from './second-lockfiles.ts';
import { unaskedDependencies } from './unasked-dependencies.ts';
import { unreachedEntries } from './unreached-entries.ts';

/** What is out of order between the documents of a project; its lines that wait for an install say so themselves. */
export function projectHygiene(input: ProjectInput, graph: Lockfile): HygieneIssue[] {
  return [...secondLockfiles(input.layout), ...unaskedDependencies(input, graph), ...unreachedEntries(input, graph)];
}

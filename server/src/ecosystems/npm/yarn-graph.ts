import type { LockEntry } from '../../core/lockfile.ts';
import type { YarnDescriptors } from './yarn-descriptors.ts';

/** A dependency of a member, as berry's lockfile lists it. */
export interface YarnAsk {
  readonly name: string;
  readonly range: string;
  /** -1 when no key answers it. */
  readonly entry: number;
}

/** What is kept of a `yarn.lock` to be completed by manifests. Nothing in it is a slice of the lockfile's text. */
export interface YarnGraph {
  readonly format: string;
  readonly isBerry: boolean;
  readonly entries: readonly LockEntry[];
  /** By entry: how many of its edges are not optional. Those come first. Undefined when all are required. */
  readonly required: readonly (number | undefined)[];
  readonly descriptors: YarnDescriptors;
  readonly workspaces: readonly { readonly path: string; readonly entry: number; readonly asks: readonly YarnAsk[] }[];
  /** What packages ask for and no key answers: `resolutions` of the root's manifest may. */
  readonly unanswered: readonly { readonly from: number; readonly name: string; readonly range: string }[];
}

/** A range as the manifest has it: lockfiles of yarn 4 write `npm:` before it. */
export function specifierOf({ range }: YarnAsk): string {
  return range.startsWith('npm:') && !range.includes('@') ? range.slice('npm:'.length) : range;
}

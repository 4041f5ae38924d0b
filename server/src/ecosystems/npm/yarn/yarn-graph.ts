import type { LockEntry } from '../../../core/lockfile.ts';
import type { YarnDescriptors } from './yarn-descriptors.ts';

/** What stands under one key, as far as the graph is made of it. */
export interface YarnPart {
  /** Holds nothing of the lockfile's text, since the graph keeps pieces of it. */
  readonly key: string;
  /** The lines of its dependencies. It may be a view of the whole text, and goes when the graph is made. */
  readonly block: string;
  readonly entry: number;
  /** The folder of a workspace member, relative to the lockfile's (`.` for the root); undefined for all else. */
  readonly workspace: string | undefined;
}

/** A dependency of a member, as berry's lockfile lists it. */
export interface YarnAsk {
  readonly name: string;
  readonly range: string;
  /** -1 when no key answers it. */
  readonly entry: number;
}

/** Who asks for what in a `yarn.lock`, to be completed by manifests. */
export interface YarnGraph {
  readonly isBerry: boolean;
  readonly entries: readonly LockEntry[];
  /** By entry: the entries that it brings in, those that are not optional first. */
  readonly edges: readonly (readonly number[])[];
  /** By entry: how many of its edges are not optional; undefined when all are. */
  readonly required: readonly (number | undefined)[];
  readonly descriptors: YarnDescriptors;
  readonly workspaces: readonly { readonly path: string; readonly entry: number; readonly asks: readonly YarnAsk[] }[];
  /** Names that packages of other names are installed under. */
  readonly aliases: ReadonlySet<string>;
  /** What packages ask for and no key answers: `resolutions` of the root's manifest may. */
  readonly unanswered: readonly { readonly from: number; readonly name: string; readonly range: string }[];
}

/** A range as the manifest has it: lockfiles of yarn 4 write `npm:` before it. */
export function specifierOf({ range }: YarnAsk): string {
  return range.startsWith('npm:') && !range.includes('@') ? range.slice('npm:'.length) : range;
}

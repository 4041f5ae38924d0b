import type { Files } from '../core/ports.ts';
import { reviewChanges, type ChangeReview } from './change-review.ts';
import { lookUp, lookupKey, type Lookup } from './look-up.ts';
import { readBase } from './read-base.ts';
import type { ReadingWorld, Target } from './read-projects.ts';
import type { ProjectView } from './snapshot.ts';

/** What came is looked up one by one, since its age and signature are of interest. */
const MAX_LOOKUPS = 300;

export interface ReviewRequest extends Target {
  /** Those of the earlier state; undefined when there is none, and everything is new. */
  readonly files: Files | undefined;
  /** Reads the projects as they are now, with all that is known by then. */
  readonly current: () => Promise<readonly ProjectView[]>;
  readonly isOnline: boolean;
  readonly onProgress: (message: string) => void;
}

/** Reviews what changed since an earlier state. What did not change is the same in both, so nobody is asked about it. */
export async function reviewSince(world: ReadingWorld, request: ReviewRequest): Promise<ChangeReview> {
  const { files, isOnline, current, onProgress } = request;
  const readThen = async (
    now: readonly ProjectView[],
    names: ReadonlySet<string> | undefined,
  ): Promise<readonly ProjectView[] | undefined> => {
    if (files === undefined) return undefined;
    const isWanted = names && (({ name }: { readonly name: string }) => names.has(name));
    return readBase(world, { ...request, files, current: now, isWanted });
  };
  onProgress('reading both states');
  const first = await current();
  const unasked = reviewChanges(await readThen(first, undefined), first);
  if (!isOnline) return unasked;
  await askAbout(world, first, unasked, request);
  const now = await current();
  const changed = new Set(unasked.projects.flatMap(({ changes }) => changes.map(({ name }) => name)));
  return reviewChanges(await readThen(now, changed), now);
}

/** Has the advisories and signatures of all that came looked up, and how what went was published, direct ones first. */
async function askAbout(
  { knowledge }: ReadingWorld,
  projects: readonly ProjectView[],
  review: ChangeReview,
  { signal, onProgress }: ReviewRequest,
): Promise<void> {
  const changes = review.projects.flatMap((project) => project.changes);
  const keys = new Set(changes.flatMap(({ to }) => to.map(({ subject }) => lookupKey(subject))));
  const lookups = new Map<string, Lookup>();
  for (const { installed, policy, layout } of projects) {
    const items = installed.packages.filter(
      ({ source, subject }) => source === 'registry' && keys.has(lookupKey(subject)),
    );
    for (const { subject } of items.toSorted((a, b) => Number(b.direct) - Number(a.direct))) {
      lookups.set(lookupKey(subject), { subject, policy });
    }
    const options = { policy, force: false, signatures: 'all' as const, health: false };
    const subjects = { direct: [], transitive: items.map(({ subject }) => subject) };
    await knowledge.refresh({ ...subjects, ...options, onProgress: () => undefined }, signal);
    // Who published what went is compared with who published what came in its place.
    const reviewed = review.projects.find(({ document }) => document === (layout.lockfile ?? layout.root));
    const went = (reviewed?.changes ?? []).flatMap(({ from, to }) => (to.length === 0 ? [] : from));
    const before = went.filter(({ source }) => source === 'registry').map(({ subject }) => subject);
    const verify = { direct: [], transitive: before, policy, force: false, onProgress: () => undefined };
    if (before.length > 0) await knowledge.verify(verify, signal);
  }
  await lookUp(knowledge, [...lookups.values()].slice(0, MAX_LOOKUPS), signal, (done) => {
    onProgress(`looking up what came: ${String(done)} of ${String(lookups.size)}`);
  });
}

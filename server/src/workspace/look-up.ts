import type { Learner, Subject } from '../core/knowledge.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';

/** A package, and what may be said of it. */
export interface Lookup {
  readonly subject: Subject;
  readonly policy: RegistryPolicy;
}

/** The same text for the same version of a package, whoever asks about it. */
export function lookupKey({ registry, name, version }: Subject): string {
  return `${registry}\n${name}\n${version}`;
}

/** More questions wait: a registry's answers are megabytes that are held until they are read. */
const AT_ONCE = 16;

/** Asks all there is to know of many packages, some at a time. Rejects only when aborted. */
export async function lookUp(
  learner: Learner,
  lookups: readonly Lookup[],
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<void> {
  const waiting = lookups.values();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const { subject, policy } of waiting) {
      await learner.learn(subject, policy, signal);
      onDone(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

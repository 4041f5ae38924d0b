import type { Ecosystem } from '../core/ecosystem.ts';
import type { Subject } from '../core/knowledge.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';

/** Why nobody may be asked about a package: a host is the user's choice, never a lockfile's or a stranger's. */
export function whyNotAsked(ecosystem: Ecosystem, subject: Subject, policy: RegistryPolicy): string | undefined {
  const { name, registry, withheld } = subject;
  if (!policy.mayAsk(name)) return 'its registry is chosen by a file of the workspace that may not choose one';
  if (registry === ecosystem.registry.publicBase) {
    // A host that the user put in the public registry's place is theirs, and no public service: it may hear of what a
    // lockfile took from elsewhere, but not of what some file says is private.
    const isOwnHost = policy.requestBase(registry) !== registry;
    return isOwnHost && policy.withheld(name, undefined) === undefined ? undefined : withheld;
  }
  if (policy.registryOf(name) === registry) return undefined;
  return 'it was resolved from a registry that your configuration does not name';
}

import type { RegistryPolicy } from '../core/registry-policy.ts';

/**
 * The policy for names that no lockfile says the source of. A workspace member's name is the workspace's own, however its
 * siblings ask for it, and no public service may hear it.
 */
export function memberPolicy(policy: RegistryPolicy, members: ReadonlySet<string>): RegistryPolicy {
  return {
    registryOf: (name) => policy.registryOf(name),
    withheld: (name, resolvedFrom) =>
      policy.withheld(name, resolvedFrom) ?? (members.has(name) ? 'a member of this workspace' : undefined),
    access: (url) => policy.access(url),
    mayAsk: (name) => policy.mayAsk(name),
    requestBase: (registry) => policy.requestBase(registry),
  };
}

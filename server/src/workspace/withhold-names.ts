import type { RegistryPolicy } from '../core/registry-policy.ts';

/** The policy with more names that no public service may hear, whatever a lockfile says of their source. `why` is the reason. */
export function withholdNames(policy: RegistryPolicy, why: (name: string) => string | undefined): RegistryPolicy {
  return {
    registryOf: (name) => policy.registryOf(name),
    withheld: (name, resolvedFrom) => policy.withheld(name, resolvedFrom) ?? why(name),
    access: (url) => policy.access(url),
    mayAsk: (name) => policy.mayAsk(name),
    requestBase: (registry) => policy.requestBase(registry),
    ageGate: policy.ageGate,
  };
}

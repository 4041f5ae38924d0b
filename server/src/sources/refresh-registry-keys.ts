import type { Subject } from '../core/knowledge.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import { askRegistry } from './ask-registry.ts';
import { registryLabel } from './hosts.ts';
import { lookUp, type RefreshContext } from './refresh-context.ts';
import { decodeRegistryKeys, registryKeysRequest } from './registry-keys.ts';

/** Registries besides the public one tell themselves which keys they sign with; asked once a day. */
export async function refreshRegistryKeys(
  context: RefreshContext,
  subjects: readonly Subject[],
  policy: RegistryPolicy,
  signal: AbortSignal,
): Promise<void> {
  const registries = new Map(subjects.map((subject) => [subject.registry, subject]));
  await Promise.all(
    [...registries].map(async ([registry, subject]) => {
      if (context.ecosystemOf(subject.ecosystem)?.registry.publicBase === registry) return;
      const stored = context.cache.registryKeys(registry);
      if (context.cache.isFresh('npm', stored?.fetchedAt)) return;
      const request = registryKeysRequest(policy.requestBase(registry));
      const label = registryLabel(subject);
      await lookUp(context, 'npm', `keys\n${registry}`, async () => {
        const response = await askRegistry(context, policy, label, request, [400, 404, 405, 501], signal);
        const keys = response.status >= 400 ? [] : decodeRegistryKeys(label, response.body);
        context.cache.putRegistryKeys(registry, keys);
      });
    }),
  );
}

import type { HttpRequest, HttpResponse } from '../core/ports.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import type { RefreshContext } from './refresh-context.ts';

/** Asks a registry, with the access that the policy gives to that address. `accepts` are statuses that are answers, too. */
export function askRegistry(
  context: RefreshContext,
  policy: RegistryPolicy,
  label: string,
  request: HttpRequest,
  accepts: readonly number[],
  signal: AbortSignal,
): Promise<HttpResponse> {
  const access = policy.access(request.url);
  return context.pump.ask(
    { label, accepts },
    {
      ...request,
      headers: { ...request.headers, ...access.headers },
      ...(access.connection !== undefined && { connection: access.connection }),
    },
    signal,
  );
}

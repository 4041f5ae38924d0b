import type { Clock, Http } from '../core/ports.ts';
import { connectionError } from './connection-error.ts';
import { withDeadline } from './deadline.ts';
import { followRedirects } from './redirects.ts';
import type { ProxyEnvironment, UndiciSender } from './undici-http.ts';

export interface HttpOptions {
  readonly clock: Clock;
  /** Read for `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in either case. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly connectionsPerOrigin?: number;
}

/** The straight way to the network: keep-alive connections, the system's certificates, proxies from the environment. */
export function createHttp(options: HttpOptions): Http & { close(): Promise<void> } {
  let sender: Promise<UndiciSender> | undefined;
  const load = (): Promise<UndiciSender> => (sender ??= loadSender(options));
  return {
    prepare: () => void load().catch(() => undefined),
    send: (request, signal) =>
      withDeadline(options.clock, request, signal, async (inner) => {
        const undici = await load();
        try {
          return await followRedirects(undici.sendOnce, request, inner);
        } catch (error) {
          inner.throwIfAborted();
          throw connectionError(error, request.url);
        }
      }),
    async close() {
      await (await sender)?.close();
    },
  };
}

/** A start without a request does not pay for it. */
async function loadSender(options: HttpOptions): Promise<UndiciSender> {
  const { createUndiciSender } = await import('./undici-http.ts');
  return createUndiciSender({
    proxies: proxiesOf(options.environment),
    connectionsPerOrigin: options.connectionsPerOrigin ?? 16,
  });
}

function proxiesOf(environment: HttpOptions['environment']): ProxyEnvironment {
  const read = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? '';
  return { httpProxy: read('HTTP_PROXY'), httpsProxy: read('HTTPS_PROXY'), noProxy: read('NO_PROXY') };
}

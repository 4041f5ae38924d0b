import { dirname, resolve } from 'node:path';
import type { ConnectionOptions, Files } from '../../../core/ports.ts';
import type { RegistryAccess } from '../../../core/registry-policy.ts';
import type { RegistryLayer } from './registry-layer.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting, and the folder that a path in it is relative to. */
interface Setting {
  readonly value: string;
  readonly folder: string;
}

const NO_ACCESS: RegistryAccess = { headers: {}, connection: undefined };

/**
 * How registries are asked, by the settings of those layers that may choose a host, the weakest first. Certificates are
 * read now, so that the answer is at hand later.
 */
export async function readAccess(
  files: Files,
  layers: readonly RegistryLayer[],
  { environment, root }: { readonly environment: Environment; readonly root: string },
): Promise<(url: string) => RegistryAccess> {
  const settings = new Map<string, Setting>();
  for (const { path, settings: own } of layers) {
    const folder = path === undefined ? root : dirname(path);
    for (const [key, value] of own) settings.set(key, { value, folder });
  }
  const certificates = await readCertificates(files, settings, environment);
  const at = (key: string): string | undefined => settings.get(key)?.value;
  return (text) => {
    if (!URL.canParse(text)) return NO_ACCESS;
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return NO_ACCESS;
    const address = credentialAddress(url, settings);
    const authorization = address === undefined ? undefined : authorizationAt(address, at);
    return {
      headers: authorization === undefined ? {} : { authorization },
      connection: connectionFor(url, address, { at, certificates, environment }),
    };
  };
}

/**
 * The longest configured address (`//host/path/`) that the URL is below, as npm finds it. Host and port must be equal,
 * and a path counts by whole parts.
 */
function credentialAddress(url: URL, settings: ReadonlyMap<string, Setting>): string | undefined {
  let address = `//${url.host}${url.pathname}`;
  while (address.length > 2) {
    const has = (name: string): boolean => (settings.get(`${address}:${name}`)?.value ?? '') !== '';
    if (has('_authToken') || has('_auth') || (has('username') && has('_password'))) return address;
    if (has('certfile') && has('keyfile')) return address;
    address = address.endsWith('/') ? address.slice(0, -1) : address.slice(0, address.lastIndexOf('/') + 1);
  }
  return undefined;
}

function authorizationAt(address: string, at: (key: string) => string | undefined): string | undefined {
  const token = at(`${address}:_authToken`);
  const basic = at(`${address}:_auth`);
  const username = at(`${address}:username`);
  const password = at(`${address}:_password`);
  if (token) return headerText(`Bearer ${token}`);
  if (basic) return headerText(`Basic ${basic}`);
  if (!username || !password) return undefined;
  const pair = `${username}:${Buffer.from(password, 'base64').toString('utf8')}`;
  return headerText(`Basic ${Buffer.from(pair, 'utf8').toString('base64')}`);
}

/** A line break in a token would begin another header. */
function headerText(text: string): string | undefined {
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

interface ConnectionSettings {
  readonly at: (key: string) => string | undefined;
  readonly certificates: ReadonlyMap<string, string>;
  readonly environment: Environment;
}

function connectionFor(
  url: URL,
  address: string | undefined,
  { at, certificates, environment }: ConnectionSettings,
): ConnectionOptions | undefined {
  const ca = certificates.get('cafile') ?? at('ca')?.replaceAll('\\n', '\n');
  const cert = address === undefined ? undefined : certificates.get(`${address}:certfile`);
  const key = address === undefined ? undefined : certificates.get(`${address}:keyfile`);
  const proxy = isDirect(url, at('noproxy') ?? environment['NO_PROXY'] ?? environment['no_proxy'])
    ? undefined
    : [at('https-proxy'), at('proxy')].find((it) => it !== undefined && URL.canParse(it));
  const options: ConnectionOptions = {
    ...(ca === undefined || !ca.includes('-----BEGIN') ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(at('strict-ssl') === 'false' ? { rejectUnauthorized: false } : {}),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

/** npm's rule: a name covers its subdomains, with or without a dot in front. */
function isDirect(url: URL, noProxy: string | undefined): boolean {
  return (noProxy ?? '').split(',').some((item) => {
    const name = item.trim().replace(/^\./, '').toLowerCase();
    return name !== '' && (url.hostname === name || url.hostname.endsWith(`.${name}`));
  });
}

const MAX_CERTIFICATES = 50;
const PEM_SETTING = /^cafile$|^\/\/.*:(?:certfile|keyfile)$/;

async function readCertificates(
  files: Files,
  settings: ReadonlyMap<string, Setting>,
  environment: Environment,
): Promise<ReadonlyMap<string, string>> {
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  const wanted = [...settings].filter(([key]) => PEM_SETTING.test(key)).slice(0, MAX_CERTIFICATES);
  const texts = await Promise.all(
    wanted.map(async ([key, { value, folder }]) => {
      const path = home !== undefined && /^~[/\\]/.test(value) ? resolve(home, value.slice(2)) : resolve(folder, value);
      return [key, await files.readText(path)] as const;
    }),
  );
  return new Map(texts.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

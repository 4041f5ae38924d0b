/** The outside sources whose base URL may be overridden, by `network.hosts` and `--host NAME=URL`. */
export const HOST_NAMES = ['npm', 'osv', 'osv-export', 'kev', 'epss', 'scorecard', 'tuf'] as const;

export type HostName = (typeof HOST_NAMES)[number];

/** Those that are asked about packages, whose answers are kept. The export becomes the local database. */
export type AnsweringHost = Exclude<HostName, 'osv-export'>;

/** Base URLs, each with a slash at its end. */
export type AnsweringHosts = Readonly<Record<AnsweringHost, string>>;

export const ANSWERING_HOSTS: readonly AnsweringHost[] = HOST_NAMES.filter((name) => name !== 'osv-export');

/** Base URLs, each with a slash at its end. */
export type Hosts = Readonly<Record<HostName, string>>;

/** What people call them. */
export const SOURCE_LABELS: Readonly<Record<HostName, string>> = {
  npm: 'npm registry',
  osv: 'OSV.dev',
  'osv-export': 'OSV export',
  kev: 'CISA KEV',
  epss: 'FIRST EPSS',
  scorecard: 'OpenSSF Scorecard',
  tuf: 'Sigstore trust root',
};

/** What people call a package's registry: the host of one that is not the public one. */
export function registryLabel(of: { readonly registry: string; readonly isPublicRegistry: boolean }): string {
  if (of.isPublicRegistry) return SOURCE_LABELS.npm;
  return URL.canParse(of.registry) ? new URL(of.registry).host : 'the registry';
}

/**
 * The table of hosts with the user's overrides. What cannot be used is left out and told: a URL that is not http(s),
 * or unencrypted http to anything but this machine.
 * @param publicRegistry the ecosystem's own base URL.
 */
export function resolveHosts(
  overrides: Readonly<Record<string, string>>,
  publicRegistry: string,
): { readonly hosts: Hosts; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const hosts: Record<HostName, string> = {
    npm: publicRegistry,
    osv: 'https://api.osv.dev/',
    'osv-export': 'https://storage.googleapis.com/osv-vulnerabilities/',
    kev: 'https://www.cisa.gov/',
    epss: 'https://api.first.org/',
    scorecard: 'https://api.scorecard.dev/',
    tuf: 'https://tuf-repo-cdn.sigstore.dev/',
  };
  for (const [name, url] of Object.entries(overrides)) {
    const known = HOST_NAMES.find((candidate) => candidate === name);
    if (known === undefined) {
      problems.push(`There is no outside source "${name}": it is one of ${HOST_NAMES.join(', ')}`);
      continue;
    }
    const base = baseUrl(url);
    if (typeof base === 'string') hosts[known] = base;
    else problems.push(`The URL for "${name}" is not used: ${base.problem}`);
  }
  return { hosts, problems };
}

function baseUrl(text: string): string | { readonly problem: string } {
  if (!URL.canParse(text)) return { problem: 'it is not a URL' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { problem: 'it is neither https nor http' };
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return { problem: 'unencrypted http is for this machine only' };
  }
  if (url.username !== '' || url.password !== '') return { problem: 'it carries a credential' };
  if (url.search !== '' || url.hash !== '') return { problem: 'it has a query or a fragment' };
  return url.href.endsWith('/') || url.pathname.endsWith('.json') ? url.href : `${url.href}/`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

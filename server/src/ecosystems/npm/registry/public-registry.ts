import defaults from 'npm-registry-fetch/lib/default-opts.js';

/** The base URL of the public registry, which npm's own library knows. */
export const PUBLIC_BASE: string = defaults.registry;

const PUBLIC_HOST = new URL(PUBLIC_BASE).host;

/** Yarn serves the public registry's packages at the `registry` host of its own site. */
const YARN_SITE = 'yarnpkg.com';
const YARN_HOST = `registry.${YARN_SITE}`;

/**
 * A registry's base URL in one form: a slash at its end, no credentials, no query; the public one's for each of its
 * names. Undefined for a text that is no web address.
 */
export function registryBase(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  if (path === '/' && (url.host === PUBLIC_HOST || url.host === YARN_HOST)) return PUBLIC_BASE;
  return `${url.protocol}//${url.host}${path}`;
}

export function isPublicRegistry(text: string): boolean {
  return registryBase(text) === PUBLIC_BASE;
}

/** A registry by its host, for people. */
export function hostOf(text: string): string {
  return URL.canParse(text) ? new URL(text).host : text.slice(0, 80);
}

export function registryUrl(base: string, path: string): string {
  return `${base.endsWith('/') ? base : `${base}/`}${path}`;
}

/**
 * `@scope%2fname`: the form in which registries and their mirrors know a scoped name. A name from a hostile lockfile may
 * hold half of a character, which cannot be encoded as it is.
 */
export function encodedName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(/^%40/, '@').replaceAll('%2F', '%2f');
}

/** A scope where there is one, and the name before any path inside the package. */
const PACKAGE = /^(?:@[a-z0-9-~_.][\w.~-]*\/)?[a-z0-9~_][\w.~-]*/i;

const LONGEST = 400;

/**
 * The package that a module specifier leads into; undefined for files, URLs, what Node has itself by its prefix, and
 * what is no specifier. A leading `~` is how style sheets of webpack name a package, `npm:` how Deno does.
 */
export function specifiedPackage(specifier: string): string | undefined {
  const bare = specifier.replace(/^~(?=[@a-z])|^npm:\/?/i, '');
  if (bare.length > LONGEST || bare.includes(':')) return undefined;
  return PACKAGE.exec(bare)?.[0];
}

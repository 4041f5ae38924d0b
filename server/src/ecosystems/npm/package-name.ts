const MAX_LENGTH = 214;

/** An optional scope and a name, by what the registry's oldest packages may hold. */
const NAME = /^(?:@[A-Za-z0-9~!*'()-][A-Za-z0-9._~!*'()-]*\/)?[A-Za-z0-9~!*'()-][A-Za-z0-9._~!*'()-]*$/;

/**
 * Why a text is no package name; undefined when it is one.
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#name
 */
export function nameProblem(name: string): string | undefined {
  if (name.length <= MAX_LENGTH && NAME.test(name)) return undefined;
  if (name === '') return 'the package has no name';
  if (name.length > MAX_LENGTH) return `the package name is longer than ${MAX_LENGTH} characters`;
  return `"${name}" is not a package name`;
}

/** `@scope` of a scoped name; undefined for the others. */
export function scopeOf(name: string): string | undefined {
  const slash = name.indexOf('/');
  return name.startsWith('@') && slash > 1 ? name.slice(0, slash) : undefined;
}

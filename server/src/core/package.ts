/** Where the bytes of a package come from. Only `registry` packages can be looked up by name and version. */
export type PackageSource = 'registry' | 'git' | 'file' | 'link' | 'workspace' | 'tarball';

/** Why a package is installed. `tool` is code of the package manager's own (pnpm's first lockfile document). */
export type Scope = 'prod' | 'dev' | 'optional' | 'peer' | 'tool';

/** The scopes in the order of their bits in {@link ScopeSet}. */
export const SCOPES = ['prod', 'dev', 'optional', 'peer', 'tool'] as const satisfies readonly Scope[];

/** A set of scopes as a bit mask, since a large lockfile has tens of thousands of them. */
export type ScopeSet = number;

export const SCOPE_BIT: Readonly<Record<Scope, ScopeSet>> = { prod: 1, dev: 2, optional: 4, peer: 8, tool: 16 };

/**
 * A bit of a {@link ScopeSet} besides the scopes: production uses the package where it can be installed. It tells the
 * optional part of production from that of a development tool, which have the same scopes in a package that is in both.
 */
export const OPTIONAL_IN_PRODUCTION: ScopeSet = 32;

/** A bit of a {@link ScopeSet} besides the scopes: the package lies in the archive of another one, whoever asks for it. */
export const IN_BUNDLE = 64;

/** The scopes of a set, in the order of {@link SCOPES}. */
export function scopesOf(set: ScopeSet): Scope[] {
  return SCOPES.filter((scope) => (set & SCOPE_BIT[scope]) !== 0);
}

/** True when the package is reached in development only, so that a finding in it ranks as a hint. */
export function isDevelopmentOnly(set: ScopeSet): boolean {
  const others = SCOPE_BIT.prod | SCOPE_BIT.peer | SCOPE_BIT.tool | OPTIONAL_IN_PRODUCTION;
  return (set & SCOPE_BIT.dev) !== 0 && (set & others) === 0;
}

/** One version of one package of one ecosystem. */
export interface PackageId {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
}

/** A key that is unique within one ecosystem. */
export function packageKey(name: string, version: string): string {
  return `${name}@${version}`;
}

/**
 * The package URL of a package version.
 * @see https://github.com/package-url/purl-spec
 */
export function purlOf(purlType: string, name: string, version: string): string {
  const path = name.split('/').map(encodeURIComponent).join('/');
  return `pkg:${purlType}/${path}@${encodeURIComponent(version)}`;
}

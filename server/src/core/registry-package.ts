/** What a registry says of one version of a package. */
export interface RegistryVersion {
  readonly version: string;
  /** Milliseconds since the epoch; undefined when the registry does not say. */
  readonly publishedAt: number | undefined;
  /** The message; undefined when it is not deprecated. */
  readonly deprecated: string | undefined;
  readonly hasInstallScript: boolean;
  /** The declared licence, an SPDX expression or free text. */
  readonly license: string | undefined;
  readonly integrity: string | undefined;
  readonly tarball: string | undefined;
  readonly signatures: readonly RegistrySignature[];
  readonly trust: TrustRank;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly nodeEngine: string | undefined;
  /** The same object for all versions of a package that ask for the same. */
  readonly needs: RegistryNeeds;
  /**
   * Versions of one package with the same number agree in all that a lockfile repeats of them besides version, hash and
   * dependencies: commands, platforms, engines, peers, licence.
   */
  readonly lockTraits: number;
}

/** What a version brings in. Each is a specifier by the name that it is required by. */
export interface RegistryNeeds {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  /** Names among the peers that may be absent. */
  readonly optionalPeers: readonly string[];
  /** True when it ships other packages inside itself: no registry tells their versions. */
  readonly hasBundled: boolean;
}

export const NO_NEEDS: RegistryNeeds = {
  dependencies: {},
  optionalDependencies: {},
  optionalPeers: [],
  hasBundled: false,
};

/**
 * How a version was published, by the registry's own word: 2 by a trusted publisher, 1 with provenance, 0 otherwise. A
 * later version of a lower rank is what stolen tokens look like.
 * @see https://pnpm.io/supply-chain-security
 */
export type TrustRank = 0 | 1 | 2;

/** What a registry says of one version about its bytes and its publication: what a verdict on it rests on. */
export interface Release {
  readonly version: string;
  readonly integrity: string | undefined;
  readonly signatures: readonly RegistrySignature[];
  /** True when it says that there are attestations. */
  readonly attested: boolean;
  readonly trust: TrustRank;
  /** The account that published it. */
  readonly publisher: string | undefined;
  /** The source repository as this version claims it, as it stands in its manifest: not attested. */
  readonly repository: string | undefined;
  readonly hasInstallScript: boolean;
}

/** A registry's signature over `name@version:integrity`. */
export interface RegistrySignature {
  readonly keyid: string;
  /** Base64 of a DER-encoded ECDSA signature. */
  readonly sig: string;
}

/** What a registry says of one package. */
export interface RegistryPackage {
  readonly name: string;
  /** Every version that can be installed, oldest first by version order. */
  readonly versions: readonly RegistryVersion[];
  /** The dist-tags; `latest` among them. */
  readonly tags: Readonly<Record<string, string>>;
  /** The host and path of the source repository as the latest version claims it (`github.com/owner/name`): not attested. */
  readonly repository: string | undefined;
  /** True when the registry sent publication times. */
  readonly hasTimes: boolean;
}

import { join } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** Packages that leave it to the runtime which digest a signature is over. */
const PACKAGES = ['@sigstore/core', '@tufjs/models'] as const;

const STAND_IN = join(import.meta.dirname, 'crypto-with-digest.ts');

/** Gives these packages a `crypto` that names the digest, since VS Code's runtime refuses to guess it. */
export function nameDigests(): Plugin {
  return {
    name: 'name-digests',
    setup(build) {
      build.onResolve({ filter: /^(?:node:)?crypto$/ }, ({ importer }) =>
        PACKAGES.some((name) => isFileOf(importer, name)) ? { path: STAND_IN } : undefined,
      );
    },
  };
}

/** Throws when one of these packages is bundled without the stand-in: it imports `crypto` in a way that was not foreseen. */
export function requireNamedDigests(metafiles: readonly Metafile[]): void {
  for (const { inputs } of metafiles) {
    for (const name of PACKAGES) {
      const files = Object.entries(inputs).filter(([path]) => isFileOf(path, name));
      const imports = files.flatMap(([, input]) => input.imports.map(({ path }) => path));
      if (files.length > 0 && !imports.some((path) => path.endsWith('crypto-with-digest.ts'))) {
        throw new Error(`${name} does not get the crypto that names digests: see scripts/bundle/name-digests.ts`);
      }
      if (imports.some((path) => /^(?:node:)?crypto$/.test(path))) {
        throw new Error(`a file of ${name} gets the plain crypto: see scripts/bundle/name-digests.ts`);
      }
    }
  }
}

function isFileOf(path: string, name: string): boolean {
  return path.replaceAll('\\', '/').includes(`node_modules/${name}/`);
}

import { createRequire } from 'node:module';
import type * as TomlLibrary from 'smol-toml';

/** The TOML library, loaded when the first file needs it, in the way of `load-yaml.ts`. */
export function loadToml(): typeof TomlLibrary {
  /* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-return -- as in load-yaml.ts; the types are the library's own */
  if (typeof require === 'function') return require('smol-toml');
  return createRequire(import.meta.url)('smol-toml');
  /* eslint-enable */
}

import { createRequire } from 'node:module';
import type * as YamlLibrary from 'yaml';

/**
 * The YAML library, loaded when the first document needs it: a start without pnpm does not pay for it. In a bundle,
 * `require` is the bundler's and the library lies in a chunk; the sources run unbundled as ES modules, which have none.
 */
export function loadYaml(): typeof YamlLibrary {
  /* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-return -- see above; the types are the library's own */
  if (typeof require === 'function') return require('yaml');
  return createRequire(import.meta.url)('yaml');
  /* eslint-enable */
}

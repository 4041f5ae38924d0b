import { createRequire } from 'node:module';
import type * as PurlLibrary from 'packageurl-js';

/**
 * The library of package URLs, loaded when the first one is read: it makes a collator, which takes more time and memory
 * than a start without decisions should pay. In a bundle, `require` is the bundler's and the library lies in a chunk; the
 * sources run unbundled as ES modules, which have none.
 */
export function loadPurlLibrary(): typeof PurlLibrary {
  /* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-return -- see above; the types are the library's own */
  if (typeof require === 'function') return require('packageurl-js');
  return createRequire(import.meta.url)('packageurl-js');
  /* eslint-enable */
}

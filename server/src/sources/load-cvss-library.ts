import type * as CvssLibrary from 'ae-cvss-calculator';
import { createRequire } from 'node:module';

/**
 * The calculator, loaded when the first vector is scored: it takes 12 ms, which no start should pay. A plain `import`
 * would load it with the server, and a dynamic one would make every decoder asynchronous. In a bundle, `require` is the
 * bundler's and the library lies in the bundle; the sources run unbundled as ES modules, which have none.
 */
export function loadCvssLibrary(): typeof CvssLibrary {
  /* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-return -- see above; the types are the library's own */
  if (typeof require === 'function') return require('ae-cvss-calculator');
  return createRequire(import.meta.url)('ae-cvss-calculator');
  /* eslint-enable */
}

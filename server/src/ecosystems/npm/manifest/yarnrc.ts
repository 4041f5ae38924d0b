import type { Manifest } from '../../../core/manifest.ts';
import type { Parsed } from '../../../core/span.ts';
import { readCatalogDocument } from './catalog-document.ts';

/**
 * Reads the catalogs of a `.yarnrc.yml`, which yarn knows from 4.10 on. All else in it is no dependency.
 * @see https://yarnpkg.com/features/catalogs
 */
export function parseYarnrc(text: string): Parsed<Manifest> {
  const { manifest, problems } = readCatalogDocument(text);
  return { value: manifest, problems };
}

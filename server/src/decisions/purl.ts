import type { PackageSelector } from '../core/decision.ts';
import { loadPurlLibrary } from './load-purl-library.ts';

/** What a package URL names; undefined when it is none. */
export function selectorOf(purl: string): PackageSelector | undefined {
  try {
    const { type, namespace, name, version } = loadPurlLibrary().PackageURL.fromString(purl);
    if (typeof name !== 'string' || typeof type !== 'string') return undefined;
    const fullName = typeof namespace === 'string' && namespace !== '' ? `${namespace}/${name}` : name;
    return { purlType: type, name: fullName, ...(typeof version === 'string' && version !== '' ? { version } : {}) };
  } catch {
    return undefined;
  }
}

import type { Ecosystem } from '../core/ecosystem.ts';
import { purlOf } from '../core/package.ts';

/** The package URL; without a version where nobody knows it. */
export function purlFor(ecosystem: Pick<Ecosystem, 'purlType'>, name: string, version: string): string {
  const purl = purlOf(ecosystem.purlType, name, version);
  return version === '' ? purl.slice(0, purl.lastIndexOf('@')) : purl;
}

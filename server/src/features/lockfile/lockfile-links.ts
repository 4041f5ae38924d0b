import type { DocumentLink } from 'vscode-languageserver-types';

import type { OpenLockfile, ProjectView } from '../../workspace/snapshot.ts';
import { rangeOfSpan } from '../ranges.ts';

/** Editors underline them all. */
const MAX_LINKS = 5_000;

/** From an entry to the page of its version, for packages of the public registry. */
export function lockfileLinks({ document }: OpenLockfile, { installed, ecosystem }: ProjectView): DocumentLink[] {
  const { places, packages, packageOf, lockfile } = installed;
  const links: DocumentLink[] = [];
  for (const index of places.inOrder()) {
    const entry = lockfile.entries[index];
    const item = packages[packageOf[index] ?? -1];
    if (entry === undefined || item?.source !== 'registry' || !item.subject.isPublicRegistry) continue;
    if (entry.version === '') continue;
    links.push({
      range: rangeOfSpan(document, entry),
      target: ecosystem.registry.page(entry.name, entry.version),
      tooltip: `Open ${entry.name} in the registry`,
    });
    if (links.length === MAX_LINKS) break;
  }
  return links;
}

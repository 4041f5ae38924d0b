import { expect, it } from 'vitest';
import type { AdvisoryDatabase } from '../../server/src/core/advisory-database.ts';
import { findAdvisories } from '../../server/src/core/find-advisories.ts';
import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import { advisory, affected } from '../support/advisory-records.ts';

const installed = { ecosystem: 'npm', name: 'left-pad', version: '1.0.0' };

function databaseOf(ids: readonly string[], known: readonly string[]): AdvisoryDatabase {
  return {
    info: { label: 'test', ecosystems: [] },
    expect: () => undefined,
    affected: (ecosystem, name) =>
      ecosystem === 'npm' && name === 'left-pad' ? ids.map((id) => ({ id, affected: affected('>=0 <2.0.0') })) : [],
    advisory: (id) => (known.includes(id) ? advisory(id) : undefined),
  };
}

it('finds the advisories of a package version', () => {
  const found = findAdvisories(databaseOf(['GHSA-a', 'GHSA-b'], ['GHSA-a', 'GHSA-b']), installed, npmVersions);
  expect(found.map((match) => match.advisory.id)).toEqual(['GHSA-a', 'GHSA-b']);
  expect(findAdvisories(databaseOf(['GHSA-a'], []), { ...installed, version: '2.0.0' }, npmVersions)).toEqual([]);
  expect(findAdvisories(databaseOf(['GHSA-a'], []), { ...installed, name: 'right-pad' }, npmVersions)).toEqual([]);
});

it('reports an advisory whose text is missing rather than leave it out', () => {
  const found = findAdvisories(databaseOf(['GHSA-a', 'MAL-1'], []), installed, npmVersions);
  expect(found.map((match) => [match.advisory.id, match.advisory.severity])).toEqual([
    ['MAL-1', 'malware'],
    ['GHSA-a', 'unknown'],
  ]);
});

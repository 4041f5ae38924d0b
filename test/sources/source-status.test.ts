import { expect, test } from 'vitest';

import { Failures } from '../../server/src/sources/failures.ts';
import { sourceStatuses } from '../../server/src/sources/source-status.ts';

const HOSTS = {
  npm: 'https://registry.example/',
  osv: 'https://osv.example/',
  kev: 'https://kev.example/',
  epss: 'https://epss.example/',
  scorecard: 'https://scorecard.example/',
  tuf: 'https://tuf.example/',
};
const NEVER = { npm: undefined, osv: undefined, kev: undefined, epss: undefined, scorecard: undefined, tuf: undefined };

function statuses(answered: Partial<Record<keyof typeof NEVER, number>>): ReturnType<typeof sourceStatuses> {
  const ecosystem = { complete: true, asOf: 1, advisories: 1, packages: 1 };
  const database = {
    info: { label: 'x.db', ecosystems: ['RubyGems', 'npm'].map((name) => ({ ...ecosystem, name })) },
    expect: () => undefined,
    affected: () => [],
    advisory: () => undefined,
  };
  const configuration = { network: 'on', source: 'auto', database, hosts: HOSTS } as const;
  return sourceStatuses(configuration, new Failures(), new Set(['npm']), { ...NEVER, ...answered });
}

test('the local database is one source for each ecosystem that is read here, whatever else its records name', () => {
  expect(statuses({}).filter(({ name }) => name === 'x.db')).toEqual([
    { name: 'x.db', asOf: 1, complete: true, trouble: undefined },
  ]);
});

test('a source is complete from its first answer on', () => {
  expect(statuses({ osv: 5 }).find(({ name }) => name === 'OSV.dev')).toMatchObject({ asOf: 5, complete: true });
  expect(statuses({}).find(({ name }) => name === 'OSV.dev')).toMatchObject({ asOf: undefined, complete: false });
});

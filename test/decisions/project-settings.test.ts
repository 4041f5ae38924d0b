import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

import { DEFAULT_SETTINGS, LEVEL_KEYS, withProjectSettings } from '../../server/src/core/settings.ts';
import { readProjectSettings } from '../../server/src/decisions/project-settings.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';
import { cliWorld, knownAdvisory, packageJson, packageLock } from '../support/cli-world.ts';

const schema = JSON.parse(
  readFileSync(join(resolve(import.meta.dirname, '../..'), 'resources/provender.schema.json'), 'utf8'),
) as { properties: { severity: { properties: object } } };

/** Schema and reader must agree. */
function check(settings: object, isGood: boolean): void {
  const isValid = new Ajv({ strict: false }).compile(schema)(settings);
  const { value, problems } = readProjectSettings(JSON.stringify(settings));
  expect({ schema: isValid, reader: problems.length === 0 }).toEqual({ schema: isGood, reader: isGood });
  if (isGood) expect(value).toEqual(settings);
}

describe('settings in .provender.jsonc', () => {
  it.each([
    {},
    { failOn: 'critical', transitive: false, devDependencies: false, exclude: ['examples/**'] },
    { severity: { high: 'error', development: 'off' } },
  ])('%j are applied', (settings) => check(settings, true));

  it.each([
    { failOn: 'severe' },
    { transitive: 'no' },
    { devDependencies: 0 },
    { exclude: 'examples' },
    { severity: { hihg: 'error' } },
    { severity: { high: 'fatal' } },
    { severity: ['high'] },
  ])('%j are not', (settings) => check(settings, false));

  it('are completed by the editor for every kind of finding', () => {
    expect(Object.keys(schema.properties.severity.properties).sort()).toEqual([...LEVEL_KEYS].sort());
  });

  it('keep what can be read of a broken file', () => {
    const { value } = readProjectSettings('{ "failOn": "low", "severity": { "high": "error", ');
    expect(value).toEqual({ failOn: 'low', severity: { high: 'error' } });
  });

  it('beat those of the user, the nearest file first', () => {
    const user = { ...DEFAULT_SETTINGS, severity: { high: 'hint', low: 'hint' } as const };
    const merged = withProjectSettings(user, [
      { severity: { high: 'error' } },
      { severity: { high: 'off' }, failOn: 'low' },
    ]);
    expect(merged).toMatchObject({ severity: { high: 'error', low: 'hint' }, failOn: 'low', devDependencies: true });
  });
});

const ADVISORIES: ProjectFacts['advisories'] = [{ id: 'GHSA-1', package: 'a', versions: '>=0', severity: 'high' }];
const PROJECT = (own: string): string =>
  `-- package.json --\n{ "devDependencies": { "a": "^1.0.0" } }\n-- .provender.jsonc --\n${own}\n`;

describe('a project with settings of its own', () => {
  it('is checked by them, and not where it is not trusted', async () => {
    const facts = { installed: { a: '1.0.0 dev' }, advisories: ADVISORIES };
    const off = PROJECT('{ "devDependencies": false }');
    expect((await projectOf(off, facts)).project.assessment.findings).toHaveLength(0);
    expect((await projectOf(off, { ...facts, trusted: false })).project.assessment.findings).toHaveLength(1);
  });

  it('leaves out the folders that it names', async () => {
    const { snapshot } = await projectOf(
      `-- package.json --\n{}\n-- old/package.json --\n{}\n-- .provender.jsonc --\n{ "exclude": ["old/**"] }\n`,
    );
    expect(snapshot.projects.map(({ layout }) => layout.root)).toEqual(['/project']);
  });

  it.each([
    ['{ "failOn": "critical" }', [], 0],
    ['{ "failOn": "low" }', [], 1],
    ['{ "failOn": "critical" }', ['--fail-on', 'high'], 1],
    ['{ "failOn": "nonsense" }', [], 1],
  ])('%s with %j ends with %i', async (own, args, code) => {
    const files = {
      '/project/package.json': packageJson({ a: '^1.0.0' }),
      '/project/package-lock.json': packageLock({ a: '^1.0.0' }, { a: '1.0.0' }),
      '/project/.provender.jsonc': own,
    };
    const world = cliWorld({ files, advisories: [knownAdvisory('a@1.0.0', 'GHSA-1')] });
    expect((await world.run('check', ...args)).code).toBe(code);
  });
});

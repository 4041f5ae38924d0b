/** A project with 300 findings: what to do first, decisions that stick, and the review of a change. */
import { strict as assert } from 'node:assert';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { runProvender, type Stage } from '../../../scripts/demo/stage.ts';
import { packageLock } from '../../support/cli-world.ts';
import { gitFolder } from '../../support/git-folder.ts';
import type { Scene, Step } from './scene.ts';
import {
  commandPalette,
  hoverOn,
  openFile,
  openProblems,
  openTree,
  quickFixThatAsks,
  screenshot,
  waitForSquiggle,
  waitForText,
} from './ui-kit.ts';

export const OLD_PROJECT: readonly Step[] = [
  ['300 findings are grouped by what to do', findingsAreGrouped],
  ['"not affected, because …" asks why, writes a statement and turns the line into a hint', notAffected],
  ['a decision is taken back in the tree', takenBack],
  ['all that should break nothing is done as one change, and undone as one', allIsDone],
  ['what a changed lockfile brings is reviewed', changeIsReviewed],
];

const PACKAGES = Array.from({ length: 100 }, (_, at) => `fodder-${String(at).padStart(3, '0')}`);
const FOLDER = 'acme-old';

/** Its own database, so that nobody is asked. Answers the folder and the database. */
export async function makeOldProject(stage: Stage): Promise<{ readonly folder: string; readonly database: string }> {
  const folder = join(stage.folder, FOLDER);
  await mkdir(folder);
  const git = gitFolder(folder);
  git.git('config', 'user.name', 'Ada Lovelace');
  git.git('config', 'user.email', 'ada@example.org');
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [name, '^1.0.0']));
  const manifest = { name: 'acme-old', version: '3.0.0', private: true, dependencies };
  git.commit({
    'package.json': `${JSON.stringify(manifest, undefined, 2)}\n`,
    'package-lock.json': lockfileOf('1.0.0'),
  });
  const records = join(stage.folder, 'old.jsonl');
  await writeFile(records, PACKAGES.flatMap((name) => [1, 2, 3].map((number) => recordOf(name, number))).join('\n'));
  const database = join(stage.folder, 'old.db');
  await runProvender(stage, ['advisories', 'import', records, '--complete', 'npm', '--db', database]);
  return { folder, database };
}

function lockfileOf(version: string): string {
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [name, '^1.0.0']));
  return packageLock(dependencies, Object.fromEntries(PACKAGES.map((name) => [name, version])));
}

function recordOf(name: string, number: number): string {
  return JSON.stringify({
    id: `GHSA-${name.slice(-3)}${String(number)}-made-made`,
    modified: new Date().toISOString(),
    summary: `A made-up weakness of ${name}`,
    database_specific: { severity: ['LOW', 'MODERATE', 'HIGH'][number - 1] },
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: `1.0.${String(number)}` }] }],
      },
    ],
  });
}

async function findingsAreGrouped({ page }: Scene): Promise<void> {
  await openFile(page, 'package.json');
  await waitForSquiggle(page, 'warning', 60_000);
  const rows = await openTree(page, 'Dependency Risks', /100 edits clear 300 findings/);
  await screenshot(page, 'ui-old-before');
  assert.match(rows.join('\n'), /Do now/);
}

async function notAffected({ page, stage }: Scene): Promise<void> {
  // The tree draws only what is in view, and what is decided stands below a hundred rows.
  await treeRow(page, 'Do now').click();
  await page.keyboard.press('ArrowLeft');
  await openFile(page, 'package.json');
  const reason = pickRow(page, 'the vulnerable code is never executed');
  await quickFixThatAsks(page, 'fodder-000', 'Not affected by 3 advisories because', reason);
  await screenshot(page, 'ui-decide');
  await reason.click();
  await page.locator('.quick-input-widget input[type="text"]').first().fill('template() is never called');
  await page.keyboard.press('Enter');
  await openTree(page, 'Dependency Risks', /GHSA-0001-made-made not affected/);
  const text = await hoverOn(page, '"fodder-000"', /template\(\) is never called/);
  await screenshot(page, 'ui-decided');
  assert.match(text, /Ada Lovelace/);
  const document = JSON.parse(await readFile(vexOf(stage), 'utf8')) as { readonly statements: readonly unknown[] };
  assert.equal(document.statements.length, 3);
}

async function takenBack({ page, stage }: Scene): Promise<void> {
  await page.keyboard.press('Escape');
  const row = treeRow(page, 'GHSA-0001-made-made not affected');
  await row.hover();
  await row.locator('.action-label[aria-label^="Take the Decision Back"]').click();
  await row.waitFor({ state: 'hidden' });
  const text = await readFile(vexOf(stage), 'utf8');
  assert.doesNotMatch(text, /GHSA-0001-made-made/);
  assert.match(text, /GHSA-0002-made-made/);
}

function treeRow(page: Page, label: string): Locator {
  return page.locator('.sidebar .monaco-list-row').filter({ hasText: label }).first();
}

function vexOf(stage: Stage): string {
  return join(stage.folder, FOLDER, '.vex/openvex.json');
}

async function allIsDone({ page }: Scene): Promise<void> {
  await openFile(page, 'package.json');
  await commandPalette(page, 'Provender: Do Now: Apply All…');
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: 'Upgrade fodder-001 1.0.0 → 1.0.3' }).first().waitFor({ timeout: 30_000 });
  await screenshot(page, 'ui-old-plan');
  await waitForText(page, /"fodder-001": "\^1\.0\.0"/);
  await page.keyboard.press('Enter');
  await waitForText(page, /"fodder-001": "\^1\.0\.3"/);
  await openTree(page, 'Dependency Risks', /Waiting for install/);
  await screenshot(page, 'ui-old-after');
  await page.locator('.editor-group-container.active .view-line').first().click();
  await page.keyboard.press('Control+z');
  await waitForText(page, /"fodder-001": "\^1\.0\.0"/);
}

/** Stands in for an install, which is never run for the user: one package moved, one came, one has other bytes. */
async function changeIsReviewed({ page, stage }: Scene): Promise<void> {
  const path = join(stage.folder, FOLDER, 'package-lock.json');
  const lockfile = JSON.parse(lockfileOf('1.0.0')) as { packages: Record<string, object> };
  lockfile.packages['node_modules/fodder-005'] = { version: '1.0.3', hasInstallScript: true };
  lockfile.packages['node_modules/stray'] = { version: '0.0.1' };
  await writeFile(path, `${JSON.stringify(lockfile, undefined, 2)}\n`);
  await commandPalette(page, 'Provender: Review Dependency Changes…');
  await pickRow(page, 'What is not committed').click();
  const tab = page.locator('.tab').filter({ hasText: 'Dependency Changes' });
  await tab.first().waitFor({ timeout: 30_000 });
  const preview = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await preview.getByText('1 added, 1 upgraded').first().waitFor({ timeout: 30_000 });
  await screenshot(page, 'ui-review');
  const text = await preview.locator('body').innerText();
  assert.match(text, /runs an install script, which is new/);
  assert.match(text, /nobody asks for it/);
  await openProblems(page);
}

/** A row of a list that the editor asks to choose from. */
function pickRow(page: Page, label: string): Locator {
  return page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first();
}

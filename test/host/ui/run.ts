/**
 * Drives the packaged extension in a real VS Code as a user would, with pictures in `pictures/`. Prints each step and at
 * the end `ui: N passed, N failed`. Names of acts as arguments play those alone. Everything that the extension asks is answered by the example server on loopback.
 */
import { strict as assert } from 'node:assert';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startExampleServer, type ExampleServer } from '../../../scripts/demo/example-server.ts';
import { readExampleWorld } from '../../../scripts/demo/example-world.ts';
import { makeVsix } from '../../../scripts/demo/make-vsix.ts';
import { editorEnvironment, editorSettings, runProvender, setStage, type Stage } from '../../../scripts/demo/stage.ts';
import { openWorkbench, startVscode } from '../../../scripts/vscode/start-vscode.ts';
import { repositoryRoot } from '../../../scripts/vscode/tools-cache.ts';
import { LOCKFILE, makeYarnProject, YARN } from './lockfile-steps.ts';
import { makeOldProject, OLD_PROJECT } from './old-project-steps.ts';
import type { Scene, Step } from './scene.ts';
import { SIGNATURES } from './signature-steps.ts';
import {
  commandPalette,
  completions,
  editorText,
  hoverOn,
  listQuickFixes,
  openFile,
  openProblems,
  openTree,
  quickFix,
  screenshot,
  waitForSquiggle,
  waitForText,
} from './ui-kit.ts';

interface Act {
  /** A folder of the editor's own, and part of the names of pictures. */
  readonly name: string;
  /** The folder to open. */
  readonly folder: string;
  /** True opens it in restricted mode. */
  readonly isRestricted: boolean;
  /** The local database to use; none is empty. */
  readonly database: string;
  /** True asks nobody, whatever the user might answer. */
  readonly isOffline?: boolean;
  readonly steps: readonly Step[];
}

const API = 'packages/api/package.json';

const ONLINE: readonly Step[] = [
  ['nothing is sent before the user agrees', nothingIsSent],
  ['a dismissed question is asked again by the status item, which says that nobody is asked', dismissedIsAskedAgain],
  ['after the answer, the lines are marked', linesAreMarked],
  ['a hover answers the three questions', hoverAnswers],
  ['the list of fixes offers the smallest upgrade first', fixesAreListed],
  ['what others bring in has a refresh, a bump of its parent, or an override', broughtInIsFixed],
  ['versions are completed inside a version, each with what is known of it', versionsAreCompleted],
  ['the command Upgrade… shows its edits ticked and changes nothing before they are accepted', upgradeIsPreviewed],
  ['a quick fix mends the line and keeps its range prefix', fixMendsTheLine],
  ['the line waits for the install', lineWaits],
  ['a changed lockfile clears the line', lockfileClears],
  ['the tree groups the risks by what to do', treeGroups],
  ['the problems have our name', problemsAreNamed],
  ['a catalog line is marked where the version is written', catalogIsMarked],
];

/** Left until the end, since they change what the others look at. */
const MONOREPO: readonly Step[] = [
  ['a pnpm monorepo has its catalog marked, and its risks beside it', monorepoIsShown],
  ['the command Upgrade… has what may break confirmed in the preview of the editor', breakingIsConfirmed],
];

const RESTRICTED: readonly Step[] = [
  ['an untrusted workspace is checked from the local database', untrustedIsChecked],
  ['who stays offline is told so, and nothing is sent', stayingOffline],
];

async function main(): Promise<number> {
  const stage = await setStage();
  const server = await startExampleServer();
  const extensionVsix = await makeVsix(stage.folder);
  const advisories = join(repositoryRoot, 'examples/advisories.jsonl');
  await runProvender(stage, ['advisories', 'import', advisories, '--db', stage.database]);
  // Restricted first, because the data folder must not hold answers yet.
  const acts: Act[] = [
    { name: 'restricted', folder: stage.workspace, isRestricted: true, database: stage.database, steps: RESTRICTED },
    {
      name: 'vscode',
      folder: stage.workspace,
      isRestricted: false,
      database: '',
      steps: [...ONLINE, ...SIGNATURES, ...MONOREPO, ...LOCKFILE],
    },
    { name: 'yarn', folder: await makeYarnProject(stage), isRestricted: false, database: stage.database, steps: YARN },
  ];
  const old = await makeOldProject(stage);
  acts.push({ name: 'old', isRestricted: false, isOffline: true, steps: OLD_PROJECT, ...old });
  const wanted = process.argv.slice(2);
  let passed = 0;
  let failed = 0;
  try {
    for (const act of acts.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
      const counts = await play(act, { stage, server, extensionVsix });
      passed += counts.passed;
      failed += counts.failed;
    }
  } finally {
    await server.close();
  }
  console.log(`ui: ${String(passed)} passed, ${String(failed)} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/** Plays the steps of an act in an editor of its own. */
async function play(
  { name: act, folder, isRestricted, database, isOffline = false, steps }: Act,
  { stage, server, extensionVsix }: { stage: Stage; server: ExampleServer; extensionVsix: string },
): Promise<{ passed: number; failed: number }> {
  const settings = {
    ...(await editorSettings(stage, server)),
    'provender.advisories.database': database,
    'provender.offline': isOffline,
  };
  const vscode = await startVscode({
    workDir: join(stage.folder, act),
    extensionVsix,
    settings,
    workspaceTrust: isRestricted,
    env: editorEnvironment(stage),
  });
  const counts = { passed: 0, failed: 0 };
  try {
    const { browser, page } = await openWorkbench({ vscode, folder });
    for (const [name, run] of steps) {
      try {
        await run({ page, stage, server });
        counts.passed++;
        console.log(`  ✓ ${name}`);
      } catch (error) {
        counts.failed++;
        console.log(`  ✗ ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        await screenshot(page, `ui-failed-${act}-${String(counts.failed)}`);
      }
    }
    await browser.close();
  } finally {
    await vscode.stop();
  }
  return counts;
}

async function untrustedIsChecked({ page }: Scene): Promise<void> {
  await openFile(page, 'packages/web/package.json');
  await waitForSquiggle(page, 'error', 60_000);
  await screenshot(page, 'ui-untrusted');
  await page.getByText('Restricted Mode').first().waitFor({ state: 'visible', timeout: 40_000 });
}

async function stayingOffline({ page, server }: Scene): Promise<void> {
  await answerNotice(page, 'Stay Offline');
  await statusItem(page).filter({ hasText: 'offline' }).waitFor();
  const text = await hoverOn(page, 'lodash', /Health/);
  await screenshot(page, 'ui-offline');
  assert.match(text, /Advisories: 5, worst high as of .* from examples\.db/);
  assert.match(text, /Signature: unknown, because/);
  assert.deepEqual(server.requests, [], 'something was sent');
}

async function nothingIsSent({ page, server }: Scene): Promise<void> {
  await openFile(page, API);
  await noticeButton(page, 'Ask').waitFor({ timeout: 40_000 });
  await screenshot(page, 'ui-first-open');
  assert.deepEqual(server.requests, [], 'something was sent before the answer');
}

async function dismissedIsAskedAgain({ page, server }: Scene): Promise<void> {
  await page.locator('.notification-toast .codicon-notifications-clear').first().click({ force: true });
  await noticeButton(page, 'Ask').waitFor({ state: 'hidden' });
  await statusItem(page).filter({ hasText: 'offline' }).waitFor();
  await screenshot(page, 'ui-dismissed');
  assert.deepEqual(server.requests, [], 'something was sent after the question was dismissed');
  await statusItem(page).locator('a').click();
  await answerNotice(page, 'Ask');
}

function noticeButton(page: Page, label: string): Locator {
  return page.locator('.notification-toast .monaco-button').filter({ hasText: new RegExp(`^${label}$`) });
}

async function answerNotice(page: Page, label: string): Promise<void> {
  await noticeButton(page, label).click({ timeout: 40_000 });
}

function statusItem(page: Page): Locator {
  return page.locator('.statusbar-item[id*="provender"]');
}

async function linesAreMarked({ page, server }: Scene): Promise<void> {
  await waitForSquiggle(page, 'error', 60_000);
  await waitForSquiggle(page, 'warning', 60_000);
  await screenshot(page, 'ui-manifest');
  const told = server.requests.filter((request) => request.includes('acme'));
  assert.deepEqual(told, [], 'a private name was sent');
}

async function hoverAnswers({ page }: Scene): Promise<void> {
  const text = await hoverOn(page, '~4.17.20', /Health/);
  await screenshot(page, 'ui-hover');
  assert.match(text, /GHSA-35jh-r3h4-6jhm/);
  assert.match(text, /Signature/);
  assert.match(text, /Health/);
}

async function fixesAreListed({ page }: Scene): Promise<void> {
  const smallest = /Upgrade lodash to 4\.1[78]\.\d+ \(clears/;
  const titles = await listQuickFixes(page, '~4.17.20', smallest, 'ui-quick-fixes');
  assert.match(titles.join('\n'), smallest);
}

async function broughtInIsFixed({ page }: Scene): Promise<void> {
  const parent = /Upgrade express to 4\.20\.0 \(clears 4 advisories/;
  const ofExpress = await listQuickFixes(page, '4.17.1', parent, 'ui-fix-parent');
  assert.match(ofExpress.join('\n'), /Override cookie 0\.4\.0 to 0\.7\.0 under express/);
  const refresh = /Refresh qs 6\.5\.2 to 6\.5\.3 in the lockfile/;
  const ofRequest = await listQuickFixes(page, '^2.88.2', refresh, 'ui-fix-refresh');
  assert.match(ofRequest[0] ?? '', refresh);
}

async function versionsAreCompleted({ page }: Scene): Promise<void> {
  const told = /^8\.18\.0\s*(no known advisory|not checked) · \d{4}-\d\d-\d\d/m;
  const rows = await completions(page, '^8.11.0', told);
  await screenshot(page, 'ui-completion');
  assert.match(rows.join('\n'), told);
  await page.keyboard.press('Escape');
}

async function upgradeIsPreviewed({ page }: Scene): Promise<void> {
  const before = await editorText(page);
  await commandPalette(page, 'Provender: Upgrade…');
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'Patch' }).first().click();
  await page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ hasText: 'Only what clears findings' })
    .first()
    .click();
  const ticked = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'lodash 4.17.20 → 4.17.' });
  await ticked.first().waitFor();
  await screenshot(page, 'ui-upgrade');
  assert.equal(await editorText(page), before, 'the text changed before the edits were accepted');
  await page.keyboard.press('Escape');
  await ticked.first().waitFor({ state: 'hidden' });
  assert.equal(await editorText(page), before, 'the text changed although the edits were not accepted');
}

async function fixMendsTheLine({ page }: Scene): Promise<void> {
  await quickFix(page, '~4.17.20', 'Upgrade lodash to');
  await waitForText(page, /"lodash": "~4\.18\.0"/);
}

async function lineWaits({ page }: Scene): Promise<void> {
  await page.keyboard.press('Control+s');
  await openProblems(page);
  await problemsFilter(page).fill('lockfile still has 4.17.20');
  // The panel may show its sentence for no result over rows that came after it.
  await waitingRow(page).waitFor({ state: 'attached', timeout: 20_000 });
  await screenshot(page, 'ui-waiting-for-install');
}

function problemsFilter(page: Page): Locator {
  return page.locator('input[aria-label="Filter Problems"]');
}

function waitingRow(page: Page): Locator {
  return page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'still has 4.17.20' });
}

/** Stands in for the user's `pnpm install`, which is never run for them. */
async function lockfileClears({ page, stage }: Scene): Promise<void> {
  const to = /"lodash": "~([\d.]+)"/.exec(await editorText(page))?.[1] ?? '';
  const { packages } = await readExampleWorld();
  const integrityOf = (version: string): string => packages.get('lodash')?.versions.get(version)?.integrity ?? '';
  const lockfile = join(stage.workspace, 'pnpm-lock.yaml');
  const text = await readFile(lockfile, 'utf8');
  const installed = text
    .replaceAll('lodash@4.17.20', `lodash@${to}`)
    .replaceAll('version: 4.17.20', `version: ${to}`)
    .replace(integrityOf('4.17.20'), integrityOf(to));
  assert.notEqual(installed, text);
  await writeFile(lockfile, installed);
  await waitingRow(page).waitFor({ state: 'detached', timeout: 20_000 });
  await problemsFilter(page).fill('');
  await screenshot(page, 'ui-installed');
}

async function treeGroups({ page }: Scene): Promise<void> {
  const rows = await openTree(page, 'Dependency Risks', /Do now/);
  await screenshot(page, 'ui-tree');
  assert.match(rows.join('\n'), /Do now/);
}

async function problemsAreNamed({ page }: Scene): Promise<void> {
  const rows = await openProblems(page, /Provender/);
  assert.match(rows.join('\n'), /Provender/);
}

async function catalogIsMarked({ page }: Scene): Promise<void> {
  await openFile(page, 'pnpm-workspace.yaml');
  await page.locator('.monaco-editor .cdr').first().waitFor({ state: 'attached', timeout: 30_000 });
  await screenshot(page, 'ui-catalog');
}

async function monorepoIsShown({ page }: Scene): Promise<void> {
  await openTree(page, 'Dependency Risks', /Do now/);
  await openFile(page, 'pnpm-workspace.yaml');
  await waitForText(page, /postcss: \^8\.4\.14/);
  await page.locator('.monaco-editor .squiggly-info, .monaco-editor .squiggly-warning').first().waitFor({
    state: 'attached',
    timeout: 30_000,
  });
  await openProblems(page);
  await problemsFilter(page).fill('pnpm-workspace.yaml');
  const rows = await openProblems(page, /postcss 8\.4\.14 is affected by/);
  await screenshot(page, 'ui-pnpm-monorepo');
  assert.match(rows.join('\n'), /Fixed in 8\.4\.31/);
  await problemsFilter(page).fill('');
}

async function breakingIsConfirmed({ page }: Scene): Promise<void> {
  await openFile(page, 'pnpm-workspace.yaml');
  const before = await editorText(page);
  await commandPalette(page, 'Provender: Upgrade…');
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: 'Major' }).last().click();
  await rows.filter({ hasText: 'Everything' }).first().click();
  await rows.filter({ hasText: 'may break' }).first().waitFor();
  await screenshot(page, 'ui-upgrade-workspace');
  await page.keyboard.press('Enter');
  const preview = page.locator('.bulk-edit-panel');
  await preview.locator('.monaco-list-row').first().waitFor();
  await screenshot(page, 'ui-upgrade-preview');
  assert.equal(await editorText(page), before, 'the text changed before the preview was accepted');
  await preview.locator('.monaco-button').filter({ hasText: 'Apply' }).first().click();
  await waitForText(page, /semver: \^7\.\d+\.\d+/);
  await preview.locator('.monaco-list-row').first().waitFor({ state: 'hidden' });
  assert.match(await editorText(page), /react: \^18\./, 'what may break was changed unconfirmed');
}

process.exitCode = await main();

/**
 * Drives the packaged extension in a real VS Code as a user would, with pictures in `pictures/`. Prints each step and at
 * the end `ui: N passed, N failed`. Everything that the extension asks is answered by the example server on loopback.
 */
import { strict as assert } from 'node:assert';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startExampleServer, type ExampleServer } from '../../../scripts/demo/example-server.ts';
import { readExampleWorld } from '../../../scripts/demo/example-world.ts';
import { makeVsix } from '../../../scripts/demo/make-vsix.ts';
import { editorEnvironment, editorSettings, setStage, type Stage } from '../../../scripts/demo/stage.ts';
import { openWorkbench, startVscode } from '../../../scripts/vscode/start-vscode.ts';
import {
  editorText,
  hoverOn,
  listQuickFixes,
  openFile,
  openProblems,
  openTree,
  quickFix,
  screenshot,
  waitForSquiggle,
} from './ui-kit.ts';

interface Scene {
  readonly page: Page;
  readonly stage: Stage;
  readonly server: ExampleServer;
}

type Step = readonly [name: string, run: (scene: Scene) => Promise<void>];

const API = 'packages/api/package.json';

const STEPS: readonly Step[] = [
  ['nothing is sent before the user agrees', nothingIsSent],
  ['after the answer, the lines are marked', linesAreMarked],
  ['a hover answers the three questions', hoverAnswers],
  ['the list of fixes offers the smallest upgrade first', fixesAreListed],
  ['a quick fix mends the line and keeps its range prefix', fixMendsTheLine],
  ['the line waits for the install', lineWaits],
  ['a changed lockfile clears the line', lockfileClears],
  ['the tree groups the risks by what to do', treeGroups],
  ['the problems have our name', problemsAreNamed],
  ['a catalog line is marked where the version is written', catalogIsMarked],
];

async function main(): Promise<number> {
  const stage = await setStage();
  const server = await startExampleServer();
  const settings = { ...(await editorSettings(stage, server)), 'provender.advisories.database': '' };
  const vscode = await startVscode({
    workDir: join(stage.folder, 'vscode'),
    extensionVsix: await makeVsix(stage.folder),
    settings,
    workspaceTrust: false,
    env: editorEnvironment(stage),
  });
  let passed = 0;
  let failed = 0;
  try {
    const { browser, page } = await openWorkbench({ vscode, folder: stage.workspace });
    for (const [name, run] of STEPS) {
      try {
        await run({ page, stage, server });
        passed++;
        console.log(`  ✓ ${name}`);
      } catch (error) {
        failed++;
        console.log(`  ✗ ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        await screenshot(page, `ui-failed-${String(failed)}`);
      }
    }
    await browser.close();
  } finally {
    await vscode.stop();
    await server.close();
  }
  console.log(`ui: ${String(passed)} passed, ${String(failed)} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

async function nothingIsSent({ page, server }: Scene): Promise<void> {
  await openFile(page, API);
  const ask = page.locator('.notification-toast .monaco-button').filter({ hasText: /^Ask$/ });
  await ask.waitFor({ timeout: 40_000 });
  await screenshot(page, 'ui-first-open');
  assert.deepEqual(server.requests, [], 'something was sent before the answer');
  await ask.click();
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
  const titles = await listQuickFixes(page, '~4.17.20');
  await screenshot(page, 'ui-quick-fixes');
  assert.match(titles.join('\n'), /Upgrade lodash to 4\.1[78]\.\d+ \(clears/);
}

async function fixMendsTheLine({ page }: Scene): Promise<void> {
  await quickFix(page, '~4.17.20', 'Upgrade lodash to');
  assert.match((await editorText(page)).replaceAll('\u00a0', ' '), /"lodash": "~4\.17\.2[1-9]"/);
}

async function lineWaits({ page }: Scene): Promise<void> {
  await page.keyboard.press('Control+s');
  await openProblems(page);
  await page.locator('.markers-panel input, .panel .filter input').first().fill('lockfile still has 4.17.20');
  await waitingRow(page).waitFor({ timeout: 20_000 });
  await screenshot(page, 'ui-waiting-for-install');
}

function waitingRow(page: Page): Locator {
  return page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'still has 4.17.20' });
}

/** Stands in for the user's `pnpm install`, which is never run for them. */
async function lockfileClears({ page, stage }: Scene): Promise<void> {
  const to = /"lodash": "~([\d.]+)"/.exec((await editorText(page)).replaceAll('\u00a0', ' '))?.[1] ?? '';
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
  await page.locator('.markers-panel input, .panel .filter input').first().fill('');
  await screenshot(page, 'ui-installed');
}

async function treeGroups({ page }: Scene): Promise<void> {
  const rows = await openTree(page, 'Dependency Risks');
  await screenshot(page, 'ui-tree');
  assert.match(rows.join('\n'), /Do now/);
}

async function problemsAreNamed({ page }: Scene): Promise<void> {
  const rows = await openProblems(page);
  assert.match(rows.join('\n'), /Provender/);
}

async function catalogIsMarked({ page }: Scene): Promise<void> {
  await openFile(page, 'pnpm-workspace.yaml');
  await page.locator('.monaco-editor .cdr').first().waitFor({ state: 'attached', timeout: 30_000 });
  await screenshot(page, 'ui-catalog');
}

process.exitCode = await main();

/** Takes pictures of what a user sees first: the manifest, a hover, the quick fixes, the tree and the problems. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { commandPalette, hoverOn, openFile, openProblems, waitForSquiggle } from '../../test/host/ui/ui-kit.ts';
import { openWorkbench, type RunningVscode } from '../vscode/start-vscode.ts';

const MANIFEST = 'packages/web/package.json';
// On the version VS Code would put the diagnostic above the card.
const NAME = 'lodash';

export async function takePictures(vscode: RunningVscode, workspace: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { browser, page } = await openWorkbench({ vscode, folder: workspace, viewport: { width: 1440, height: 1000 } });
  const take = async (name: string): Promise<void> => {
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    console.log(path);
  };
  try {
    await openFile(page, MANIFEST);
    await waitForSquiggle(page, 'error');
    await take('first-open');
    await giveConsent(page);
    await waitUntilLookedUp(page);
    await take('manifest');
    await hoverOn(page, NAME);
    // The tip of the link on the name is there before the card.
    await page.locator('.monaco-hover:not(.hidden)').filter({ hasText: 'Advisories' }).waitFor({ timeout: 15_000 });
    await take('hover');
    await openQuickFixes(page);
    await take('quick-fix');
    await page.keyboard.press('Escape');
    await commandPalette(page, 'Provender: Show Risks');
    await page.locator('.sidebar .monaco-list-row').filter({ hasText: 'Do now' }).waitFor({ timeout: 15_000 });
    await take('tree');
    await openProblems(page);
    await take('problems');
  } catch (error) {
    // What stood on the screen tells more than the message.
    await take('failed');
    throw error;
  } finally {
    await browser.close();
  }
}

/** Answers the notice that asks before anything is sent; here everything goes to the example server. */
async function giveConsent(page: Page): Promise<void> {
  const ask = page.locator('.notification-toast .monaco-button').filter({ hasText: /^Ask$/ });
  const isAsked = await ask.waitFor({ timeout: 10_000 }).then(
    () => true,
    () => false,
  );
  if (!isAsked) return;
  await ask.click();
  await ask.waitFor({ state: 'hidden' });
}

/** While look-ups run, the status bar counts them; a fast machine may have done them before one looks. */
async function waitUntilLookedUp(page: Page): Promise<void> {
  const progress = page.locator('.statusbar-item').filter({ hasText: 'looking up' }).first();
  await progress.waitFor({ timeout: 5_000 }).catch(() => undefined);
  await progress.waitFor({ state: 'hidden', timeout: 60_000 });
}

/** The hover before left the cursor on the line. */
async function openQuickFixes(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .monaco-list-row.action').first().waitFor({ timeout: 15_000 });
}

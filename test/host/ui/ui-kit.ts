/**
 * What a user does in VS Code, one function per verb, over a page that `openWorkbench` opened.
 * VS Code drops keys while it is busy, so a verb repeats its key press until the part that it opens is seen.
 */
import { mkdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { repositoryRoot } from '../../../scripts/vscode/tools-cache.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

const APPEAR_MS = 3_000;
const PATIENT_MS = 30_000;
const ATTEMPTS = 6;

const ACTIVE_EDITOR = '.editor-group-container.active .editor-instance .monaco-editor';
const PALETTE_ROWS = '.quick-input-list .monaco-list-row';
const ACTION_ROWS = '.action-widget .monaco-list-row.action';
const HOVER = '.monaco-editor .monaco-hover:not(.hidden)';

/** Opens a file of the workspace by its name or its path in the workspace, and waits for its text. */
export async function openFile(page: Page, path: string): Promise<void> {
  const row = quickOpenRow(page, path);
  // Files of one name in several folders differ only in the address that the editor bears.
  const address = encodeURI(`${openedFolder(page)}/${path}`);
  const opened = page.locator(`${ACTIVE_EDITOR}[data-uri$="${address}"] .view-line`);
  await repeat(`open ${path}`, async () => {
    await openQuickInput(page, 'Control+P', path);
    await row.first().waitFor({ timeout: APPEAR_MS });
    await page.keyboard.press('Enter');
    await opened.first().waitFor({ timeout: APPEAR_MS });
  });
}

/** Waits until the open editor has a squiggle of this severity. */
export async function waitForSquiggle(page: Page, severity: Severity, timeoutMs = PATIENT_MS): Promise<void> {
  await page
    .locator(`${ACTIVE_EDITOR} .squiggly-${severity}`)
    .first()
    .waitFor({ state: 'attached', timeout: timeoutMs });
}

/** Opens the Problems panel and answers its rows: one per file, followed by those of its problems. */
export async function openProblems(page: Page, until = /\S/): Promise<string[]> {
  const rows = page.locator('.markers-panel .monaco-list-row');
  const opened = page.locator('.markers-panel');
  await repeat('open Problems', async () => {
    // The key toggles: pressed again while the panel is only slow, it would close it.
    if (!(await opened.isVisible())) await page.keyboard.press('Control+Shift+M');
    await rows.filter({ hasText: until }).first().waitFor({ timeout: APPEAR_MS });
  });
  return texts(rows);
}

/** Puts the cursor on a text of the open editor and answers what the hover says. */
export async function hoverOn(page: Page, text: string, until = /\S/): Promise<string> {
  const hover = page.locator(HOVER).filter({ hasNotText: /^\s*Loading\.\.\.\s*$/, hasText: until });
  return repeat(`hover on ${text}`, async () => {
    await page.keyboard.press('Escape');
    await placeCursor(page, text);
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await hover.first().waitFor({ timeout: 15_000 });
    return plain((await hover.allInnerTexts()).join('\n'));
  });
}

/** Answers the titles that Ctrl+. offers on the line that has this text. */
export async function listQuickFixes(
  page: Page,
  textOnLine: string,
  until = /\S/,
  picture?: string,
): Promise<string[]> {
  await openQuickFixes(page, textOnLine, until);
  if (picture !== undefined) await screenshot(page, picture);
  const titles = await texts(page.locator(ACTION_ROWS));
  await page.keyboard.press('Escape');
  await page.locator(ACTION_ROWS).first().waitFor({ state: 'hidden', timeout: APPEAR_MS });
  return titles;
}

/** Applies the quick fix with this title on the line that has this text, and waits until the text in view has changed. */
export async function quickFix(page: Page, textOnLine: string, title: string): Promise<void> {
  const before = await editorText(page);
  await chooseQuickFix(page, textOnLine, title);
  await waitUntil(`the text changes by ${title}`, async () => (await editorText(page)) !== before);
}

/** Chooses a quick fix that asks for something, until it shows what it opens. */
export async function quickFixThatAsks(page: Page, textOnLine: string, title: string, opened: Locator): Promise<void> {
  await repeat(`choose ${title}`, async () => {
    await chooseQuickFix(page, textOnLine, title);
    await opened.waitFor({ timeout: APPEAR_MS });
  });
}

async function chooseQuickFix(page: Page, textOnLine: string, title: string): Promise<void> {
  await openQuickFixes(page, textOnLine, title);
  const rows = page.locator(ACTION_ROWS);
  const titles = await texts(rows);
  // By keys, because an overlay can block a click; the list opens with its first row or none in focus.
  await repeat(
    `choose ${title}`,
    async () => {
      const focused = page.locator(`${ACTION_ROWS}.focused`);
      const text = plain((await focused.allInnerTexts()).join(' '));
      if (text.includes(title)) return;
      await page.keyboard.press('ArrowDown');
      throw new Error(`“${text}” was in focus`);
    },
    titles.length + 2,
  );
  await page.keyboard.press('Enter');
  await rows.first().waitFor({ state: 'hidden', timeout: APPEAR_MS });
}

/** Puts the cursor into a text of the open editor and answers the rows that the editor completes it with. */
export async function completions(page: Page, text: string, until: RegExp): Promise<string[]> {
  const rows = page.locator('.suggest-widget.visible .monaco-list-row');
  return repeat(`complete ${text}`, async () => {
    await page.keyboard.press('Escape');
    await placeCursor(page, text);
    await page.keyboard.press('Control+Space');
    await rows.filter({ hasText: until }).first().waitFor({ timeout: APPEAR_MS });
    return texts(rows);
  });
}

/** Shows a view container by its label in the activity bar and answers the rows of its trees. */
export async function openTree(page: Page, label: string, until = /\S/): Promise<string[]> {
  const tab = page.locator(`.activitybar .action-label[aria-label^="${label}"]`).first();
  const rows = page.locator('.sidebar .monaco-list-row');
  const title = page.locator('.sidebar .composite.title').filter({ hasText: new RegExp(label, 'i') });
  await repeat(`open ${label}`, async () => {
    // A click on the container that is open already would close the side bar.
    if (!(await title.isVisible())) await tab.click({ timeout: APPEAR_MS, force: true });
    await title.waitFor({ timeout: APPEAR_MS });
  });
  await rows.filter({ hasText: until }).first().waitFor({ timeout: PATIENT_MS });
  return texts(rows);
}

/** Runs a command by its title. */
export async function commandPalette(page: Page, title: string): Promise<void> {
  const row = page.locator(`${PALETTE_ROWS}.focused`).filter({ hasText: title }).first();
  await repeat(`run ${title}`, async () => {
    await openQuickInput(page, 'F1', `>${title}`);
    await row.waitFor({ timeout: APPEAR_MS });
  });
  await page.keyboard.press('Enter');
}

/** Waits until the lines of the active editor that are in view hold a text. */
export async function waitForText(page: Page, text: RegExp): Promise<void> {
  await waitUntil(`the text has ${String(text)}`, async () => text.test(await editorText(page)));
}

/** Answers the lines of the active editor that are in view; the editor draws no others. */
export async function editorText(page: Page): Promise<string> {
  // The editor reuses its line elements, so their order in the document is not that of the text.
  const lines = await page.evaluate<string[]>(`
    [...document.querySelectorAll('${ACTIVE_EDITOR} .view-line')]
      .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
      .map((line) => line.textContent)`);
  return plain(lines.join('\n'));
}

/** Puts the cursor at the start of a line, counted from 1, and scrolls to it. */
export async function goToLine(page: Page, line: number): Promise<void> {
  await repeat(`go to line ${String(line)}`, async () => {
    await openQuickInput(page, 'Control+G', `:${String(line)}`);
    await page.keyboard.press('Enter');
    await caretLine(page, line, APPEAR_MS);
  });
}

/** Asks where a text of the open editor is defined, and goes there. */
export async function goToDefinition(page: Page, text: string): Promise<void> {
  await placeCursor(page, text);
  await page.keyboard.press('F12');
}

/** Waits until the cursor is in a line, counted from 1. */
export async function caretLine(page: Page, line: number, timeoutMs = PATIENT_MS): Promise<void> {
  const selection = page.locator('[id="status.editor.selection"]').filter({ hasText: `Ln ${String(line)},` });
  await selection.waitFor({ timeout: timeoutMs });
}

/** The class by which the editor colors the first token of the open editor that has just this text. */
export async function colorOf(page: Page, token: string): Promise<string> {
  const found = page.locator(`${ACTIVE_EDITOR} .view-line span span`).getByText(token, { exact: true }).first();
  return /\bmtk\d+\b/.exec((await found.getAttribute('class', { timeout: APPEAR_MS })) ?? '')?.[0] ?? '';
}

/** Takes a picture into the git-ignored folder `pictures` and answers its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const folder = join(repositoryRoot, 'pictures');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  return path;
}

/** Quick open labels a file `NAME FOLDER, KIND`; while it filters, the list still shows other files. */
function quickOpenRow(page: Page, path: string): Locator {
  const folder = posix.dirname(path);
  const label = folder === '.' ? posix.basename(path) : `${posix.basename(path)} ${folder}`;
  const row = `${PALETTE_ROWS}.focused`;
  return page.locator(`${row}[aria-label="${label}"], ${row}[aria-label^="${label},"]`);
}

function openedFolder(page: Page): string {
  return new URL(page.url()).searchParams.get('folder') ?? '';
}

async function openQuickInput(page: Page, key: string, text: string): Promise<void> {
  const input = page.locator('.quick-input-widget input[type="text"]');
  await page.keyboard.press('Escape');
  await page.keyboard.press(key);
  await input.waitFor({ timeout: APPEAR_MS });
  await input.fill(text);
}

async function openQuickFixes(page: Page, textOnLine: string, until: string | RegExp): Promise<void> {
  await repeat(`open the quick fixes on ${textOnLine} with ${String(until)}`, async () => {
    await page.keyboard.press('Escape');
    await placeCursor(page, textOnLine);
    await page.keyboard.press('Control+.');
    await page.locator(ACTION_ROWS).filter({ hasText: until }).first().waitFor({ timeout: APPEAR_MS });
  });
}

/** Clicks the middle of a text in view. The editor cuts a line by colors and marks, so the text may span elements. */
async function placeCursor(page: Page, text: string): Promise<void> {
  await waitUntil(`${text} is in view`, async () => (await middleOf(page, text)) !== null);
  const middle = await middleOf(page, text);
  if (middle === null) throw new Error(`${text} is not in view any more`);
  // A click of a locator's own would scroll the editor when something covers the text for a moment.
  await page.mouse.click(middle.x, middle.y);
}

async function middleOf(page: Page, text: string): Promise<{ readonly x: number; readonly y: number } | null> {
  return page.evaluate(`(() => {
    const wanted = ${JSON.stringify(text)};
    for (const line of document.querySelectorAll('${ACTIVE_EDITOR} .view-line')) {
      const at = line.textContent.replaceAll('\u00a0', ' ').indexOf(wanted);
      if (at === -1) continue;
      const range = document.createRange();
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      let offset = 0;
      let isStarted = false;
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const end = offset + node.length;
        if (!isStarted && at < end) {
          range.setStart(node, at - offset);
          isStarted = true;
        }
        if (at + wanted.length <= end) {
          range.setEnd(node, at + wanted.length - offset);
          break;
        }
        offset = end;
      }
      const box = range.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }
    return null;
  })()`);
}

async function texts(rows: Locator): Promise<string[]> {
  return (await rows.allInnerTexts()).map((text) => plain(text).replaceAll(/\s+/g, ' ').trim());
}

/** The editor writes spaces as no-break spaces. */
function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}

async function repeat<T>(what: string, attempt: () => Promise<T>, attempts = ATTEMPTS): Promise<T> {
  let cause: unknown;
  for (let count = 0; count < attempts; count++) {
    try {
      return await attempt();
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`Could not ${what} in ${attempts} attempts`, { cause });
}

async function waitUntil(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENT_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

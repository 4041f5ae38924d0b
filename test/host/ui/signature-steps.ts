import { strict as assert } from 'node:assert';
import type { Scene, Step } from './scene.ts';
import { hoverOn, openFile, openTree, screenshot, waitForText } from './ui-kit.ts';

const API = 'packages/api/package.json';

/** What was verified, on the line and in the tree. */
export const SIGNATURES: readonly Step[] = [
  ['a hover says who built a package from which commit', provenanceIsShown],
  ['a hover says that a signature alone does not say who built it', signedIsShown],
  ['a hover says that the lockfile pins bytes that nobody signed', invalidIsShown],
  ['a hover says that earlier versions were published with more', lostIsShown],
  ['the tree counts the verdicts', verdictsAreCounted],
];

async function provenanceIsShown({ page }: Scene): Promise<void> {
  await openFile(page, API);
  const card = await hoverOn(page, 'provender-demo-provenance', /Built from/);
  await screenshot(page, 'ui-signature-provenance');
  assert.match(card, /✓ provenance/);
  assert.match(card, /github\.com\/provender-demo\/widget/);
  assert.match(card, /\.github\/workflows\/release\.yml/);
  assert.match(card, /log entry/);
}

async function signedIsShown({ page }: Scene): Promise<void> {
  await openFile(page, API);
  const card = await hoverOn(page, '"ws"', /Signature/);
  await screenshot(page, 'ui-signature-signed');
  assert.match(card, /✓ signed/);
  assert.doesNotMatch(card, /built from/i);
}

async function invalidIsShown({ page }: Scene): Promise<void> {
  await openFile(page, API);
  const card = await hoverOn(page, 'provender-demo-invalid', /INVALID/);
  await screenshot(page, 'ui-signature-invalid');
  assert.match(card, /pins other bytes/);
}

async function lostIsShown({ page }: Scene): Promise<void> {
  await openFile(page, API);
  const card = await hoverOn(page, 'provender-demo-lost', /lost provenance/);
  await screenshot(page, 'ui-signature-lost');
  assert.match(card, /3\.0\.0/);
  await waitForText(page, /⚠ lost provenance/);
}

async function verdictsAreCounted({ page }: Scene): Promise<void> {
  await openTree(page, 'Dependency Risks', /Do now/);
  const rows = page.locator('.sidebar .monaco-list-row');
  await page.locator('.sidebar .monaco-list').first().focus();
  await page.keyboard.press('End');
  await rows
    .filter({ hasText: /provenance verified/ })
    .first()
    .waitFor();
  await screenshot(page, 'ui-signature-tree');
  const shown = await rows.allInnerTexts();
  await page.keyboard.press('Home');
  assert.ok(
    shown.some((row) => /invalid signature\s*1 package/.test(row)),
    shown.join('\n'),
  );
}

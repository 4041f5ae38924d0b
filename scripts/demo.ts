/**
 * `npm run demo`: checks the example project on the command line, then opens it in a real VS Code with the extension.
 * Nothing leaves this machine but the download of VS Code: a server on loopback plays the registry, OSV.dev, CISA's
 * catalog and Scorecard. `--screenshot DIR` takes pictures and ends, `--check` ends after the table.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startExampleServer, type ExampleServer } from './demo/example-server.ts';
import { makeVsix } from './demo/make-vsix.ts';
import { getDesktop, hasDisplay, openDesktop } from './demo/open-desktop.ts';
import { editorEnvironment, editorSettings, runProvender, setStage, type Stage } from './demo/stage.ts';
import { takePictures } from './demo/take-pictures.ts';
import { startVscode, type RunningVscode } from './vscode/start-vscode.ts';
import { repositoryRoot } from './vscode/tools-cache.ts';

async function demo(): Promise<void> {
  const { values } = parseArgs({ options: { screenshot: { type: 'string' }, check: { type: 'boolean' } } });
  const stage = await setStage();
  await showTable(stage);
  if (values.check === true) return;
  const server = await startExampleServer();
  try {
    if (values.screenshot === undefined) await open(stage, server);
    else await picture(stage, server, resolve(values.screenshot));
  } finally {
    await server.close();
  }
}

/** Imports the examples' advisories and checks the project against them, offline. */
async function showTable(stage: Stage): Promise<void> {
  const advisories = join(repositoryRoot, 'examples/advisories.jsonl');
  const imported = await runProvender(stage, ['advisories', 'import', advisories, '--db', stage.database]);
  if (imported !== 0) throw new Error(`The advisories could not be imported (exit code ${imported})`);
  const checked = await runProvender(stage, ['check', stage.workspace, '--offline', '--db', stage.database]);
  // 1 says that there are findings, which is what the examples are for.
  if (checked !== 1) throw new Error(`The check of the examples ended with ${checked} in place of 1`);
}

async function open(stage: Stage, server: ExampleServer): Promise<void> {
  const settings = await editorSettings(stage, server);
  const desktop = hasDisplay() ? await getDesktop() : undefined;
  if (desktop !== undefined) {
    console.log(`\nOpening ${stage.workspace} in VS Code. Close its window to end the demo.`);
    await openDesktop(desktop, stage, settings);
    return;
  }
  const vscode = await startInBrowser(stage, server);
  const url = new URL(vscode.url);
  url.searchParams.set('folder', stage.workspace);
  console.log(`\nOpen this in a browser on this machine:\n\n  ${url.href}\n`);
  console.log('Look at packages/web/package.json. The demo stays until you press Ctrl-C.');
  await new Promise(() => undefined);
}

async function picture(stage: Stage, server: ExampleServer, folder: string): Promise<void> {
  const vscode = await startInBrowser(stage, server);
  try {
    await takePictures(vscode, stage.workspace, folder);
  } finally {
    await vscode.stop();
  }
}

async function startInBrowser(stage: Stage, server: ExampleServer): Promise<RunningVscode> {
  return startVscode({
    workDir: join(stage.folder, 'vscode'),
    extensionVsix: await makeVsix(stage.folder),
    settings: await editorSettings(stage, server),
    workspaceTrust: false,
    env: editorEnvironment(stage),
  });
}

try {
  await demo();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

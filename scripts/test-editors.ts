/**
 * `npm run test:editors`: drives editors that others wrote, Neovim and Emacs, against the built server on a copy of the
 * examples: diagnostics, a hover, and a quick fix that is applied. An editor that is not installed is skipped, and with
 * `--require` that is a failure.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { runProvender, setStage, type Stage } from './demo/stage.ts';
import { repositoryRoot } from './vscode/tools-cache.ts';

const runFile = promisify(execFile);
const EDITOR_TIMEOUT_MS = 60_000;
const FILE = 'packages/web/package.json';
const LINE = '"lodash": "^4.17.20"';

interface Editor {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

const EDITORS: readonly Editor[] = [
  {
    name: 'Neovim',
    program: 'nvim',
    args: ['--headless', '--clean', '-n', '-S', join(import.meta.dirname, 'editors/neovim.lua')],
  },
  { name: 'Emacs', program: 'emacs', args: ['--batch', '-l', join(import.meta.dirname, 'editors/emacs.el')] },
];

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { require: { type: 'boolean' } } });
  let failures = 0;
  for (const editor of EDITORS) {
    if (!(await isInstalled(editor.program))) {
      console.log(`${editor.name}: skipped, ${editor.program} is not installed`);
      if (values.require === true) failures++;
    } else if (!(await isServed(editor))) failures++;
  }
  return failures > 0 ? 1 : 0;
}

async function isInstalled(program: string): Promise<boolean> {
  return runFile(program, ['--version']).then(
    () => true,
    () => false,
  );
}

/** Each editor gets a copy of its own, since a quick fix changes it. */
async function isServed(editor: Editor): Promise<boolean> {
  const stage = await setStage();
  const advisories = join(repositoryRoot, 'examples/advisories.jsonl');
  await runProvender(stage, ['advisories', 'import', advisories, '--db', stage.database]);
  const printed = await drive(editor, stage);
  for (const line of printed.text.split('\n')) if (line !== '') console.log(`${editor.name}: ${line}`);
  const wrong = printed.isFailed ? ['it ended with an error'] : judge(printed.text);
  for (const reason of wrong) console.log(`${editor.name}: FAILED, ${reason}`);
  if (wrong.length === 0) console.log(`${editor.name}: passed`);
  return wrong.length === 0;
}

async function drive(editor: Editor, stage: Stage): Promise<{ text: string; isFailed: boolean }> {
  const server = join(repositoryRoot, 'dist/server.cjs');
  const command = [process.execPath, server, 'lsp', '--stdio', '--offline', '--db', stage.database];
  const env = {
    ...process.env,
    ...stage.env,
    HOME: stage.folder,
    PROVENDER_COMMAND: command.join('\n'),
    PROVENDER_ROOT: stage.workspace,
    PROVENDER_FILE: join(stage.workspace, FILE),
    PROVENDER_LINE: LINE,
  };
  try {
    const { stdout } = await runFile(editor.program, [...editor.args], { env, timeout: EDITOR_TIMEOUT_MS });
    return { text: stdout, isFailed: false };
  } catch (error) {
    const printed = (name: string): string =>
      typeof error === 'object' && error !== null ? String(Reflect.get(error, name) ?? '') : '';
    return { text: `${printed('stdout')}${printed('stderr')}`, isFailed: true };
  }
}

/** What is missing in the lines that an editor printed. */
function judge(text: string): string[] {
  const value = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  const wrong: string[] = [];
  if (Number(value('diagnostics')) === 0) wrong.push('no diagnostic came');
  if (!value('hover').includes('GHSA-35jh-r3h4-6jhm')) wrong.push('the hover does not name the advisory');
  if (!/^"lodash": "\^4\.(?!17\.20")/.test(value('applied'))) wrong.push('the quick fix did not change the line');
  return wrong;
}

process.exitCode = await main();

import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import * as vscode from 'vscode';

suite('A manifest in VS Code', () => {
  test('shows what the local database knows, with the advisory as code', async () => {
    const document = await openManifest();
    const diagnostic = await waitFor(() =>
      vscode.languages.getDiagnostics(document.uri).find(({ message }) => message.startsWith('lodash 4.17.20')),
    );
    assert.equal(diagnostic.source, 'Provender');
    assert.equal(document.getText(diagnostic.range), '~4.17.20');
  });

  test('answers a hover with a card', async () => {
    const document = await openManifest();
    const position = document.positionAt(document.getText().indexOf('"lodash"') + 3);
    const text = await waitFor(async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        position,
      );
      return hovers
        .flatMap(({ contents }) => contents)
        .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
        .find((value) => value.includes('**Advisories**'));
    });
    assert.match(text, /\*\*Signature\*\*/);
    assert.match(text, /\*\*Health\*\*/);
  });

  test('offers an upgrade that keeps the range prefix, and applies it', async () => {
    const document = await openManifest();
    const start = document.getText().indexOf('"lodash"');
    const range = new vscode.Range(document.positionAt(start), document.positionAt(start + 20));
    const action = await waitFor(async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        range,
        vscode.CodeActionKind.QuickFix.value,
        5,
      );
      return actions.find(({ title, edit }) => title.startsWith('Upgrade lodash to') && edit !== undefined);
    });
    assert(action.edit);
    assert(await vscode.workspace.applyEdit(action.edit));
    assert.match(document.getText(), /"lodash": "~4\.18\.\d+"/);
    assert.doesNotMatch(document.getText(), /"lodash": "~4\.17\.20"/);
    const waiting = await waitFor(() =>
      vscode.languages.getDiagnostics(document.uri).find(({ code }) => code === 'waiting-for-install'),
    );
    assert.match(waiting.message, /the lockfile still has 4\.17\.20/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('says nothing to a bare source.fixAll', async () => {
    const document = await openManifest();
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      whole,
      'source.fixAll',
    );
    assert.deepEqual(
      actions.filter(({ kind }) => kind?.value.includes('provender')),
      [],
    );
  });
});

suite('A pnpm monorepo with catalogs in VS Code', () => {
  test('is upgraded as a whole, each version where it is written, once the list is accepted', async () => {
    await openManifest();
    await waitForRisks('pnpm-workspace.yaml');
    const before = await textOf('pnpm-workspace.yaml');
    void vscode.commands.executeCommand('provender.upgrade', { step: 'patch', onlyFindings: true });
    await press([ACCEPT_LIST], async () => (await textOf('pnpm-workspace.yaml')) !== before);
    assert.equal(
      await textOf('pnpm-workspace.yaml'),
      before.replace('postcss: ^8.4.14', 'postcss: ^8.4.31').replace('semver: ^7.5.1', 'semver: ^7.5.2'),
    );
    const web = await textOf('packages/web/package.json');
    assert.match(web, /"postcss": "catalog:"/);
    assert.match(web, /"@acme-shop\/tools": "workspace:\*"/);
    assert.match(web, /"axios": "\^0\.21\.2"/);
    assert.match(await textOf('packages/api/package.json'), /"lodash": "~4\.17\.23"/);
    assert.match(await textOf('packages/tools/package.json'), /"react": ">=17"/);
  });

  test('has what may break unticked in the preview of the editor', async () => {
    void vscode.commands.executeCommand('provender.upgrade', { step: 'major', onlyFindings: true });
    const api = 'packages/api/package.json';
    await press([ACCEPT_LIST, 'refactorPreview.apply'], async () => /"ws": "\^8\.17\.1"/.test(await textOf(api)));
    assert.match(await textOf(api), /"express": "4\.19\.2"/);
    assert.match(await textOf(api), /"jsonwebtoken": "\^8\.5\.1"/);
  });
});

const ACCEPT_LIST = 'workbench.action.acceptSelectedQuickOpenItem';

/** Runs commands again and again until it shows: what they act on takes a moment to appear. */
async function press(commands: readonly string[], isDone: () => Promise<boolean>): Promise<void> {
  await waitFor(async () => {
    if (await isDone()) return true;
    for (const command of commands) await vscode.commands.executeCommand(command);
    return undefined;
  });
}

async function waitForRisks(path: string): Promise<void> {
  const { uri } = await documentAt(path);
  await waitFor(() => vscode.languages.getDiagnostics(uri).find(({ source }) => source === 'Provender'));
}

async function textOf(path: string): Promise<string> {
  return (await documentAt(path)).getText();
}

async function documentAt(path: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert(folder, 'no folder is open');
  return vscode.workspace.openTextDocument(join(folder.uri.fsPath, path));
}

async function openManifest(): Promise<vscode.TextDocument> {
  await useExampleDatabase();
  const document = await documentAt('packages/api/package.json');
  await vscode.window.showTextDocument(document);
  return document;
}

/** The runner imported the example advisories; reading only them needs no question to the user. */
async function useExampleDatabase(): Promise<void> {
  const database = process.env['PROVENDER_EXAMPLE_DATABASE'];
  assert(database, 'the runner did not name the example database');
  const configuration = vscode.workspace.getConfiguration('provender');
  if (configuration.get('advisories.database') === database) return;
  await configuration.update('advisories.source', 'offline', vscode.ConfigurationTarget.Global);
  await configuration.update('advisories.database', database, vscode.ConfigurationTarget.Global);
}

async function waitFor<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const until = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error('it did not appear within 30 s');
    await new Promise((done) => setTimeout(done, 100));
  }
}

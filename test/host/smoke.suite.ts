import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

suite('Provender in VS Code', () => {
  test('is present and activates', async () => {
    const extension = vscode.extensions.getExtension('provender.provender');
    assert(extension, 'the extension is not installed');
    await extension.activate();
    assert(extension.isActive);
  });
});

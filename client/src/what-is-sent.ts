import * as vscode from 'vscode';

/** Shows the page that names who is asked and what each learns. It ships with the extension. */
export async function showWhatIsSent(extensionUri: vscode.Uri): Promise<void> {
  const page = vscode.Uri.joinPath(extensionUri, 'docs', 'data-sources.md');
  try {
    await vscode.commands.executeCommand('markdown.showPreview', page);
  } catch {
    // The built-in Markdown extension can be turned off.
    await vscode.window.showTextDocument(page);
  }
}

import { count } from '../features/words.ts';
import type { Paint } from './colors.ts';
import type { ListedDocument } from './list-documents.ts';
import { printable } from './printable.ts';
import { alignRows } from './table.ts';

/** The documents for people, each with its packages. */
export function listTable(documents: readonly ListedDocument[], paint: Paint): string {
  return `${documents.map((document) => documentTable(document, paint)).join('\n\n')}\n`;
}

function documentTable({ path, format, packages, problems }: ListedDocument, paint: Paint): string {
  const title = `${paint('bold', printable(path, 1000))} (${format}): ${count(packages.length, 'package')}`;
  const rows = packages.map(({ name, version, direct, scopes, source }) => [
    printable(name),
    version === '' ? '?' : printable(version),
    direct ? 'direct' : '',
    scopes.join(', '),
    source === 'registry' ? '' : source,
  ]);
  return [
    title,
    ...(rows.length > 0 ? alignRows(['PACKAGE', 'VERSION', 'DIRECT', 'SCOPES', 'SOURCE'], rows, paint) : []),
    ...problems.map(({ line, message }) => paint('yellow', `line ${String(line)}: ${printable(message)}`)),
  ].join('\n');
}

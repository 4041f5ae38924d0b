import { textAt, valueAt, type DocumentNode } from '../text/document-tree.ts';
import { readJsonTree } from '../text/json-tree.ts';
import {
  ignored,
  isNumber,
  isPublicId,
  numberProblem,
  timeOf,
  type DecisionFormat,
  type FoundDecision,
} from './decision-format.ts';
import type { Problem } from '../core/span.ts';

/** Exceptions of better-npm-audit. @see https://github.com/jeemok/better-npm-audit#nsprc-file */
export const nsprc: DecisionFormat = {
  tool: 'better-npm-audit',
  matches: (name) => name === '.nsprc',
  read(text) {
    const { root, problems } = readJsonTree(text, { mayHaveComments: true });
    const entries = root?.kind === 'map' ? root.entries : [];
    return {
      value: entries.flatMap(({ name, nameSpan, value }) => readEntry(name, nameSpan, value, problems)),
      problems,
    };
  },
};

function readEntry(
  id: string,
  span: FoundDecision['span'],
  value: DocumentNode | undefined,
  problems: Problem[],
): FoundDecision[] {
  // The first tool of that name kept a list of addresses below "exceptions".
  if (value?.kind === 'list') return [];
  const isActive = valueAt(value, 'active');
  if (isActive?.kind === 'other' && isActive.value === false) return [];
  if (isNumber(id)) {
    problems.push(numberProblem(span));
    return [];
  }
  if (!isPublicId(id)) return [];
  const expiry = valueAt(value, 'expiry');
  const written = expiry?.kind === 'text' ? expiry.text : expiry?.kind === 'other' ? String(expiry.value) : undefined;
  const until = timeOf(written);
  if (written !== undefined && written !== '' && until === undefined) {
    problems.push({ span: expiry?.span ?? span, message: 'this date cannot be read, and the entry is not applied' });
    return [];
  }
  const reason = textAt(value, 'notes') ?? textAt(value, 'reason') ?? '';
  return [ignored(span, { ids: [id], reason, until })];
}

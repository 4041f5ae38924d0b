import type { Problem, Span } from '../core/span.ts';
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

/** The last moment that a date can hold. */
const LAST_MOMENT_MS = 8.64e15;

/** The allowlist of audit-ci. @see https://github.com/IBM/audit-ci#allowlisting */
export const auditCi: DecisionFormat = {
  tool: 'audit-ci',
  matches: (name) => /^\.?audit-ci\.(?:json|jsonc|json5)$/.test(name),
  read(text) {
    const { root, problems } = readJsonTree(text, { mayHaveComments: true });
    const list = valueAt(root, 'allowlist');
    const items = list?.kind === 'list' ? list.items : [];
    return { value: items.flatMap((item) => readItem(item, problems)), problems };
  },
};

function readItem(node: DocumentNode, problems: Problem[]): FoundDecision[] {
  if (node.kind === 'text') return readEntry(node.text, node.span, {}, problems);
  if (node.kind !== 'map') return numbered(node.span, problems);
  return node.entries.flatMap(({ name, nameSpan, value }) => {
    const isActive = valueAt(value, 'active');
    if (isActive?.kind === 'other' && isActive.value === false) return [];
    const expiry = valueAt(value, 'expiry');
    const written = expiry?.kind === 'text' ? expiry.text : undefined;
    const until =
      expiry?.kind === 'other' && typeof expiry.value === 'number' && Math.abs(expiry.value) <= LAST_MOMENT_MS
        ? expiry.value
        : timeOf(written);
    if (expiry !== undefined && until === undefined) {
      problems.push({ span: expiry.span, message: 'this is no date, and the entry is not applied' });
      return [];
    }
    return readEntry(name, nameSpan, { reason: textAt(value, 'notes') ?? '', until }, problems);
  });
}

/** `ADVISORY`, `PACKAGE`, or `ADVISORY|direct>package`, where either side may be `*`. */
function readEntry(
  text: string,
  span: Span,
  said: { readonly reason?: string; readonly until?: number | undefined },
  problems: Problem[],
): FoundDecision[] {
  const [id = '', path] = text.split('|');
  if (isNumber(id)) return numbered(span, problems);
  const isId = isAdvisory(id);
  const ids = isId ? [id] : [];
  if (path === undefined && !isId) return [ignored(span, { ...said, packages: [{ purlType: 'npm', name: id }] })];
  if (path === undefined) return [ignored(span, { ...said, ids })];
  if (!isId && id !== '*') return [];
  return [ignored(span, { ...said, ids, packages: [{ purlType: 'npm', path: path.split('>') }] })];
}

/** A package's name may look like an id (`is-odd`): those that public data knows have prefixes. */
function isAdvisory(text: string): boolean {
  return isPublicId(text) && /^(?:GHSA|CVE|MAL|OSV|SNYK)-/i.test(text);
}

function numbered(span: Span, problems: Problem[]): FoundDecision[] {
  problems.push(numberProblem(span));
  return [];
}

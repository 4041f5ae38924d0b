import type { Problem } from '../core/span.ts';
import { textAt, textsOf, valueAt, type DocumentNode } from '../text/document-tree.ts';
import { readYaml } from '../text/yaml-tree.ts';
import { ignored, isPublicId, timeOf, type DecisionFormat, type FoundDecision } from './decision-format.ts';
import { selectorOf } from './purl.ts';

/** Lists of Trivy. @see https://trivy.dev/latest/docs/configuration/filtering/ */
export const trivyIgnore: DecisionFormat = {
  tool: 'Trivy',
  matches: (name) => name === '.trivyignore' || name === '.trivyignore.yaml' || name === '.trivyignore.yml',
  read: (text, name) => (name === '.trivyignore' ? readLines(text) : readYamlList(text)),
};

function readLines(text: string): ReturnType<DecisionFormat['read']> {
  const decisions: FoundDecision[] = [];
  const problems: Problem[] = [];
  let comment = '';
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const words = line.replace(/^\uFEFF/, ' ').trim();
    if (words.startsWith('#')) {
      comment = words.slice(1).trim();
      continue;
    }
    const [id = '', ...more] = words.split(/\s+/);
    const start = index + Math.max(0, line.indexOf(id));
    const span = { start, end: start + id.length };
    const expiry = more.find((word) => word.startsWith('exp:'))?.slice(4);
    const until = timeOf(expiry);
    if (expiry !== undefined && until === undefined) {
      problems.push({ span, message: `"${expiry}" is no date, and ${id} is not applied` });
    } else if (isPublicId(id)) {
      decisions.push(ignored(span, { ids: [id], reason: comment, until }));
    }
    comment = '';
  }
  return { value: decisions, problems };
}

function readYamlList(text: string): ReturnType<DecisionFormat['read']> {
  const { root, problems } = readYaml(text);
  const list = valueAt(root, 'vulnerabilities');
  const items = list?.kind === 'list' ? list.items : [];
  return { value: items.flatMap((item) => readItem(item, problems)), problems };
}

function readItem(node: DocumentNode, problems: Problem[]): FoundDecision[] {
  const id = textAt(node, 'id');
  const expiry = textAt(node, 'expired_at');
  const until = timeOf(expiry);
  const span = valueAt(node, 'id')?.span ?? node.span;
  const purls = textsOf(valueAt(node, 'purls')) ?? [];
  // A limit that cannot be read must not widen what is decided.
  const isLimited = valueAt(node, 'expired_at') !== undefined || valueAt(node, 'purls') !== undefined;
  const hasLimit = until !== undefined || purls.length > 0;
  const packages = purls.flatMap((purl) => selectorOf(purl) ?? []);
  const isUnclear =
    (expiry !== undefined && until === undefined) || packages.length < purls.length || (isLimited && !hasLimit);
  if (id === undefined || isUnclear) {
    problems.push({
      span,
      message: `${id === undefined ? 'an entry has no id' : 'its date or a package URL cannot be read'}, and it is not applied`,
    });
    return [];
  }
  // Where the vulnerability was found is a question of files, which a package does not answer.
  if (valueAt(node, 'paths') !== undefined) return [];
  const reason = textAt(node, 'statement') ?? '';
  return [ignored(span, { ids: [id], packages, reason, until })];
}

import type { Problem } from '../core/span.ts';
import { valueAt, type DocumentNode } from '../text/document-tree.ts';
import { readJsonTree } from '../text/json-tree.ts';
import { readYaml } from '../text/yaml-tree.ts';
import { ignored, isNumber, numberProblem, type DecisionFormat, type FoundDecision } from './decision-format.ts';

/** What `pnpm audit` leaves out. @see https://pnpm.io/settings#auditconfig */
export const pnpmAudit: DecisionFormat = {
  tool: 'pnpm audit',
  matches: (name) => name === 'package.json' || name === 'pnpm-workspace.yaml',
  read(text, name) {
    if (!text.includes('auditConfig')) return { value: [], problems: [] };
    // What is broken in these files is said by their own readers.
    const { root } = name === 'package.json' ? readJsonTree(text) : readYaml(text);
    const config = valueAt(name === 'package.json' ? valueAt(root, 'pnpm') : root, 'auditConfig');
    const items = ['ignoreCves', 'ignoreGhsas'].flatMap((key) => itemsOf(valueAt(config, key)));
    return { value: items.map((item) => ignored(item.span, { ids: [item.text] })), problems: [] };
  },
};

/** What `yarn npm audit` leaves out. @see https://yarnpkg.com/configuration/yarnrc#npmAuditIgnoreAdvisories */
export const yarnAudit: DecisionFormat = {
  tool: 'yarn npm audit',
  matches: (name) => name === '.yarnrc.yml',
  read(text) {
    const problems: Problem[] = [];
    if (!text.includes('npmAudit')) return { value: [], problems };
    const { root } = readYaml(text);
    const ids = itemsOf(valueAt(root, 'npmAuditIgnoreAdvisories')).flatMap((item): FoundDecision[] => {
      if (!isNumber(item.text)) return [ignored(item.span, { ids: [item.text] })];
      problems.push(numberProblem(item.span));
      return [];
    });
    const packages = itemsOf(valueAt(root, 'npmAuditExcludePackages')).map((item) =>
      ignored(item.span, { packages: [{ purlType: 'npm', name: item.text }] }),
    );
    return { value: [...ids, ...packages], problems };
  },
};

type TextNode = Extract<DocumentNode, { readonly kind: 'text' }>;

function itemsOf(node: DocumentNode | undefined): readonly TextNode[] {
  return node?.kind === 'list' ? node.items.filter((item): item is TextNode => item.kind === 'text') : [];
}

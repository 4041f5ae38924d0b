import type { DecisionStatus, PackageSelector } from '../core/decision.ts';
import type { Problem } from '../core/span.ts';
import { textAt, textsOf, valueAt, type DocumentNode } from '../text/document-tree.ts';
import { readJsonTree } from '../text/json-tree.ts';
import { found, timeOf, type DecisionFormat, type FoundDecision } from './decision-format.ts';
import { selectorOf } from './purl.ts';

export const OPENVEX_NAME = 'openvex.json';

/** How the notes of a statement begin that name who made it: the format has an author for the whole document only. */
export const DECIDED_BY = 'Decided by ';

/** The reasons that OpenVEX has words for. */
export const JUSTIFICATIONS: Readonly<Record<string, string>> = {
  component_not_present: 'the component is not present',
  vulnerable_code_not_present: 'the vulnerable code is not present',
  vulnerable_code_not_in_execute_path: 'the vulnerable code is never executed',
  vulnerable_code_cannot_be_controlled_by_adversary: 'an adversary cannot control the vulnerable code',
  inline_mitigations_already_exist: 'mitigations are built in',
};

const STATUSES: ReadonlyMap<string, DecisionStatus> = new Map([
  ['not_affected', 'not-affected'],
  ['fixed', 'fixed'],
  ['affected', 'affected'],
  ['under_investigation', 'under-investigation'],
]);

/** @see https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md (0.2.0) */
export const openVex: DecisionFormat = {
  tool: 'OpenVEX',
  isVex: true,
  matches: (name) => name === OPENVEX_NAME || name === 'vex.json' || /\.(?:open)?vex\.json$/.test(name),
  read(text) {
    const { root, problems } = readJsonTree(text);
    if (root !== undefined && !isOpenVex(root)) return undefined;
    const decisions = listAt(root, 'statements').flatMap((statement) => readStatement(statement, root, problems));
    return { value: decisions, problems };
  },
};

/** Half-typed text may not have its context yet. */
function isOpenVex(root: DocumentNode): boolean {
  return textAt(root, '@context')?.includes('openvex') === true || valueAt(root, 'statements') !== undefined;
}

function readStatement(node: DocumentNode, root: DocumentNode | undefined, problems: Problem[]): FoundDecision[] {
  const at = (message: string): void => {
    problems.push({ span: node.span, message });
  };
  const vulnerability = valueAt(node, 'vulnerability');
  // Version 0.0 of the format had a text here.
  const name = vulnerability?.kind === 'text' ? vulnerability.text : textAt(vulnerability, 'name');
  const ids = [name, ...(textsOf(valueAt(vulnerability, 'aliases')) ?? [])].filter((id) => id !== undefined);
  const written = textAt(node, 'status');
  const status = STATUSES.get(written ?? '');
  if (ids.length === 0) at('the statement names no vulnerability, and is not applied');
  else if (status === undefined)
    at(
      `the status ${written === undefined ? 'is missing' : `"${written}" is none of OpenVEX`}, and the statement is not applied`,
    );
  if (ids.length === 0 || status === undefined) return [];
  const justification = textAt(node, 'justification');
  const impact = textAt(node, 'impact_statement');
  if (status === 'not-affected' && justification === undefined && impact === undefined) {
    at('"not_affected" needs a justification or an impact_statement, and the statement is not applied');
    return [];
  }
  const target = readProducts(listAt(node, 'products'), at);
  if (target === undefined) return [];
  const words = [justification === undefined ? undefined : (JUSTIFICATIONS[justification] ?? justification), impact];
  return [
    found(vulnerability?.span ?? node.span, {
      ...target,
      status,
      ids,
      reason: words.filter((part) => part !== undefined && part !== '').join(': '),
      author: decidedBy(textAt(node, 'status_notes')) ?? textAt(root, 'author'),
      decidedAt: timeOf(
        textAt(node, 'last_updated') ??
          textAt(node, 'timestamp') ??
          textAt(root, 'last_updated') ??
          textAt(root, 'timestamp'),
      ),
    }),
  ];
}

/** Undefined when nothing of it can be understood: a statement about something else must not close a finding here. */
function readProducts(
  nodes: readonly DocumentNode[],
  at: (message: string) => void,
): Pick<FoundDecision, 'packages' | 'products'> | undefined {
  const packages: PackageSelector[] = [];
  const products: string[] = [];
  for (const node of nodes) {
    const selector = componentOf(node);
    const parts = listAt(node, 'subcomponents');
    const selectors = parts.flatMap((part) => componentOf(part) ?? []);
    if (selector === undefined || selectors.length < parts.length) {
      at('a product or subcomponent without a package URL is not known here, and is passed over');
    }
    // With parts it is the product that holds them, else it is the package itself.
    if (parts.length === 0) packages.push(...(selector === undefined ? [] : [selector]));
    else if (selector?.name !== undefined) {
      packages.push(...selectors);
      products.push(selector.name);
    }
  }
  if (nodes.length === 0) at('the statement names no product, and is not applied');
  return packages.length === 0 ? undefined : { packages, products };
}

function componentOf(node: DocumentNode): PackageSelector | undefined {
  const texts = [
    textAt(valueAt(node, 'identifiers'), 'purl'),
    textAt(node, '@id'),
    node.kind === 'text' ? node.text : undefined,
  ];
  for (const text of texts) {
    const selector = text === undefined ? undefined : selectorOf(text);
    if (selector !== undefined) return selector;
  }
  return undefined;
}

function decidedBy(notes: string | undefined): string | undefined {
  return notes?.startsWith(DECIDED_BY) === true ? notes.slice(DECIDED_BY.length) : undefined;
}

function listAt(node: DocumentNode | undefined, name: string): readonly DocumentNode[] {
  const value = valueAt(node, name);
  return value?.kind === 'list' ? value.items : [];
}

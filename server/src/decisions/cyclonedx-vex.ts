import type { DecisionStatus, PackageSelector } from '../core/decision.ts';
import type { Problem } from '../core/span.ts';
import { textAt, valueAt, type DocumentNode } from '../text/document-tree.ts';
import { readJsonTree } from '../text/json-tree.ts';
import { found, timeOf, type DecisionFormat, type FoundDecision } from './decision-format.ts';
import { selectorOf } from './purl.ts';

const STATUSES: ReadonlyMap<string, DecisionStatus> = new Map([
  ['not_affected', 'not-affected'],
  ['false_positive', 'not-affected'],
  ['resolved', 'fixed'],
  ['resolved_with_pedigree', 'fixed'],
  ['exploitable', 'affected'],
  ['in_triage', 'under-investigation'],
]);

/** Analyses of vulnerabilities in a CycloneDX document. @see https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis */
export const cycloneDxVex: DecisionFormat = {
  tool: 'CycloneDX VEX',
  isVex: true,
  matches: (name) => name === 'bom.json' || name === 'vex.json' || /\.(?:cdx|vex)\.json$/.test(name),
  read(text) {
    if (!text.includes('CycloneDX')) return undefined;
    const { root, problems } = readJsonTree(text);
    const components = new Map<string, PackageSelector>();
    collect(valueAt(root, 'components'), components);
    const vulnerabilities = valueAt(root, 'vulnerabilities');
    const items = vulnerabilities?.kind === 'list' ? vulnerabilities.items : [];
    return { value: items.flatMap((item) => readVulnerability(item, root, components, problems)), problems };
  },
};

/** Components by reference, those inside of others too. The tree's reader bounds its depth. */
function collect(node: DocumentNode | undefined, components: Map<string, PackageSelector>): void {
  if (node?.kind !== 'list') return;
  for (const item of node.items) {
    const reference = textAt(item, 'bom-ref');
    const selector = selectorOf(textAt(item, 'purl') ?? '');
    if (reference !== undefined && selector !== undefined) components.set(reference, selector);
    collect(valueAt(item, 'components'), components);
  }
}

function readVulnerability(
  node: DocumentNode,
  root: DocumentNode | undefined,
  components: ReadonlyMap<string, PackageSelector>,
  problems: Problem[],
): FoundDecision[] {
  const analysis = valueAt(node, 'analysis');
  const id = textAt(node, 'id');
  if (analysis === undefined || id === undefined) return [];
  const state = textAt(analysis, 'state');
  const status = STATUSES.get(state ?? '');
  const affects = valueAt(node, 'affects');
  const references = affects?.kind === 'list' ? affects.items.flatMap((item) => textAt(item, 'ref') ?? []) : [];
  const packages = references.flatMap((reference) => componentOf(reference, components) ?? []);
  if (status === undefined) {
    problems.push({
      span: analysis.span,
      message: `the state ${state === undefined ? 'is missing' : `"${state}" is none of CycloneDX`}, and the analysis is not applied`,
    });
    return [];
  }
  if (packages.length === 0) {
    problems.push({
      span: node.span,
      message: 'what is affected is no package that this file names, and the analysis is not applied',
    });
    return [];
  }
  const words = [textAt(analysis, 'justification')?.replaceAll('_', ' '), textAt(analysis, 'detail')];
  const times = ['lastUpdated', 'firstIssued'].map((name) => textAt(analysis, name));
  return [
    found(valueAt(node, 'id')?.span ?? node.span, {
      status,
      ids: [id, ...aliasesOf(node)],
      packages,
      reason: words.filter((part) => part !== undefined && part !== '').join(': '),
      author: textAt(valueAt(valueAt(root, 'metadata'), 'supplier'), 'name'),
      decidedAt: timeOf(times.find((time) => time !== undefined) ?? textAt(valueAt(root, 'metadata'), 'timestamp')),
    }),
  ];
}

function aliasesOf(node: DocumentNode): string[] {
  const references = valueAt(node, 'references');
  return references?.kind === 'list' ? references.items.flatMap((item) => textAt(item, 'id') ?? []) : [];
}

/** A reference of this document, a link to one in another (`urn:cdx:…#reference`), or a package URL as it is. */
function componentOf(reference: string, components: ReadonlyMap<string, PackageSelector>): PackageSelector | undefined {
  const local = /^urn:cdx:[^#]*#(.*)$/s.exec(reference)?.[1] ?? reference;
  return components.get(local) ?? selectorOf(safelyDecoded(local));
}

function safelyDecoded(text: string): string {
  if (text.startsWith('pkg:')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import type { Problem } from '../core/span.ts';
import { textAt, valueAt, type DocumentNode } from '../text/document-tree.ts';
import { readJsonTree } from '../text/json-tree.ts';
import { readProjectSettings } from './project-settings.ts';
import { found, timeOf, type DecisionFormat, type FoundDecision } from './decision-format.ts';

/** The project's own file: what is ignored, and the settings that hold for all who work on it. */
export const PROVENDER_FILE = '.provender.jsonc';

/** The word in place of a date for as long as no version is known to fix it. */
export const UNTIL_FIXED = 'fixed';
/** And for as long as this version is installed. */
export const UNTIL_VERSION = 'version';

/** The `ignore` list of `.provender.jsonc`: resources/provender.schema.json says what goes in. */
export const provenderFile: DecisionFormat = {
  tool: 'Provender',
  readSettings: readProjectSettings,
  matches: (name) => name === PROVENDER_FILE,
  read(text) {
    const { root, problems } = readJsonTree(text, { mayHaveComments: true });
    const list = valueAt(root, 'ignore');
    const items = list?.kind === 'list' ? list.items : [];
    return { value: items.flatMap((item) => readEntry(item, problems)), problems };
  },
};

const FIELDS = ['advisory', 'package', 'version', 'until', 'signature'] as const;

/** Bytes that nobody signed are accepted by nobody. */
const ACCEPTABLE: ReadonlySet<string> = new Set(['unverifiable', 'downgrade', 'provenance-warning', 'unsigned']);

function readEntry(node: DocumentNode, problems: Problem[]): FoundDecision[] {
  const [advisory, name, version, until, signature] = FIELDS.map((key) => textAt(node, key));
  const refuse = (message: string): FoundDecision[] => {
    problems.push({ span: node.span, message: `${message}, and it is not applied` });
    return [];
  };
  // A limit that cannot be read must not widen what is decided.
  const unread = FIELDS.find((key) => valueAt(node, key) !== undefined && textAt(node, key) === undefined);
  if (unread !== undefined) return refuse(`"${unread}" is not a text`);
  if (advisory === undefined && signature === undefined) return refuse('the entry names no advisory');
  if (signature !== undefined) {
    if (advisory !== undefined) return refuse('the entry names an advisory and a signature');
    if (!ACCEPTABLE.has(signature)) return refuse(`"${signature}" is no verdict on a signature that can be accepted`);
    if (name === undefined || version === undefined)
      return refuse('a signature is accepted for one version of a package');
  }
  const time = timeOf(until);
  const isWord = until === UNTIL_FIXED || until === UNTIL_VERSION;
  if (until !== undefined && !isWord && time === undefined) {
    return refuse(`"${until}" is neither a date nor "${UNTIL_FIXED}" or "${UNTIL_VERSION}"`);
  }
  if (until === UNTIL_VERSION && version === undefined) return refuse('the entry names no version');
  const selector = { ...(name === undefined ? {} : { name }), ...(version === undefined ? {} : { version }) };
  return [
    found(valueAt(node, advisory === undefined ? 'signature' : 'advisory')?.span ?? node.span, {
      status: until === undefined ? 'accepted' : 'snoozed',
      ids: [advisory ?? `signature-${signature ?? ''}`],
      packages: name === undefined && version === undefined ? [] : [selector],
      reason: textAt(node, 'reason') ?? '',
      author: textAt(node, 'author'),
      decidedAt: timeOf(textAt(node, 'date')),
      until: time,
      untilFixed: until === UNTIL_FIXED,
    }),
  ];
}

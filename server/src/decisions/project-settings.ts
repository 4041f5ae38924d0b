import { LEVEL_KEYS, LEVELS, type ProjectSettings } from '../core/settings.ts';
import { SEVERITIES } from '../core/severity.ts';
import type { Parsed, Problem } from '../core/span.ts';
import { distinctEntries, textsOf, valueAt, type DocumentNode } from '../text/document-tree.ts';
import { readJsonTree } from '../text/json-tree.ts';

/** The settings in `.provender.jsonc`. What is of the wrong kind is left out, and told. */
export function readProjectSettings(text: string): Parsed<ProjectSettings> {
  const { root } = readJsonTree(text, { mayHaveComments: true });
  const problems: Problem[] = [];
  const read = <T>(key: string, what: string, decode: (node: DocumentNode) => T | undefined): Record<string, T> => {
    const node = valueAt(root, key);
    if (node === undefined) return {};
    const value = decode(node);
    if (value !== undefined) return { [key]: value };
    problems.push({ span: node.span, message: `"${key}" is not ${what}, and it is not applied` });
    return {};
  };
  const value: ProjectSettings = {
    ...read('transitive', 'true or false', booleanOf),
    ...read('devDependencies', 'true or false', booleanOf),
    ...read('imports', 'true or false', booleanOf),
    ...read('exclude', 'a list of texts', textsOf),
    ...read('failOn', `one of ${SEVERITIES.join(', ')}`, (node) => {
      return node.kind === 'text' ? SEVERITIES.find((severity) => severity === node.text) : undefined;
    }),
    ...read('severity', 'an object', (node) => levelsOf(node, problems)),
  };
  return { value, problems };
}

function booleanOf(node: DocumentNode): boolean | undefined {
  return node.kind === 'other' && typeof node.value === 'boolean' ? node.value : undefined;
}

function levelsOf(node: DocumentNode, problems: Problem[]): ProjectSettings['severity'] | undefined {
  if (node.kind !== 'map') return undefined;
  const levels: [string, string][] = [];
  for (const { name, nameSpan, value } of distinctEntries(node, problems)) {
    const level = value?.kind === 'text' ? value.text : undefined;
    if (LEVEL_KEYS.includes(name) && level !== undefined && LEVELS.includes(level)) levels.push([name, level]);
    else {
      const message = `"${name}" is no kind of finding with a level (${LEVELS.join(', ')}), and it is not applied`;
      problems.push({ span: nameSpan, message });
    }
  }
  return Object.fromEntries(levels);
}

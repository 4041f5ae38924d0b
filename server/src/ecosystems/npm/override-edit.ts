import { modify, type JSONPath } from 'jsonc-parser';
import { basename, join } from 'node:path';
import type { LateEdit, OverrideRule, OverrideScene, Replacement } from '../../core/transitive-dialect.ts';
import { isPnpmEleven, pnpmBlock } from './pnpm/pnpm-settings.ts';
import type { PackageManager } from './project/document-names.ts';
import { valueAt } from '../../text/document-tree.ts';
import { readJsonTree } from '../../text/json-tree.ts';
import { yamlText } from './text/yaml-text.ts';
import { readYaml } from '../../text/yaml-tree.ts';

interface OverrideDialect {
  readonly manager: PackageManager;
  /** The lockfile's format: yarn 1 and its successors write parents in two ways. */
  readonly format: string;
}

/**
 * The edit that writes rules where the package manager reads them. Undefined where the rules are meant for some packages
 * and the dialect has only rules for all.
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#overrides
 * @see https://pnpm.io/settings#overrides
 */
export function overrideEdit(
  scene: OverrideScene,
  manager: PackageManager,
  rules: readonly OverrideRule[],
): LateEdit | undefined {
  const { layout, format } = scene;
  const dialect = { manager, format };
  const written = rules.flatMap((rule) => placeOf(rule, dialect) ?? []);
  if (rules.length === 0 || written.length < rules.length) return undefined;
  const settings = layout.manifests.find(({ path }) => basename(path) === 'pnpm-workspace.yaml')?.path;
  if (manager === 'pnpm' && pnpmBlock(scene) === 'settings.overrides' && settings !== undefined) {
    return { path: settings, replacements: (text) => addToYaml(text, written) };
  }
  // pnpm 11 does not read the manifest's block, and a file that is not there cannot be edited.
  if (manager === 'pnpm' && isPnpmEleven(layout)) return undefined;
  const path = join(layout.root, 'package.json');
  return { path, replacements: (text) => addToJson(text, written) };
}

interface WrittenRule {
  readonly path: readonly string[];
  readonly to: string;
}

function placeOf(rule: OverrideRule, dialect: OverrideDialect): WrittenRule | undefined {
  const path = keysOf(rule, dialect);
  return path && { path, to: rule.to };
}

function keysOf(
  { package: name, parent, range, mayBeForAll }: OverrideRule,
  dialect: OverrideDialect,
): string[] | undefined {
  const limited = range === undefined ? name : `${name}@${range}`;
  const by = parent?.version === undefined ? parent?.name : `${parent.name}@${parent.version}`;
  switch (dialect.manager) {
    case 'npm':
      return ['overrides', ...(by === undefined ? [limited] : [by, name])];
    case 'pnpm':
      return ['pnpm', 'overrides', by === undefined ? limited : `${by}>${name}`];
    case 'yarn':
      if (parent === undefined || parent.version !== undefined) return mayBeForAll ? ['resolutions', name] : undefined;
      return ['resolutions', isYarnOne(dialect.format) ? `**/${parent.name}/${name}` : `${parent.name}/${name}`];
    case 'bun':
      return mayBeForAll ? ['overrides', name] : undefined;
  }
}

export function isYarnOne(format: string): boolean {
  return format === 'yarn v1';
}

function addToJson(text: string, rules: readonly WrittenRule[]): readonly Replacement[] | undefined {
  const { root, problems } = readJsonTree(text);
  if (root?.kind !== 'map' || problems.length > 0) return undefined;
  const isTaken = rules.some(({ path }) => !isFree(root, path));
  if (isTaken) return undefined;
  // Each edit is made for the text before it; together they replace what they have changed.
  let after = text;
  for (const { path, to } of rules) after = withValue(after, [...path], to);
  return [difference(text, after)];
}

/** True when every container on the way is a map or absent, and the rule itself is absent. */
function isFree(root: ReturnType<typeof valueAt>, path: readonly string[]): boolean {
  let node = root;
  for (const name of path) {
    if (node?.kind !== 'map') return node === undefined;
    node = valueAt(node, name);
  }
  return node === undefined;
}

function withValue(text: string, path: JSONPath, to: string): string {
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 4 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const edits = modify(text, path, to, { formattingOptions });
  return edits.reduceRight(
    (before, { offset, length, content }) => before.slice(0, offset) + content + before.slice(offset + length),
    text,
  );
}

/** What lies between the common beginning and the common end. */
function difference(before: string, after: string): Replacement {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { span: { start, end: before.length - tail }, newText: after.slice(start, after.length - tail) };
}

/** pnpm's settings have the rules at the top: `overrides:`. */
function addToYaml(text: string, rules: readonly WrittenRule[]): readonly Replacement[] | undefined {
  const { root, problems } = readYaml(text);
  if (problems.length > 0 || (root !== undefined && root.kind !== 'map')) return undefined;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const block = valueAt(root, 'overrides');
  const isNamed = root?.entries.some(({ name }) => name === 'overrides') === true;
  const lines = rules.map(({ path, to }) => `${yamlText(path.at(-1) ?? '')}: ${yamlText(to)}`);
  if (block === undefined) {
    if (isNamed) return undefined;
    const gap = text === '' || text.endsWith('\n') ? '' : newline;
    const newText = `${gap}overrides:${newline}${lines.map((line) => `  ${line}${newline}`).join('')}`;
    return [{ span: { start: text.length, end: text.length }, newText }];
  }
  const last = block.kind === 'map' ? block.entries.at(-1) : undefined;
  // A map in braces has no line to write a rule on.
  if (block.kind !== 'map' || last?.value?.kind !== 'text' || text[block.span.start] === '{') return undefined;
  if (rules.some(({ path }) => valueAt(block, path.at(-1) ?? '') !== undefined)) return undefined;
  const lineStart = text.lastIndexOf('\n', last.nameSpan.start) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '  ';
  const found = text.indexOf('\n', last.value.span.end);
  const end = found === -1 ? text.length : found - (text[found - 1] === '\r' ? 1 : 0);
  return [{ span: { start: end, end }, newText: lines.map((line) => `${newline}${indent}${line}`).join('') }];
}

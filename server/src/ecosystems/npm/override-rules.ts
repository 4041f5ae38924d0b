import { getLocation } from 'jsonc-parser';
import { basename } from 'node:path';
import type { Override } from '../../core/manifest.ts';
import type { LateEdit, OverrideMeaning, Replacement } from '../../core/transitive-dialect.ts';
import { setVersion } from './edit.ts';
import { parseManifest } from './manifest/manifest.ts';
import type { PackageManager } from './project/document-names.ts';
import { parseSpecifier } from './specifier.ts';
import { valueAt } from '../../text/document-tree.ts';
import { readJsonTree } from '../../text/json-tree.ts';
import { removeJsonEntry } from './text/remove-json-entry.ts';
import { readYaml } from '../../text/yaml-tree.ts';
import { npmVersions } from './version.ts';

/** The blocks that each package manager reads. pnpm reads `resolutions` too, in a form of its own that is not judged. */
const BLOCKS: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['overrides'],
  pnpm: ['pnpm.overrides', 'settings.overrides'],
  yarn: ['resolutions'],
  bun: ['overrides', 'resolutions'],
};

/** What a rule means; undefined for those that the package manager does not read, and forms whose effect cannot be told. */
export function readOverride(rule: Override, manager: PackageManager): OverrideMeaning | undefined {
  if (!BLOCKS[manager].includes(rule.group)) return undefined;
  const path = rule.path.flatMap((selector) => selectorOf(selector) ?? []);
  const target = path.at(-1);
  const isNested = path.length > 1;
  if (target === undefined || path.length < rule.path.length || (manager === 'bun' && isNested)) return undefined;
  // `$name` is the range of the root's own line.
  if (/^\$[\w@/.-]+$/.test(rule.value)) return { path, forces: undefined };
  const { packageName, specifier } = parseSpecifier(target.name, rule.value, rule.valueSpan);
  if (specifier.kind !== 'range' || specifier.range === '' || packageName !== target.name) return undefined;
  return { path, forces: specifier.range };
}

const SELECTOR = /^((?:@[\w.-]+\/)?[\w.-]+)(?:@(?:npm:)?(.+))?$/;

/** Undefined for patterns with wildcards and for protocols. */
function selectorOf(selector: string): OverrideMeaning['path'][number] | undefined {
  const [, name, range] = SELECTOR.exec(selector) ?? [];
  if (name === undefined || (range !== undefined && !npmVersions.isRange(range))) return undefined;
  return { name, range };
}

export function raiseOverride(path: string, rule: Override, version: string): LateEdit | undefined {
  const name = rule.path.at(-1) ?? '';
  const raised = (value: string): string | undefined => {
    const whole = { start: 0, end: value.length };
    const change = setVersion(parseSpecifier(name, value, whole), version);
    return change && value.slice(0, change.span.start) + change.newText + value.slice(change.span.end);
  };
  if (raised(rule.value) === undefined) return undefined;
  return {
    path,
    replacements(text) {
      const found = findRule(path, text, rule);
      const newText = found && raised(found.value);
      if (found === undefined || newText === undefined) return undefined;
      const { start, end } = found.valueSpan;
      // Escapes make the place longer than the value.
      return end - start === found.value.length ? [{ span: found.valueSpan, newText }] : undefined;
    },
  };
}

export function removeOverride(path: string, rule: Override): LateEdit {
  return {
    path,
    replacements(text) {
      const found = findRule(path, text, rule);
      if (found === undefined) return undefined;
      return isYaml(path) ? removeFromYaml(text, found) : removeFromJson(text, found);
    },
  };
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(basename(path));
}

/** The rule in a text that may have moved on; undefined when it is no longer there as it was. */
function findRule(path: string, text: string, rule: Override): Override | undefined {
  const { value, problems } = parseManifest(path, text);
  if (problems.length > 0) return undefined;
  const key = JSON.stringify([rule.group, rule.path, rule.value]);
  return value.overrides.find((other) => JSON.stringify([other.group, other.path, other.value]) === key);
}

function removeFromJson(text: string, { nameSpan }: Override): readonly Replacement[] | undefined {
  const { root } = readJsonTree(text);
  const { path } = getLocation(text, nameSpan.start);
  return root && removeJsonEntry(text, root, path.map(String));
}

/** Takes whole lines, with the comment behind the rule. Undefined for maps in braces and values of several lines. */
function removeFromYaml(text: string, { nameSpan, valueSpan }: Override): readonly Replacement[] | undefined {
  const { root } = readYaml(text);
  const block = valueAt(root, 'overrides');
  const head = root?.kind === 'map' ? root.entries.find(({ name }) => name === 'overrides') : undefined;
  if (block?.kind !== 'map' || head === undefined || text[block.span.start] === '{') return undefined;
  const isLast = block.entries.length === 1;
  const start = text.lastIndexOf('\n', nameSpan.start) + 1;
  const newline = text.indexOf('\n', valueSpan.end);
  const end = newline === -1 ? text.length : newline + 1;
  if (text.slice(start, valueSpan.end).includes('\n')) return undefined;
  const from = isLast ? text.lastIndexOf('\n', head.nameSpan.start) + 1 : start;
  return [{ span: { start: from, end }, newText: '' }];
}

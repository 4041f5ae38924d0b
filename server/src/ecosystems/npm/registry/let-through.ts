import { basename } from 'node:path';
import type { AgeGate, GateExclusion, ReleaseName } from '../../../core/age-gate.ts';
import type { Replacement } from '../../../core/transitive-dialect.ts';
import { textsOf, valueAt, type DocumentNode } from '../../../text/document-tree.ts';
import { yamlText } from '../text/yaml-text.ts';
import { readYaml } from '../../../text/yaml-tree.ts';
import { readGateSetting } from './gate-setting.ts';

const LISTS: Readonly<Record<string, string>> = {
  'pnpm-workspace.yaml': 'minimumReleaseAgeExclude',
  '.yarnrc.yml': 'npmPreapprovedPackages',
};

/** Adds a version to what the gate lets through. npm knows names only. */
export function letThrough({ excludeIn }: AgeGate, { name, version }: ReleaseName): GateExclusion | undefined {
  if (excludeIn === undefined) return undefined;
  const list = LISTS[basename(excludeIn)];
  if (list === undefined) {
    return { edit: { path: excludeIn, replacements: (text) => addToNpmrc(text, name) }, everyVersion: true };
  }
  const item = `${name}@${version}`;
  return { edit: { path: excludeIn, replacements: (text) => addToYaml(text, list, item) }, everyVersion: false };
}

function addToNpmrc(text: string, name: string): readonly Replacement[] | undefined {
  const newline = newlineOf(text);
  const gap = text === '' || text.endsWith('\n') ? '' : newline;
  const newText = `${gap}min-release-age-exclude[]=${name}${newline}`;
  const after = text + newText;
  // Behind a section, or a list in another form, the line would not say what it is meant to.
  const before = readGateSetting('.npmrc', text, 'npm').excluded ?? [];
  const excluded = readGateSetting('.npmrc', after, 'npm').excluded ?? [];
  return isLengthened(before, excluded, name)
    ? [{ span: { start: text.length, end: text.length }, newText }]
    : undefined;
}

function addToYaml(text: string, list: string, item: string): readonly Replacement[] | undefined {
  const { root, problems } = readYaml(text);
  if (problems.length > 0 || (root !== undefined && root.kind !== 'map')) return undefined;
  const place = placeInYaml(text, root, list);
  if (place === undefined) return undefined;
  const newText = place.before + yamlText(item) + place.after;
  const made = readYaml(text.slice(0, place.offset) + newText + text.slice(place.offset));
  const before = textsOf(valueAt(root, list)) ?? [];
  // Of the many forms that YAML has, those are left alone in which the item does not come out as one.
  const isAsMeant = made.problems.length === 0 && isLengthened(before, textsOf(valueAt(made.root, list)) ?? [], item);
  return isAsMeant ? [{ span: { start: place.offset, end: place.offset }, newText }] : undefined;
}

interface Place {
  readonly offset: number;
  readonly before: string;
  readonly after: string;
}

function placeInYaml(text: string, root: DocumentNode | undefined, list: string): Place | undefined {
  const newline = newlineOf(text);
  const node = valueAt(root, list);
  if (node === undefined) {
    const isNamed = root?.kind === 'map' && root.entries.some(({ name }) => name === list);
    const gap = text === '' || text.endsWith('\n') ? '' : newline;
    return isNamed ? undefined : { offset: text.length, before: `${gap}${list}:${newline}  - `, after: newline };
  }
  const last = node.kind === 'list' ? node.items.at(-1) : undefined;
  if (node.kind !== 'list') return undefined;
  if (last === undefined) return { offset: node.span.start + 1, before: '', after: '' };
  if (text[node.span.start] === '[') {
    const isQuoted = text[last.span.end] === "'" || text[last.span.end] === '"';
    return { offset: last.span.end + (isQuoted ? 1 : 0), before: ', ', after: '' };
  }
  const lineStart = text.lastIndexOf('\n', last.span.start - 1) + 1;
  const indent = /^[ \t]*- +/.exec(text.slice(lineStart))?.[0] ?? '  - ';
  const found = text.indexOf('\n', last.span.end);
  const end = found === -1 ? text.length : found - (text[found - 1] === '\r' ? 1 : 0);
  return { offset: end, before: `${newline}${indent}`, after: '' };
}

function isLengthened(before: readonly string[], after: readonly string[], item: string): boolean {
  return JSON.stringify(after) === JSON.stringify([...before, item]);
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

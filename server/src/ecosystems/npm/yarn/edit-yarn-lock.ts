import type { Span } from '../../../core/span.ts';
import type { LockChange, Replacement } from '../../../core/transitive-dialect.ts';
import { isSameNeeds } from '../lockfile/same-needs.ts';
import { resolvedUrl } from '../registry/resolved-url.ts';

/**
 * Takes a package in a `yarn.lock` of yarn 1 to another version, on the lines as yarn writes them. Undefined where that
 * would take more than replacing texts: what the package needs is another, or the version is there already, with which yarn
 * would join it.
 */
export function editYarnOneLock(text: string, change: LockChange): readonly Replacement[] | undefined {
  return editBlocks(text, change, editYarnOneBlock);
}

/**
 * The same in the YAML of later yarns. The checksum goes: it is of an archive that yarn makes itself, and which yarn
 * writes again when it has made it.
 */
export function editYarnLock(text: string, change: LockChange): readonly Replacement[] | undefined {
  return editBlocks(text, change, editBerryBlock);
}

interface Block {
  readonly fields: readonly Field[];
  /** Specifiers by name, of dependencies and optional ones alike. */
  readonly needs: ReadonlyMap<string, string>;
}

interface Field {
  readonly name: string;
  /** As it is written, with its quotes. */
  readonly value: string;
  /** Of the value. */
  readonly start: number;
  readonly end: number;
  /** Of the whole line, with its end. */
  readonly line: Span;
}

type EditBlock = (block: Block, change: LockChange) => readonly Replacement[] | undefined;

function editBlocks(text: string, change: LockChange, edit: EditBlock): readonly Replacement[] | undefined {
  const replacements: Replacement[] = [];
  for (const { index, 0: whole, 1: key = '' } of text.matchAll(BLOCK)) {
    const block = readBlock(whole, index);
    const version = plain(block.fields.find(({ name }) => name === 'version')?.value);
    if (!isOf(key, block, change.name) || (version !== change.from && version !== change.to)) continue;
    const edits = version === change.to ? undefined : edit(block, change);
    if (edits === undefined || !isSameNeeds(block.needs, change.dependencies)) return undefined;
    replacements.push(...edits);
  }
  return replacements.length === 0 ? undefined : replacements;
}

/** A key at the start of a line, and the indented lines below it. */
const BLOCK = /^([^\s#][^\r\n]*):\r?\n(?: [^\r\n]*(?:\r?\n|$))+/gm;

/** True of a package under its own name or, where the key says so, under another. */
function isOf(key: string, { fields }: Block, name: string): boolean {
  const resolution = plain(fields.find((field) => field.name === 'resolution')?.value);
  if (resolution !== undefined) return resolution.startsWith(`${name}@npm:`) || resolution.startsWith(`${name}@patch:`);
  const first = plain(key.split(', ')[0]) ?? '';
  const asked = /^@?[^@]+@npm:(.+)$/.exec(first)?.[1] ?? first;
  return asked === name || asked.startsWith(`${name}@`);
}

function readBlock(text: string, offset: number): Block {
  const fields: Field[] = [];
  const needs = new Map<string, string>();
  let group = '';
  for (const { index, 1: indent = '', 2: written = '', 3: gap = '', 4: value = '' } of text.matchAll(LINE)) {
    const name = plain(written) ?? '';
    if (indent.length === 2) {
      group = name;
      const start = index + indent.length + written.length + gap.length;
      const end = start + value.length;
      const newline = text.indexOf('\n', end);
      const line = { start: offset + index, end: offset + (newline === -1 ? text.length : newline + 1) };
      fields.push({ name, value, start: offset + start, end: offset + end, line });
    } else if (group === 'dependencies' || group === 'optionalDependencies') {
      needs.set(name, (plain(value) ?? '').replace(/^npm:(?=[^@]*$)/, ''));
    }
  }
  return { fields, needs };
}

const LINE = /^( +)("[^"\r\n]+"|[^\s":]+)(:? |:(?=\r?$))([^\r\n]*)/gm;

/** Without the quotes around it; an escape inside makes it nothing that yarn writes of a registry's package. */
function plain(written: string | undefined): string | undefined {
  return written?.startsWith('"') === true ? written.replaceAll('"', '') : written;
}

function editYarnOneBlock({ fields }: Block, change: LockChange): readonly Replacement[] | undefined {
  const [version, resolved, integrity] = ['version', 'resolved', 'integrity'].map((name) => fieldOf(fields, name));
  if (version === undefined || resolved === undefined || integrity === undefined) return undefined;
  // The old hash behind the address is none of the new archive.
  const address = resolvedUrl((plain(resolved.value) ?? '').replace(/#.*$/s, ''), change);
  if (address === undefined) return undefined;
  return [
    replacing(version, `"${change.to}"`),
    replacing(resolved, JSON.stringify(address)),
    replacing(integrity, change.integrity),
  ];
}

function editBerryBlock({ fields }: Block, { name, from, to }: LockChange): readonly Replacement[] | undefined {
  const [version, resolution, checksum] = ['version', 'resolution', 'checksum'].map((field) => fieldOf(fields, field));
  // An archive at an address of its own, and a patch, have another resolution.
  if (version === undefined || plain(resolution?.value) !== `${name}@npm:${from}` || resolution === undefined) {
    return undefined;
  }
  return [
    replacing(version, to),
    replacing(resolution, `"${name}@npm:${to}"`),
    ...(checksum === undefined ? [] : [{ span: checksum.line, newText: '' }]),
  ];
}

function fieldOf(fields: readonly Field[], name: string): Field | undefined {
  return fields.find((field) => field.name === name);
}

function replacing({ start, end }: Field, newText: string): Replacement {
  return { span: { start, end }, newText };
}

import type { PackageSource } from '../../core/package.ts';
import { classifyResolved, type RegistryReader } from './resolved-source.ts';
import { copyOf } from './string-table.ts';

/** What stands under one key of a `yarn.lock`. */
export interface YarnDraft {
  /** `name@range`, at least one. They keep no more of the text in memory than the key. */
  readonly descriptors: readonly string[];
  /** The key's place, without the quotes around it. */
  readonly start: number;
  readonly end: number;
  /** Classic's field `name`; empty when there is none. */
  name: string;
  version: string;
  /** Classic's `resolved`, berry's `resolution`. It may be a view of the text. */
  resolved: string;
  integrity: string | undefined;
  /** Numbers of requests, those that are not optional first. */
  edges: number[];
  /** How many of the edges are not optional; undefined when all are. */
  required: number | undefined;
}

export function draftOf(descriptors: readonly string[], start: number, end: number): YarnDraft {
  return {
    descriptors,
    start,
    end,
    name: '',
    version: '',
    resolved: '',
    integrity: undefined,
    edges: [],
    required: undefined,
  };
}

/** Which package an entry is. */
export interface YarnIdentity {
  readonly name: string;
  readonly version: string;
  readonly source: PackageSource;
  readonly registry: string | undefined;
  /** The folder of a workspace member; undefined for all else. */
  readonly workspace: string | undefined;
}

/** A name, and what follows it: a range in a descriptor, a reference in a locator. */
export function splitDescriptor(descriptor: string): readonly [name: string, range: string] {
  const at = descriptor.indexOf('@', 1);
  return at === -1 ? [descriptor, ''] : [descriptor.slice(0, at), descriptor.slice(at + 1)];
}

/** The name behind `npm:name@range`; undefined for `npm:range`, which names no other package. */
function aliasTarget(range: string): string | undefined {
  if (!range.startsWith(NPM)) return undefined;
  const at = range.indexOf('@', NPM.length + 1);
  if (at !== -1) return range.slice(NPM.length, at);
  return /^npm:[@a-z][^ ]*\/[^ ]+$/i.test(range) ? range.slice(NPM.length) : undefined;
}

/** An entry of a lockfile of yarn 1. */
export function identifyClassic(draft: YarnDraft, registries: RegistryReader): YarnIdentity {
  const { descriptors, resolved, version } = draft;
  const [written, range] = splitDescriptor(descriptors[0] ?? '');
  const name = classicName(draft, written);
  const isElsewhere = range.includes(':') ? !range.startsWith(NPM) : PATH.test(range);
  const workspace = undefined;
  // Of a mirror on disk only the file name is written.
  if (resolved.includes(':')) {
    const { source, registry } = registries.read(resolved, 0, resolved.length, name);
    return { name, version, source, registry, workspace };
  }
  if (!isElsewhere) return { name, version, source: 'registry', registry: undefined, workspace };
  const { source } = PATH.test(range) ? FILE : classifyResolved(range, name);
  return { name, version: source === 'link' ? '' : version, source, registry: undefined, workspace };
}

function classicName({ descriptors, name }: YarnDraft, written: string): string {
  for (const descriptor of descriptors) {
    if (!descriptor.includes('@npm:')) continue;
    const target = aliasTarget(splitDescriptor(descriptor)[1]);
    if (target !== undefined) return target;
  }
  // The key of old lockfiles may be a bare address.
  return written.includes(':') && name !== '' ? name : written;
}

/**
 * An entry of a lockfile of yarn 2 and later. Its `resolution` says which package it is, whatever it is asked for as.
 * @see https://yarnpkg.com/advanced/lexicon#locator
 */
export function identifyBerry(draft: YarnDraft): YarnIdentity {
  const [key, range] = splitDescriptor(draft.descriptors[0] ?? '');
  if (draft.resolved === '') return berryIdentity(aliasTarget(range) ?? key, range, draft.version);
  const at = draft.resolved.indexOf('@', 1);
  const length = at === -1 ? draft.resolved.length : at;
  const isKey = key.length === length && draft.resolved.startsWith(key);
  const name = isKey ? key : copyOf(draft.resolved, 0, length);
  return berryIdentity(name, at === -1 ? '' : bareReference(draft.resolved.slice(at + 1)), draft.version);
}

function berryIdentity(name: string, reference: string, version: string): YarnIdentity {
  const plain = { name, version, source: 'registry', registry: undefined, workspace: undefined } as const;
  if (reference.startsWith(NPM)) {
    const archive = reference.indexOf(ARCHIVE);
    if (archive === -1) return plain;
    const address = decoded(reference.slice(archive + ARCHIVE.length));
    return { ...plain, registry: classifyResolved(address, name).registry ?? URL.parse(address)?.origin };
  }
  const protocol = reference.slice(0, reference.indexOf(':') + 1);
  switch (protocol) {
    case '':
      return plain;
    case 'workspace:':
      return { ...plain, version: '', source: 'workspace', workspace: copied(reference.slice(protocol.length)) || '.' };
    case 'link:':
    case 'portal:':
      return { ...plain, version: '', source: 'link' };
    case 'file:':
    case 'exec:':
      return { ...plain, source: 'file' };
    default:
      return { ...plain, ...classifyResolved(reference, name) };
  }
}

/** What is left of a reference without what berry wraps it in: `npm:1.0.0` of `patch:name@npm%3A1.0.0#file`. */
function bareReference(reference: string): string {
  let bare = reference;
  for (let depth = 0; depth < MAX_WRAPPINGS; depth += 1) {
    const hash = bare.indexOf('#');
    if (bare.startsWith('virtual:')) bare = bare.slice(hash + 1);
    else if (!bare.startsWith('patch:')) break;
    else bare = splitDescriptor(decoded(bare.slice('patch:'.length, hash === -1 ? undefined : hash)))[1];
  }
  return bare;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function copied(text: string): string {
  return copyOf(text, 0, text.length);
}

/** A patch of a patch of a package is as deep as it gets. */
const MAX_WRAPPINGS = 8;
const NPM = 'npm:';
const ARCHIVE = '::__archiveUrl=';
const PATH = /^(?:\.{1,2}\/|~?\/)/;
const FILE = { source: 'file' } as const;

import type { PackageSource } from '../../../core/package.ts';
import { classifyResolved, type RegistryReader } from '../lockfile/resolved-source.ts';
import { copyOf } from '../lockfile/string-table.ts';
import type { YarnDraft } from './yarn-draft.ts';
import { nameInKey, readYarnKey, splitDescriptor } from './yarn-key.ts';

/** Which package an entry is. */
export interface YarnIdentity {
  readonly name: string;
  readonly version: string;
  readonly source: PackageSource;
  readonly registry: string | undefined;
  /** The folder of a workspace member; undefined for all else. */
  readonly workspace: string | undefined;
}

/** The name behind `npm:name@range`; undefined for `npm:range`, which names no other package. */
function aliasTarget(range: string): string | undefined {
  if (!range.startsWith(NPM)) return undefined;
  const at = range.indexOf('@', NPM.length + 1);
  if (at !== -1) return range.slice(NPM.length, at);
  return /^npm:[@a-z][^ ]*\/[^ ]+$/i.test(range) ? range.slice(NPM.length) : undefined;
}

/** An entry of a lockfile of yarn 1. `key` is that of the draft, as a text that may be kept. */
export function identifyClassic(draft: YarnDraft, key: string, registries: RegistryReader): YarnIdentity {
  const { resolved } = draft;
  const version = copied(draft.version);
  const name = classicName(draft, key);
  const workspace = undefined;
  // Of a mirror on disk only the file name is written.
  if (resolved.startsWith('http') || resolved.includes(':')) {
    const { source, registry } = registries.read(resolved, 0, resolved.length, name);
    return { name, version, source, registry, workspace };
  }
  const source = elsewhere(splitDescriptor(readYarnKey(key)[0] ?? '')[1], name) ?? 'registry';
  return { name, version: source === 'link' ? '' : version, source, registry: undefined, workspace };
}

function classicName({ name }: YarnDraft, key: string): string {
  const written = nameInKey(key);
  // One character is found much faster than several.
  if (key.includes(':') && key.includes('@npm:')) {
    const targets = readYarnKey(key).map((descriptor) => aliasTarget(splitDescriptor(descriptor)[1]));
    return targets.find((target) => target !== undefined) ?? written;
  }
  // The key of old lockfiles may be a bare address.
  return name !== '' && written.includes(':') ? copied(name) : written;
}

/** The source that a range names itself; undefined for those that a registry answers. */
function elsewhere(range: string, name: string): PackageSource | undefined {
  if (PATH.test(range)) return 'file';
  return range.includes(':') && !range.startsWith(NPM) ? classifyResolved(range, name).source : undefined;
}

/**
 * An entry of a lockfile of yarn 2 and later. Its `resolution` says which package it is, whatever it is asked for as.
 * @see https://yarnpkg.com/advanced/lexicon#locator
 */
export function identifyBerry({ resolved, version }: YarnDraft, key: string): YarnIdentity {
  const written = nameInKey(key);
  const isPlain =
    resolved.length === written.length + AT_NPM.length + version.length &&
    resolved.startsWith(written) &&
    resolved.startsWith(AT_NPM, written.length);
  if (isPlain) return plainIdentity(written, copied(version));
  const at = resolved.indexOf('@', 1);
  // Without its reference it is not written to its end.
  if (at === -1) {
    const range = splitDescriptor(readYarnKey(key)[0] ?? '')[1];
    return berryIdentity(aliasTarget(range) ?? written, bareReference(range), copied(version));
  }
  const name = written.length === at && resolved.startsWith(written) ? written : copyOf(resolved, 0, at);
  return berryIdentity(name, bareReference(resolved.slice(at + 1)), copied(version));
}

function berryIdentity(name: string, reference: string, version: string): YarnIdentity {
  const plain = plainIdentity(name, version);
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

function plainIdentity(name: string, version: string): YarnIdentity {
  return { name, version, source: 'registry', registry: undefined, workspace: undefined };
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
const AT_NPM = '@npm:';
const ARCHIVE = '::__archiveUrl=';
const PATH = /^(?:\.{1,2}\/|~?\/)/;

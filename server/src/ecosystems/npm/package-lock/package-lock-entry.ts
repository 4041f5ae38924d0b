import {
  IN_BUNDLE,
  OPTIONAL_IN_PRODUCTION,
  SCOPE_BIT,
  type PackageSource,
  type ScopeSet,
} from '../../../core/package.ts';
import type { JsonScanner } from '../text/json-scanner.ts';
import { growEntry, type GrowingEntry } from '../lockfile/growing-entry.ts';

/** The fields of a package that are plain values, in every version of the format. */
export const VALUE_KEYS = [
  'version',
  'resolved',
  'integrity',
  'name',
  'deprecated',
  'dev',
  'optional',
  'devOptional',
  'peer',
  'link',
  'hasInstallScript',
  'inBundle',
  'bundled',
] as const;

type ValueKey = (typeof VALUE_KEYS)[number];

/** What was read of one package. */
export class EntryFields {
  name: string | undefined;
  version: string | undefined;
  integrity: string | undefined;
  deprecated: string | undefined;
  /** Where the value of `resolved` stands, and in what text: that of the lockfile, unless it has escapes. */
  resolvedText = '';
  resolvedStart = 0;
  resolvedEnd = 0;
  isLink = false;
  hasInstallScript = false;
  #flags: ScopeSet = 0;

  /** A package without a flag is used in production. */
  get scopes(): ScopeSet {
    const flags = this.#flags & ~IN_BUNDLE;
    const bundle = this.#flags & IN_BUNDLE;
    if (flags === 0) return SCOPE_BIT.prod | bundle;
    return (flags === SCOPE_BIT.optional ? flags | OPTIONAL_IN_PRODUCTION : flags) | bundle;
  }

  /** Reads the value of a key that the scanner stands after. */
  read(json: JsonScanner, key: ValueKey): void {
    switch (key) {
      case 'version':
        if (this.version !== undefined) reportTwice(json, key);
        if (json.readString()) this.version = json.copy();
        break;
      case 'resolved':
        if (this.resolvedText !== '') reportTwice(json, key);
        if (json.readString()) this.#readResolved(json);
        break;
      case 'integrity':
        if (this.integrity !== undefined) reportTwice(json, key);
        if (json.readString()) this.integrity = json.copy();
        break;
      case 'name':
        if (this.name !== undefined) reportTwice(json, key);
        if (json.readString() && json.end > json.start) this.name = json.copy();
        break;
      case 'deprecated':
        if (json.readString()) this.deprecated = json.copy();
        break;
      case 'link':
        this.isLink = json.readTrue();
        break;
      case 'hasInstallScript':
        this.hasInstallScript = json.readTrue();
        break;
      default:
        if (json.readTrue()) this.#flags |= FLAG_SCOPES[key];
    }
  }

  toEntry(name: string, source: PackageSource, registry: string | undefined, start: number, end: number): GrowingEntry {
    const entry = growEntry(name, this.version ?? '', source, registry, start, end);
    entry.integrity = this.integrity;
    entry.deprecated = this.deprecated;
    entry.hasInstallScript = this.hasInstallScript;
    entry.scopes = this.scopes;
    return entry;
  }

  #readResolved(json: JsonScanner): void {
    this.resolvedText = json.isEscaped ? json.decoded() : json.text;
    this.resolvedStart = json.isEscaped ? 0 : json.start;
    this.resolvedEnd = json.isEscaped ? this.resolvedText.length : json.end;
  }
}

const FLAG_SCOPES = {
  dev: SCOPE_BIT.dev,
  optional: SCOPE_BIT.optional,
  // A development tool needs it, and production uses it where it can.
  devOptional: SCOPE_BIT.dev | SCOPE_BIT.optional | OPTIONAL_IN_PRODUCTION,
  peer: SCOPE_BIT.peer,
  inBundle: IN_BUNDLE,
  // The word of version 1.
  bundled: IN_BUNDLE,
} as const;

function reportTwice(json: JsonScanner, key: string): void {
  json.report(json.start, json.end, `"${key}" stands here twice; the last one counts`);
}

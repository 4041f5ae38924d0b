import type { LockEntry } from '../../../core/lockfile.ts';
import type { JsonScanner } from '../text/json-scanner.ts';
import { keyWords } from '../text/key-words.ts';
import { NodeModulesTree } from '../lockfile/node-modules-tree.ts';
import { EntryFields, VALUE_KEYS } from './package-lock-entry.ts';
import { RegistryReader, tarballVersion } from '../lockfile/resolved-source.ts';
import { copyOf, StringTable } from '../lockfile/string-table.ts';

/**
 * Reads the value of `dependencies` (lockfile version 1): packages nested in packages as their folders are, each with what
 * it `requires`. It does not say what the root asks for. The scanner has just entered the object.
 * @see https://docs.npmjs.com/cli/v6/configuring-npm/package-lock-json
 */
export function readLegacyDependencies(json: JsonScanner): {
  readonly entries: readonly LockEntry[];
  readonly topLevel: ReadonlyMap<string, number>;
} {
  const reader = new LegacyReader(json);
  reader.read();
  return reader.finish();
}

const PACKAGE_KEYS = keyWords(...VALUE_KEYS, 'requires', 'dependencies');

/** An object that the scanner is inside of: a package, or (without fields) a block of packages. */
interface Frame {
  readonly node: number;
  readonly fields: EntryFields | undefined;
  readonly start: number;
  readonly end: number;
}

class LegacyReader {
  readonly #json: JsonScanner;
  readonly #table = new StringTable();
  readonly #tree = new NodeModulesTree(this.#table);
  readonly #registries = new RegistryReader();

  constructor(json: JsonScanner) {
    this.#json = json;
  }

  /** A stack in place of recursion, since the text decides how deep it goes. */
  read(): void {
    const json = this.#json;
    const stack: Frame[] = [{ node: NodeModulesTree.root, fields: undefined, start: 0, end: 0 }];
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      if (!json.nextKey()) {
        stack.pop();
        if (frame.fields !== undefined) this.#add(frame, frame.fields);
        continue;
      }
      const inner = frame.fields === undefined ? this.#enterPackage(frame.node) : this.#readField(frame, frame.fields);
      if (inner !== undefined) stack.push(inner);
    }
  }

  finish(): { readonly entries: readonly LockEntry[]; readonly topLevel: ReadonlyMap<string, number> } {
    this.#tree.connect();
    return { entries: this.#tree.entries, topLevel: this.#tree.topLevel() };
  }

  #enterPackage(parent: number): Frame | undefined {
    const json = this.#json;
    const { start, end } = json;
    const node = this.#tree.child(parent, this.#internKey());
    if (node === -1) {
      json.report(start, end, 'The package lies too deep to be read');
      json.skip();
      return undefined;
    }
    if (this.#tree.entryAt(node) !== -1) {
      json.report(start, end, 'The package is listed twice; the last one counts');
      this.#tree.forgetRequests(node);
    }
    if (json.enterObject()) return { node, fields: new EntryFields(), start, end };
    json.report(start, end, 'A package has to be an object');
    return undefined;
  }

  #readField(frame: Frame, fields: EntryFields): Frame | undefined {
    const json = this.#json;
    const key = json.keyAmong(PACKAGE_KEYS);
    switch (key) {
      case undefined:
        json.skip();
        return undefined;
      case 'dependencies':
        return json.enterObject() ? { node: frame.node, fields: undefined, start: 0, end: 0 } : undefined;
      case 'requires':
        if (!json.enterObject()) return undefined;
        while (json.nextKey()) {
          this.#tree.request(frame.node, this.#internKey());
          json.skip();
        }
        return undefined;
      default:
        fields.read(json, key);
        return undefined;
    }
  }

  #internKey(): number {
    const json = this.#json;
    if (!json.isEscaped) return this.#table.intern(json.text, json.start, json.end);
    const key = json.decoded();
    return this.#table.intern(key, 0, key.length);
  }

  #add(frame: Frame, fields: EntryFields): void {
    const { node, start, end } = frame;
    const installed = this.#tree.installedName(node);
    const version = fields.version ?? '';
    const at = version.startsWith('npm:') ? version.indexOf('@', 'npm:'.length + 1) : -1;
    const isAlias = at !== -1;
    const name = isAlias ? copyOf(version, 'npm:'.length, at) : installed;
    if (isAlias) fields.version = copyOf(version, at + 1, version.length);
    if (version.includes(':') && !isAlias) {
      // The version is where the package comes from. Only the file name of a registry's tarball says which version it is.
      const origin = this.#registries.read(version, 0, version.length, name);
      fields.version = origin.source === 'registry' ? tarballVersion(version, name) : '';
      this.#tree.setEntry(node, fields.toEntry(name, origin.source, origin.registry, start, end));
      return;
    }
    if (version === '') this.#json.report(start, end, `${installed} has no version`);
    const { resolvedText, resolvedStart, resolvedEnd } = fields;
    const origin =
      resolvedEnd > resolvedStart ? this.#registries.read(resolvedText, resolvedStart, resolvedEnd, name) : undefined;
    this.#tree.setEntry(node, fields.toEntry(name, origin?.source ?? 'registry', origin?.registry, start, end));
  }
}

import type { JsonScanner } from '../text/json-scanner.ts';

/** What an entry asks for, as numbers of names. */
export interface BunRequests {
  readonly required: readonly number[];
  readonly optional: readonly number[];
}

/** What was read of one package of bun.lock. Texts are for the moment only, but for the integrity. */
export class BunTuple {
  /** The first item: the name, an `@`, and the version or where the package comes from. */
  identity = '';
  integrity: string | undefined;
  /** The text that the second item of a registry's package stands in; undefined when there is none. */
  registryText: string | undefined;
  registryStart = 0;
  registryEnd = 0;
  readonly optionalPeers: number[] = [];
  readonly #required: number[] = [];
  readonly #optional: number[] = [];
  readonly #peers: number[] = [];

  /** Reads an item that is a string. */
  readText(json: JsonScanner, index: number): void {
    if (index === 0) this.identity = json.decoded();
    else if (json.text.startsWith('sha', json.start)) this.integrity = json.copy();
    else if (index === 1) this.#readRegistry(json);
  }

  namesOf(group: 'dependencies' | 'optionalDependencies' | 'peerDependencies'): number[] {
    if (group === 'dependencies') return this.#required;
    return group === 'peerDependencies' ? this.#peers : this.#optional;
  }

  /** An optional peer is used where something else installs it, as an optional dependency is. */
  requests(): BunRequests | undefined {
    if (this.#required.length + this.#optional.length + this.#peers.length === 0) return undefined;
    const isOptional = (peer: number): boolean => this.optionalPeers.includes(peer);
    return {
      required: [...this.#required, ...this.#peers.filter((peer) => !isOptional(peer))],
      optional: [...this.#optional, ...this.#peers.filter(isOptional)],
    };
  }

  #readRegistry(json: JsonScanner): void {
    this.registryText = json.isEscaped ? json.decoded() : json.text;
    this.registryStart = json.isEscaped ? 0 : json.start;
    this.registryEnd = json.isEscaped ? this.registryText.length : json.end;
  }
}

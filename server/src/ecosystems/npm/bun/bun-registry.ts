import { copyOf } from '../lockfile/string-table.ts';
import { RegistryReader } from '../lockfile/resolved-source.ts';

/** Reads the second item of a package of a registry: the address of its tarball, or the registry's own. */
export class BunRegistryReader {
  readonly #tarballs = new RegistryReader();

  /** The registry's base, without a slash at its end; undefined when the text is no web address. */
  registryOf(text: string, start: number, end: number, name: string): string | undefined {
    const { registry } = this.#tarballs.read(text, start, end, name);
    if (registry !== undefined) return registry;
    const url = URL.parse(text.slice(start, end));
    if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
    // Of a tarball in an unusual place, only the host is known.
    const base = /\.t?gz$/.test(url.pathname) ? url.origin : `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
    return copyOf(base, 0, base.length);
  }
}

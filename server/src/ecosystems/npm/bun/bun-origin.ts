import type { PackageSource } from '../../../core/package.ts';
import { classifyResolved, tarballVersion } from '../lockfile/resolved-source.ts';
import { copyOf } from '../lockfile/string-table.ts';

/** What the text behind `name@` says of a package that is not one of a registry by name and version. */
export interface BunOrigin {
  readonly source: PackageSource;
  readonly version: string;
  readonly registry: string | undefined;
  /** The folder of a workspace member; empty for the root; undefined for others. */
  readonly folder: string | undefined;
}

/**
 * Reads the text behind `name@`: `workspace:folder`, `root:`, `link:name`, `file:folder`, the address of a repository or of a
 * tarball, or the path of one.
 * @see https://bun.com/docs/pm/lockfile
 */
export function readBunOrigin(name: string, text: string): BunOrigin {
  if (text.startsWith('workspace:')) return memberOrigin(text.slice('workspace:'.length).replace(/^\.\/|\/$/g, ''));
  if (text.startsWith('root:')) return memberOrigin('');
  if (/^https?:/i.test(text)) {
    const { source, registry } = classifyResolved(text, name);
    return { source, version: source === 'registry' ? tarballVersion(text, name) : '', registry, folder: undefined };
  }
  return { source: sourceOf(text, name), version: '', registry: undefined, folder: undefined };
}

function memberOrigin(folder: string): BunOrigin {
  return { source: 'workspace', version: '', registry: undefined, folder: copyOf(folder, 0, folder.length) };
}

function sourceOf(text: string, name: string): PackageSource {
  const { source } = classifyResolved(text, name);
  if (source !== 'tarball') return source;
  if (/^(?:ssh:|[\w.-]+@[\w.-]+:)/.test(text)) return 'git';
  // What is left is the path of a tarball on this machine.
  return 'file';
}

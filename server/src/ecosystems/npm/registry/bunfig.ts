import { loadToml } from '../../../text/load-toml.ts';

/** What a `bunfig.toml` says below `[install]` about the age of versions. */
export interface BunfigGate {
  readonly seconds: number | undefined;
  readonly excluded: readonly string[] | undefined;
}

const NOTHING: BunfigGate = { seconds: undefined, excluded: undefined };

/**
 * A file that is no TOML says nothing, as bun refuses to run with it.
 * @see https://bun.com/docs/runtime/bunfig#install-minimumreleaseage
 */
export function readBunfigGate(text: string): BunfigGate {
  // Most files do not speak of it, and reading one loads a library.
  if (!text.includes('minimumReleaseAge')) return NOTHING;
  const install = valueAt(parsed(text), 'install');
  const seconds = valueAt(install, 'minimumReleaseAge');
  const excluded = valueAt(install, 'minimumReleaseAgeExcludes');
  return {
    seconds: typeof seconds === 'number' && seconds >= 0 ? seconds : undefined,
    excluded: Array.isArray(excluded) ? excluded.filter((item) => typeof item === 'string') : undefined,
  };
}

function parsed(text: string): unknown {
  try {
    return loadToml().parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function valueAt(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

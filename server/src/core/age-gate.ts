import type { LateEdit } from './transitive-dialect.ts';

/** How old a version must be before the package manager takes it, as its own configuration says. */
export interface AgeGate {
  /** Milliseconds since publication; 0 holds nothing back by age. */
  readonly minimumAgeMs: number;
  /** Nothing that was published later is taken, in milliseconds since the epoch. No time passes that opens this one. */
  readonly before: number | undefined;
  /** Names that are let through: `name`, `@scope/*`, `name@1.0.0 || 1.0.1`. */
  readonly excluded: readonly string[];
  /** The document of the project in which one more name would be let through; undefined where none would count. */
  readonly excludeIn: string | undefined;
}

export interface ReleaseName {
  readonly name: string;
  readonly version: string;
}

/** A version as the gate sees it. */
export interface Release extends ReleaseName {
  /** Undefined when the registry does not say: it is not held back then. */
  readonly publishedAt: number | undefined;
}

/** An edit that lets a version through. */
export interface GateExclusion {
  readonly edit: LateEdit;
  /** True where the package manager lets a name through in every version only. */
  readonly everyVersion: boolean;
}

/**
 * When the gate lets a version through, in milliseconds since the epoch; Infinity when waiting does not help, and
 * undefined when it is let through now.
 */
export function blockedUntil(gate: AgeGate | undefined, release: Release, now: number): number | undefined {
  const { publishedAt } = release;
  if (gate === undefined || publishedAt === undefined) return undefined;
  if (gate.excluded.some((pattern) => isExcluded(pattern, release))) return undefined;
  if (gate.before !== undefined && publishedAt > gate.before) return Infinity;
  const opensAt = publishedAt + gate.minimumAgeMs;
  return gate.minimumAgeMs > 0 && opensAt > now ? opensAt : undefined;
}

/** What the answers of a gate rest on: it opens as time passes, which is looked at by the minute. */
export function gateBasis(gate: AgeGate | undefined, now: number): string {
  return gate === undefined ? '' : JSON.stringify([gate, Math.floor(now / 60_000)]);
}

function isExcluded(pattern: string, { name, version }: Release): boolean {
  const at = pattern.indexOf('@', 1);
  if (at === -1) return matchesGlob(pattern, name);
  const versions = pattern.slice(at + 1).split('||');
  return pattern.slice(0, at) === name && versions.some((item) => item.trim() === version);
}

/** Stars stand for any text. Part by part, since a workspace's pattern must not make a slow expression. */
function matchesGlob(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}

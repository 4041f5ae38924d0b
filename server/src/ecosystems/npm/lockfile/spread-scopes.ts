import type { Importer } from '../../../core/lockfile.ts';
import { OPTIONAL_IN_PRODUCTION, SCOPE_BIT, type Scope, type ScopeSet } from '../../../core/package.ts';
import type { GrowingEntry } from './growing-entry.ts';

/**
 * Gives each package the scopes of the ways that lead to it. Members are beginnings of their own, so a way ends at one.
 * `required` says, by entry, how many of its edges are not optional: those come first, and undefined means all.
 */
export function spreadScopes(
  entries: readonly GrowingEntry[],
  importers: readonly Importer[],
  required: readonly (number | undefined)[],
): void {
  const changed: number[] = [];
  const add = (index: number, scopes: ScopeSet): void => {
    const entry = entries[index];
    if (entry === undefined || (entry.scopes | scopes) === entry.scopes) return;
    entry.scopes |= scopes;
    changed.push(index);
  };
  for (const { dependencies } of importers) for (const item of dependencies) add(item.entry, scopeBits(item.scope));
  for (let index = changed.pop(); index !== undefined; index = changed.pop()) {
    const entry = entries[index];
    if (entry === undefined || entry.source === 'workspace') continue;
    const { scopes, edges } = entry;
    const firstOptional = required[index] ?? edges.length;
    const optional = optionally(scopes);
    for (let position = 0; position < edges.length; position += 1) {
      add(edges[position] ?? -1, position < firstOptional ? scopes : optional);
    }
  }
  // What no importer leads to is taken for the worst.
  for (const entry of entries) if (entry.scopes === 0) entry.scopes = SCOPE_BIT.prod;
}

function scopeBits(scope: Scope): ScopeSet {
  return scope === 'optional' ? SCOPE_BIT.optional | OPTIONAL_IN_PRODUCTION : SCOPE_BIT[scope];
}

/** The scopes of a package that is reached by an optional edge from one with these. */
function optionally(scopes: ScopeSet): ScopeSet {
  const isInProduction = (scopes & (SCOPE_BIT.prod | OPTIONAL_IN_PRODUCTION)) !== 0;
  const kept = scopes & (SCOPE_BIT.dev | SCOPE_BIT.tool);
  return kept | SCOPE_BIT.optional | (isInProduction ? OPTIONAL_IN_PRODUCTION : 0);
}

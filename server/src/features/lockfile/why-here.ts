import { isDevelopmentOnly, scopesOf, type Scope } from '../../core/package.ts';
import type { ProjectView } from '../../workspace/snapshot.ts';
import { escapeMarkdown } from '../markdown.ts';
import { count } from '../words.ts';

const SHOWN_CHAINS = 6;
const SHOWN_MEMBERS = 3;
const SHOWN_DEPENDENTS = 6;

/** Why a lockfile has some entries of one package: the shortest chain from each direct dependency, and who else asks. */
export function whyHere(entries: readonly number[], project: ProjectView): string[] {
  return [
    `**Why is this here**: ${scopeText(entries, project)}`,
    '',
    ...chains(entries, project),
    '',
    ...dependents(entries, project),
  ];
}

function scopeText(entries: readonly number[], { installed: { lockfile } }: ProjectView): string {
  if (entries.some((index) => lockfile.tools.includes(index))) return 'the package manager itself';
  const set = entries.reduce((all, index) => all | (lockfile.entries[index]?.scopes ?? 0), 0);
  if (isDevelopmentOnly(set)) return set === 2 ? 'development only' : 'development only, optional';
  const words = scopesOf(set).map((scope) => SCOPE_WORDS[scope]);
  return words.length === 0 ? 'no member of this workspace leads to it' : words.join(', ');
}

const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  prod: 'production',
  dev: 'development',
  optional: 'optional',
  peer: 'peer',
  tool: 'the package manager itself',
};

/** One row for each chain; many members may have the same one. */
function chains(entries: readonly number[], { installed: { routes, lockfile } }: ProjectView): string[] {
  const members = new Map<string, Set<string>>();
  for (const route of routes.routesTo(entries)) {
    const chain = routes.namesOf(route).join(' > ');
    const found = members.get(chain) ?? new Set<string>();
    found.add(memberName(lockfile.importers[route.importer]?.path));
    members.set(chain, found);
  }
  if (members.size === 0) return ['- no direct dependency is known that leads here'];
  const isWorkspace = lockfile.importers.length > 1;
  const rows = [...members].slice(0, SHOWN_CHAINS).map(([chain, paths]) => {
    const direct = chain.includes(' > ') ? '' : ' (direct)';
    return `- ${escapeMarkdown(chain)}${direct}${isWorkspace ? ` · ${escapeMarkdown(some([...paths], SHOWN_MEMBERS))}` : ''}`;
  });
  return members.size > SHOWN_CHAINS ? [...rows, `- and ${String(members.size - SHOWN_CHAINS)} more`] : rows;
}

function memberName(path: string | undefined): string {
  return path === undefined || path === '.' ? 'the root' : path;
}

/** The packages that ask for it themselves; members are named with their chains. */
function dependents(entries: readonly number[], { installed: { routes, lockfile } }: ProjectView): string[] {
  const names = new Set<string>();
  for (const index of entries) {
    for (const parent of routes.parentsOf(index)) {
      const entry = lockfile.entries[parent];
      if (entry !== undefined && entry.source !== 'workspace') names.add(`${entry.name} ${entry.version}`.trim());
    }
  }
  if (names.size === 0) return [];
  return [
    `**Asked for by** ${count(names.size, 'package')}: ${escapeMarkdown(some([...names], SHOWN_DEPENDENTS))}`,
    '',
  ];
}

function some(words: readonly string[], shown: number): string {
  const rest = words.length - shown;
  return rest <= 0 ? words.join(', ') : `${words.slice(0, shown).join(', ')} and ${String(rest)} more`;
}

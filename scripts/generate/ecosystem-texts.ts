import { DECISION_GLOBS } from '../../server/src/decisions/formats.ts';
import type { Ecosystem } from '../../server/src/core/ecosystem.ts';

type FileNames = Pick<Ecosystem, 'id' | 'osvName' | 'purlType' | 'manifestNames' | 'lockfileNames' | 'configNames'>;

/** The client's list of the files that the server wants to know of. */
export function fileNamesModule(ecosystems: readonly FileNames[]): string {
  const names = ecosystems.flatMap((each) => [...each.manifestNames, ...each.lockfileNames, ...each.configNames]);
  return `/** Written by scripts/generate.ts from the ecosystems' lists. Do not edit. */

/** The names of manifests, lockfiles and registry configurations. */
export const FILE_NAMES: readonly string[] = ${JSON.stringify([...new Set(names)])};

/** The files in which decisions about findings stand. */
export const DECISION_GLOBS: readonly string[] = ${JSON.stringify(DECISION_GLOBS)};
`;
}

/** What the parsers and `choose-lockfile.ts` hold to. */
const LOCKFILES_READ = `## Which lockfiles are read

| lockfile | is |
| --- | --- |
| \`package-lock.json\`, \`npm-shrinkwrap.json\` | read: versions 1, 2 and 3 |
| \`pnpm-lock.yaml\` | read: versions 5, 6 and 9, with one or more documents in the file |
| \`pnpm-lock.yaml\` older than 5 | recognized, not read: an install with a newer pnpm writes one that can be |
| \`yarn.lock\` | read: yarn 1, and metadata 4 to 10 of later ones |
| \`bun.lock\` | read: versions 0, 1 and 2 |
| \`bun.lockb\` | recognized, not read: it is binary, and \`bun install --save-text-lockfile\` writes a \`bun.lock\` |

A lockfile that is not read is named: in the message on the line, in the tooltip of the status item, and under "Not read"
on the command line, where \`--strict\` then ends with 3. Its project is checked by what the manifest declares: the highest
published version in each range, and nothing of what that brings in.
`;

export function ecosystemsPage(ecosystems: readonly FileNames[]): string {
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  const rows = ecosystems.map(
    (each) =>
      `| ${each.id} | ${list(each.manifestNames)} | ${list(each.lockfileNames)} | ${list(each.configNames)} | ${each.osvName} | \`pkg:${each.purlType}\` |`,
  );
  return `<!-- Written by scripts/generate.ts from server/src/ecosystems/all.ts. Do not edit. -->

# Ecosystems

| Ecosystem | Manifests | Lockfiles | Registry configuration | Name in OSV | Package URL |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

${LOCKFILES_READ}`;
}

/** A project is recognized by a manifest or a lockfile; a registry configuration alone is none. */
export function activationEvents(ecosystems: readonly FileNames[]): string[] {
  const names = new Set(ecosystems.flatMap((each) => [...each.manifestNames, ...each.lockfileNames]));
  return [...names].map((name) => `workspaceContains:**/${name}`);
}

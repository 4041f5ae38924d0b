import type { Override } from '../../../core/manifest.ts';
import type { Problem } from '../../../core/span.ts';
import { distinctEntries, type DocumentEntry, type DocumentNode } from '../../../text/document-tree.ts';

/**
 * npm's form: objects nest, and `.` is the package of the object itself.
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#overrides
 */
export function npmOverrides(block: DocumentNode | undefined, problems: Problem[]): Override[] {
  return nestedOverrides(block, [], problems);
}

function nestedOverrides(block: DocumentNode | undefined, parents: readonly string[], problems: Problem[]): Override[] {
  return distinctEntries(block, problems).flatMap((entry) => {
    const path = entry.name === '.' ? parents : [...parents, entry.name];
    return entry.value?.kind === 'map'
      ? nestedOverrides(entry.value, path, problems)
      : plainOverride(entry, path, 'overrides', problems);
  });
}

/** pnpm's form: `parent@1>child@2`. The `>` of a range stands after a space, an `@` or a `|`. */
export function pnpmOverrides(block: DocumentNode | undefined, group: string, problems: Problem[]): Override[] {
  return distinctEntries(block, problems).flatMap((entry) =>
    plainOverride(entry, entry.name.split(/(?<=[^ |@])>/), group, problems),
  );
}

/** Yarn's form: `parent/child`, with `**` for "wherever". */
export function yarnResolutions(block: DocumentNode | undefined, problems: Problem[]): Override[] {
  return distinctEntries(block, problems).flatMap((entry) =>
    plainOverride(entry, namesOf(entry.name), 'resolutions', problems),
  );
}

function namesOf(path: string): string[] {
  const names: string[] = [];
  for (const part of path.split('/')) {
    const before = names.at(-1);
    if (before?.startsWith('@') === true && !before.includes('/')) names[names.length - 1] = `${before}/${part}`;
    else if (part !== '**') names.push(part);
  }
  return names;
}

function plainOverride(entry: DocumentEntry, path: readonly string[], group: string, problems: Problem[]): Override[] {
  const { value, nameSpan, name } = entry;
  if (value?.kind === 'text') return [{ path, group, value: value.text, nameSpan, valueSpan: value.span }];
  if (value) problems.push({ span: value.span, message: `the override of "${name}" must be a string` });
  return [];
}

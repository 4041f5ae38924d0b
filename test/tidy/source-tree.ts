import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '../..');

/** All files of the project by their path below the root, with slashes; nothing that git ignores. */
export function projectFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const names = listed.toString('utf8').split('\0');
  return names.filter((name) => name !== '' && existsSync(join(root, name))).sort();
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export interface Import {
  readonly from: string;
  /** A path below the root, or the name of a package. */
  readonly to: string;
}

/** All imports of a TypeScript file, dynamic and type-only ones too. */
export function importsOf(path: string): readonly Import[] {
  return ts.preProcessFile(textOf(path), true, true).importedFiles.map(({ fileName }) => ({
    from: path,
    to: fileName.startsWith('.') ? posix.join(posix.dirname(path), fileName) : fileName,
  }));
}

/** What can be reached from the entries by imports. */
export function reachableFrom(entries: readonly string[], imports: readonly Import[]): ReadonlySet<string> {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const { to } of targets.get(path) ?? []) waiting.push(to);
  }
  return reached;
}

/** Circles among the imports, each as the files that are passed on the way round. */
export function circles(imports: readonly Import[]): readonly string[] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) found.push([...way.slice(start), path].join(' > '));
    if (start >= 0 || done.has(path)) return;
    for (const { to } of targets.get(path) ?? []) visit(to, [...way, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
}

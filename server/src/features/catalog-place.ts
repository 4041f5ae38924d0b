import type { LineView, ProjectView } from '../workspace/snapshot.ts';

/** Where the version is written that a line points at. */
export interface CatalogPlace {
  readonly path: string;
  /** The address of the line, as editors understand it. */
  readonly uri: string;
}

/** The catalog line behind a `catalog:`; undefined for lines that write their version themselves. `uriOf` as the client writes paths. */
export function catalogPlace(
  { catalogLine }: LineView,
  project: ProjectView,
  uriOf: (path: string) => string,
): CatalogPlace | undefined {
  if (catalogLine === undefined) return undefined;
  const { path, dependency } = catalogLine;
  const document = project.manifests.find((manifest) => manifest.document.path === path)?.document;
  if (document === undefined) return undefined;
  const { line, character } = document.lines.positionAt(dependency.nameSpan.start);
  return { path, uri: `${uriOf(path)}#L${String(line + 1)},${String(character + 1)}` };
}

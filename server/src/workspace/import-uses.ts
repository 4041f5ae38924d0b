import type { ImportDialect, ImportSurvey, ImportUse, ImportUses } from '../core/import-use.ts';

/** What a survey of sources says of each dependency. */
export function importUses({ isWhole, manifests }: ImportSurvey, dialect: ImportDialect): ImportUses {
  const byManifest = new Map(
    manifests.map(({ path, production, test, sources }) => {
      const uses = new Map<string, ImportUse>(test.map((name) => [name, 'test']));
      for (const name of production) uses.set(name, 'production');
      return [path, { uses, sources }];
    }),
  );
  return {
    useOf: (path, dependency) => {
      const manifest = byManifest.get(path);
      const name = dialect.importedAs(dependency);
      if (manifest === undefined || name === undefined || manifest.sources === 0) return undefined;
      // Types of what nobody imports may be of what is there without an import.
      return manifest.uses.get(name) ?? (isWhole && name === dependency ? 'never' : undefined);
    },
  };
}

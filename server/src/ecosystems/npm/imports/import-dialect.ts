import type { ImportDialect } from '../../../core/import-use.ts';
import { importedPackages } from './import-scanner.ts';

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro|mdx|css|scss|sass|less)$/i;

/** Shipped files of other projects that were checked in, and type declarations that were made. */
const MADE = /\.(?:min\.(?:js|css)|bundle\.js)$/i;

const OUTPUT_FOLDERS: ReadonlySet<string> = new Set([
  ...['node_modules', 'bower_components', 'jspm_packages', 'vendor', 'dist', 'build', 'out', 'coverage', 'target'],
]);

const TEST_FOLDER =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|__fixtures__|fixtures|e2e|cypress|playwright|stories|bench(?:marks?)?|examples?|scripts|tools|config)\//i;

const TEST_FILE =
  /[.-](?:test|spec|stories|story|bench|cy|e2e|config|conf|setup)\.[a-z]+$|(?:^|\/)(?:\.[^/]*rc\.[cm]?js|(?:gulp|grunt|jake)file\.[a-z]+)$/i;

const TYPES = '@types/';

/** How JavaScript and TypeScript import. */
export const IMPORT_DIALECT: ImportDialect = {
  isSource: (fileName) => SOURCE.test(fileName) && !MADE.test(fileName),
  isOutput: (folderName) => folderName.startsWith('.') || OUTPUT_FOLDERS.has(folderName),
  isTest: (path) => TEST_FOLDER.test(path) || TEST_FILE.test(path),
  importedBy: importedPackages,
  importedAs: (dependency) => (dependency.startsWith(TYPES) ? typedPackage(dependency) : dependency),
};

/** `@types/a__b` holds the types of `@a/b`. Those of Node come without an import. */
function typedPackage(types: string): string | undefined {
  const name = types.slice(TYPES.length);
  if (name === 'node') return undefined;
  const [scope, rest] = name.split('__');
  return rest === undefined ? name : `@${scope ?? ''}/${rest}`;
}

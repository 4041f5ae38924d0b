/** What the extension's package may hold, each with what it is for. vsce renames some files to lower case. */
const ALLOWED: readonly RegExp[] = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/(?:package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/dist\/(?:extension|server)\.cjs$/,
  /^extension\/dist\/(?:chunks|workers)\/[\w.-]+\.cjs$/,
  /^extension\/dist\/THIRD_PARTY_NOTICES\.txt$/,
  /^extension\/resources\/(?:icon\.png|risks\.svg|(?:openvex|provender)\.schema\.json)$/,
  /^extension\/resources\/walkthrough\/[\w-]+\.(?:svg|md)$/,
  /^extension\/resources\/seed\/advisories\.db$/,
  /^extension\/syntaxes\/[\w.-]+\.json$/,
  /^extension\/docs\/data-sources\.md$/,
];

/** Without these it does not run, or may not be given away. */
const NEEDED: readonly string[] = [
  'extension/package.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/dist/extension.cjs',
  'extension/dist/server.cjs',
  'extension/dist/THIRD_PARTY_NOTICES.txt',
  'extension/resources/icon.png',
  'extension/resources/risks.svg',
  'extension/resources/openvex.schema.json',
  'extension/resources/provender.schema.json',
  'extension/docs/data-sources.md',
];

/** What is wrong with a package that holds these files. */
export function contentFaults(names: readonly string[]): string[] {
  const strays = names.filter((name) => !ALLOWED.some((pattern) => pattern.test(name)));
  const missing = NEEDED.filter((name) => !names.includes(name));
  return [...strays.map((name) => `it holds ${name}`), ...missing.map((name) => `it lacks ${name}`)];
}

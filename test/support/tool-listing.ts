/** What a package manager lists of a workspace, as sorted `name@version`: packages of the registry, and none of its members. */
export interface ToolListing {
  readonly packages: readonly string[];
  /** Those that a manifest asks for; undefined where the listing does not tell. */
  readonly direct?: readonly string[];
  /** Those that only development needs; undefined where the listing does not tell. */
  readonly dev?: readonly string[];
}

/** Answers of `npm ls --all --long --json`: a tree, whose second level is what the members ask for. */
export function npmListing(text: string): ToolListing {
  const seen: Seen[] = [];
  const visit = (node: unknown, isAsking: boolean): void => {
    for (const [place, child] of Object.entries(recordIn(node, 'dependencies'))) {
      const isMember = place.startsWith(MEMBER);
      const version = textIn(child, 'version');
      if (version !== '' && !isMember) {
        const id = `${textIn(child, 'name')}@${version}`;
        seen.push({ id, isDirect: isAsking, isDev: fieldIn(child, 'dev') === true });
      }
      visit(child, isMember);
    }
  };
  visit(JSON.parse(text), true);
  return listingOf(seen);
}

/** Answers of `pnpm ls -r --depth Infinity --json`: a tree for each member. */
export function pnpmListing(text: string): ToolListing {
  const seen: Seen[] = [];
  const visit = (children: Readonly<Record<string, unknown>>, isDirect: boolean, isDev: boolean): void => {
    for (const child of Object.values(children)) {
      const version = textIn(child, 'version');
      if (version.startsWith('link:')) continue;
      seen.push({ id: `${textIn(child, 'from')}@${version}`, isDirect, isDev });
      visit(recordIn(child, 'dependencies'), false, isDev);
    }
  };
  for (const member of Object.values(recordOf(JSON.parse(text)))) {
    visit(recordIn(member, 'dependencies'), true, false);
    visit(recordIn(member, 'optionalDependencies'), true, false);
    visit(recordIn(member, 'devDependencies'), true, true);
  }
  return listingOf(seen);
}

/** Answers of `yarn list --json` of yarn 1, whose tree is that of the folders, under the names of aliases. */
export function yarnOneListing(text: string): ToolListing {
  const ids: string[] = [];
  const visit = (trees: unknown): void => {
    for (const tree of Object.values(recordOf(trees))) {
      if (fieldIn(tree, 'shadow') === true) continue;
      ids.push(textIn(tree, 'name'));
      visit(fieldIn(tree, 'children'));
    }
  };
  visit(fieldIn(fieldIn(JSON.parse(text), 'data'), 'trees'));
  return { packages: packagesOf(ids.filter((id) => !id.startsWith(MEMBER)).map(withoutAlias)) };
}

/** Answers of `yarn info -A -R --json`: one document for each package, and for each member. */
export function yarnListing(text: string): ToolListing {
  const ids: string[] = [];
  const direct: string[] = [];
  for (const line of text.split('\n').filter((candidate) => candidate !== '')) {
    const document: unknown = JSON.parse(line);
    const details = fieldIn(document, 'children');
    const locator = textIn(document, 'value');
    if (!locator.includes('@workspace:')) ids.push(`${nameIn(locator)}@${textIn(details, 'Version')}`);
    // A patch is one of its package, under a locator of its own.
    else direct.push(...Object.values(recordIn(details, 'Dependencies')).map((asked) => textIn(asked, 'locator')));
  }
  const versions = new Map(
    direct.map((locator) => [nameIn(locator), /(?:#npm:|@npm:|version=)([\d.]+)/.exec(locator)]),
  );
  const named = [...versions].flatMap(([name, version]) => (version ? [`${name}@${version[1] ?? ''}`] : []));
  return { packages: packagesOf(ids), direct: packagesOf(named) };
}

/** Answers of `bun pm ls --all`: the tree of folders, under the names of aliases. */
export function bunListing(text: string): ToolListing {
  const ids = [...text.matchAll(/ (@?[^@\s]+@\d\S*)$/gm)].map(([, id = '']) => id);
  return { packages: packagesOf(ids.map(withoutAlias)) };
}

/** Answers of `provender list --format json`. */
export function provenderListing(text: string): Required<ToolListing> {
  const documents = Object.values(recordIn(JSON.parse(text), 'documents'));
  const rows = documents.flatMap((document) => Object.values(recordIn(document, 'packages')));
  const seen = rows
    .filter((row) => textIn(row, 'source') === 'registry')
    .map((row) => ({
      id: `${textIn(row, 'name')}@${textIn(row, 'version')}`,
      isDirect: fieldIn(row, 'direct') === true,
      isDev: Object.values(recordIn(row, 'scopes')).join() === 'dev',
    }));
  return listingOf(seen);
}

const MEMBER = '@shop/';

interface Seen {
  readonly id: string;
  readonly isDirect: boolean;
  readonly isDev: boolean;
}

function listingOf(seen: readonly Seen[]): Required<ToolListing> {
  const others = new Set(seen.filter(({ isDev }) => !isDev).map(({ id }) => id));
  return {
    packages: packagesOf(seen.map(({ id }) => id)),
    direct: packagesOf(seen.filter(({ isDirect }) => isDirect).map(({ id }) => id)),
    dev: packagesOf(seen.map(({ id }) => id).filter((id) => !others.has(id))),
  };
}

/** Folders have the names of aliases, and two managers list nothing else. */
function withoutAlias(id: string): string {
  return id.replace(/^renamed@/, 'original@').replace(/^renamed-/, '');
}

function packagesOf(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}

function nameIn(locator: string): string {
  return locator.slice(0, locator.indexOf('@', 1));
}

function fieldIn(value: unknown, name: string): unknown {
  return recordOf(value)[name];
}

function textIn(value: unknown, name: string): string {
  const field = fieldIn(value, name);
  return typeof field === 'string' ? field : '';
}

function recordIn(value: unknown, name: string): Readonly<Record<string, unknown>> {
  return recordOf(fieldIn(value, name));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

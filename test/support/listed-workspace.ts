import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { runManager, type ManagerTool } from './package-manager.ts';
import { startPackageRegistry, type Published } from './package-registry.ts';
import { scratchFolder } from './scratch-folder.ts';

/** One of each thing that a lockfile has a way of its own to write. */
const PUBLISHED: Published = {
  plain: { '1.0.0': { dependencies: { shared: '^1.0.0', pinned: '^1.0.0' } } },
  shared: { '1.0.0': {}, '1.1.0': {}, '2.0.0': {} },
  original: { '3.0.0': { dependencies: { '@scope/lib': '^1.0.0' } } },
  '@scope/lib': { '1.0.0': {}, '1.1.0-rc.1': {} },
  tool: { '1.0.0': { dependencies: { helper: '^1.0.0', shared: '^1.0.0' } } },
  helper: { '1.0.0': { dependencies: { 'renamed-shared': 'npm:shared@^2.0.0' } } },
  maybe: { '1.0.0': { dependencies: { inner: '^1.0.0' } } },
  inner: { '1.0.0': {} },
  elsewhere: { '1.0.0': { os: ['aix'], dependencies: { foreign: '1.0.0' } } },
  foreign: { '1.0.0': {} },
  host: {
    '1.0.0': {
      peerDependencies: { peered: '^1.0.0', absent: '*' },
      peerDependenciesMeta: { absent: { optional: true } },
    },
  },
  peered: { '1.0.0': {}, '1.2.0': {} },
  absent: { '1.0.0': {} },
  pinned: { '1.0.0': {}, '1.2.0': {} },
  patched: { '1.0.0': { dependencies: { shared: '~1.0.0' } } },
};

const PATCH = `diff --git a/added.txt b/added.txt
new file mode 100644
index 0000000..ce01362
--- /dev/null
+++ b/added.txt
@@ -0,0 +1 @@
+hello
`;

/** What differs between the managers: where they read workspaces, overrides and patches, and how they name a member. */
export interface WorkspaceDialect {
  readonly root: Readonly<Record<string, unknown>>;
  readonly member: string;
  /** How the manifest asks for the patched package. */
  readonly patched?: string;
  readonly settings?: string;
}

export interface ListedWorkspace {
  readonly folder: string;
  readonly registry: string;
}

/** A workspace of two members whose lockfile a real package manager has written, and which it has installed. */
export async function listedWorkspace(
  tool: ManagerTool,
  install: readonly string[],
  dialect: WorkspaceDialect,
): Promise<ListedWorkspace> {
  const { base } = await startPackageRegistry(PUBLISHED);
  const folder = scratchFolder();
  for (const [path, text] of Object.entries(filesOf(dialect))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await runManager(tool, install, folder, base);
  return { folder, registry: base };
}

function filesOf({ root, member, patched = '1.0.0', settings }: WorkspaceDialect): Readonly<Record<string, string>> {
  return {
    'package.json': jsonOf({
      name: 'shop',
      version: '1.0.0',
      private: true,
      ...root,
      dependencies: { plain: '^1.0.0', renamed: 'npm:original@^3.0.0', host: '^1.0.0', peered: '~1.0.0', patched },
      devDependencies: { tool: '^1.0.0' },
      optionalDependencies: { maybe: '^1.0.0', elsewhere: '^1.0.0' },
    }),
    'packages/one/package.json': jsonOf({
      name: '@shop/one',
      version: '1.0.0',
      dependencies: { '@shop/two': member, shared: '^2.0.0' },
    }),
    'packages/two/package.json': jsonOf({
      name: '@shop/two',
      version: '1.0.0',
      devDependencies: { helper: '1.0.0', plain: '1.0.0' },
    }),
    'patches/patched.patch': PATCH,
    ...(settings === undefined ? {} : { 'pnpm-workspace.yaml': settings }),
  };
}

function jsonOf(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

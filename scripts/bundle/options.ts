import type { BuildOptions } from 'esbuild';

/**
 * What all bundles have in common. `mainFields` prefers ES modules, since the UMD form of jsonc-parser breaks when
 * bundled. In bundled code `import.meta.dirname` is always the folder `dist`, whichever file the code ends up in.
 */
export function sharedOptions(root: string, version: string): BuildOptions {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    sourcemap: false,
    logLevel: 'warning',
    define: {
      'import.meta.dirname': '__distFolder',
      'import.meta.filename': '__filename',
      'import.meta.url': '__moduleUrl',
      'process.env.PROVENDER_VERSION': JSON.stringify(version),
    },
  };
}

/**
 * A bundle's text with the variables that stand for `import.meta`, where it uses them, and the first line by which
 * Unix runs the server as a program. `path` is below `dist/`.
 */
export function inDist(path: string, text: string): string {
  const up = path.split('/').length - 1;
  const folder = up === 0 ? '__dirname' : `require("node:path").resolve(__dirname,"${'../'.repeat(up)}")`;
  const variables = [
    text.includes('__distFolder') ? `const __distFolder=${folder};\n` : '',
    text.includes('__moduleUrl') ? 'const __moduleUrl=require("node:url").pathToFileURL(__filename).href;\n' : '',
  ];
  const hashbang = path === 'server.cjs' ? '#!/usr/bin/env node\n' : '';
  return `${hashbang}"use strict";${variables.join('')}${text.replace(/^#!.*\n/, '')}`;
}

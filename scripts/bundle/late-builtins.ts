import type { Plugin } from 'esbuild';

/** Modules of Node that take milliseconds to load and that a program seldom needs at its start. */
const HEAVY: readonly string[] = ['child_process', 'crypto', 'net', 'worker_threads'];

const NAMESPACE = 'late-builtin';

/**
 * Loads heavy modules of Node when something of them is first used, not when a module that imports them is loaded:
 * libraries import them at their top for what most programs never call.
 */
export function loadBuiltinsLate(): Plugin {
  const filter = new RegExp(`^(?:node:)?(?:${HEAVY.join('|')})$`);
  return {
    name: 'load-builtins-late',
    setup(build) {
      build.onResolve({ filter }, ({ path, namespace }) =>
        namespace === NAMESPACE ? { path, external: true } : { path: path.replace(/^node:/, ''), namespace: NAMESPACE },
      );
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({ contents: standIn(`node:${path}`) }));
    },
  };
}

/** A CommonJS module with a getter for each thing that the real one exports. */
function standIn(name: string): string {
  const names = Object.keys(process.getBuiltinModule(name) ?? {});
  return `
    for (const key of ${JSON.stringify(names)}) {
      Object.defineProperty(exports, key, { enumerable: true, get: () => require(${JSON.stringify(name)})[key] });
    }`;
}

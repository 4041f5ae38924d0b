import { importAdvisories } from '../../server/src/workers/import-advisories.ts';

/** A process of its own that imports and writes a line for each step, to be killed at any of them. */
const [input, target] = process.argv.slice(2);
if (input === undefined || target === undefined) throw new Error('usage: import-child INPUT TARGET');
await importAdvisories(
  { inputs: [input], target, previous: target, complete: [], now: Date.now() },
  { signal: new AbortController().signal, onProgress: ({ records }) => process.stdout.write(`${records}\n`) },
);
process.stdout.write('done\n');

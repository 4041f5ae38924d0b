/** `npm run bench`: ours against the peers in one run, medians. `--json`, `--quick`, `--only PART`, `--corpus DIR`. */
import { parseArgs } from 'node:util';
import { benchAdvisories } from './advisories.ts';
import { benchPackage } from './package-size.ts';
import { benchParse } from './parse.ts';
import type { BenchOptions, Row } from './row.ts';
import { benchServer } from './server.ts';

const PARTS: Readonly<Record<string, (options: BenchOptions) => Promise<Row[]> | Row[]>> = {
  parse: benchParse,
  advisories: benchAdvisories,
  server: benchServer,
  package: benchPackage,
};

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    corpus: { type: 'string' },
  },
});
const rows: Row[] = [];
for (const [name, part] of Object.entries(PARTS)) {
  if (values.only && !values.only.includes(name)) continue;
  rows.push(...(await part({ corpus: values.corpus, isQuick: values.quick === true })));
}
console.log(values.json === true ? JSON.stringify({ rows }) : table(rows));
process.exitCode = rows.every(({ pass }) => pass) ? 0 : 1;

function table(items: readonly Row[]): string {
  const width = Math.max(...items.map(({ name }) => name.length));
  const lines = items.map(({ name, ours, peer, ratio, gate, pass, unit }) => {
    const figures =
      peer === null
        ? `${ours.toFixed(2)} ${unit ?? ''}`.padStart(24)
        : `${ours.toFixed(2)} / ${peer.toFixed(2)} ms`.padStart(24);
    return `${name.padEnd(width)} ${figures}  ratio ${ratio.toFixed(3).padStart(8)}  gate ${gate.toFixed(3).padStart(7)}  ${pass ? 'pass' : 'FAIL'}`;
  });
  return lines.join('\n');
}

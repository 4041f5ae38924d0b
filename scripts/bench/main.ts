/** `npm run bench`: ours against the peers in one run, medians. `--json`, `--quick`, `--only PART`, `--corpus DIR`. */
import { parseArgs } from 'node:util';
import { benchAdvisories } from './advisories.ts';
import { benchFreshData } from './fresh-data.ts';
import { GIT_BENCHES } from './git.ts';
import { benchImports } from './imports.ts';
import { benchMembers } from './members.ts';
import { benchPackage } from './package-size.ts';
import { benchNpmAudit } from './npm-audit.ts';
import { benchParse } from './parse.ts';
import { notMeasured, type BenchOptions, type Row } from './row.ts';
import { SERVER_BENCHES } from './server.ts';
import { SIGNATURE_BENCHES } from './signatures.ts';
import { benchTypingWhileImporting } from './typing-while-importing.ts';

type Bench = (options: BenchOptions) => Promise<Row[]> | Row[];

const PARTS: Readonly<Record<string, readonly Bench[]>> = {
  parse: [benchParse],
  members: [benchMembers],
  imports: [benchImports],
  advisories: [benchAdvisories],
  fresh: [benchFreshData, benchTypingWhileImporting],
  audit: [benchNpmAudit],
  git: GIT_BENCHES,
  signatures: SIGNATURE_BENCHES,
  server: SERVER_BENCHES,
  package: [benchPackage],
};

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    corpus: { type: 'string' },
  },
});
const options: BenchOptions = { corpus: values.corpus, isQuick: values.quick === true };
const rows: Row[] = [];
for (const [name, benches] of Object.entries(PARTS)) {
  if (values.only && !values.only.includes(name)) continue;
  for (const bench of benches) rows.push(...(await measure(name, bench)));
}
console.log(values.json === true ? JSON.stringify({ rows }) : table(rows));
process.exitCode = rows.every(({ pass }) => pass) ? 0 : 1;

/** One that fails must not take the rows of the others with it. */
async function measure(name: string, bench: Bench): Promise<Row[]> {
  try {
    return await bench(options);
  } catch (error) {
    console.error(error);
    return [notMeasured(`${name}: ${bench.name}`, error)];
  }
}

function table(items: readonly Row[]): string {
  const width = Math.max(...items.map(({ name }) => name.length));
  const lines = items.map(({ name, ours, peer, ratio, gate, pass, unit, trouble }) => {
    if (trouble !== undefined) return `${name.padEnd(width)} not measured: ${trouble}  FAIL`;
    const figures =
      peer === null
        ? `${ours.toFixed(2)} ${unit ?? ''}`.padStart(24)
        : `${ours.toFixed(2)} / ${peer.toFixed(2)} ms`.padStart(24);
    return `${name.padEnd(width)} ${figures}  ratio ${ratio.toFixed(3).padStart(8)}  gate ${gate.toFixed(3).padStart(7)}  ${pass ? 'pass' : 'FAIL'}`;
  });
  return lines.join('\n');
}

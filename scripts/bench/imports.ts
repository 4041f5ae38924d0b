import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { npm } from '../../server/src/ecosystems/npm/index.ts';
import { nodeFiles } from '../../server/src/io/node-files.ts';
import { runSurveyInWorker, surveyWorkerPath } from '../../server/src/workers/run-survey.ts';
import { ensureServer } from './built.ts';
import { SERVER } from './lsp-session.ts';
import { againstPeer, median, type BenchOptions, type Row } from './row.ts';

const FILES = 5_000;
const FILES_PER_FOLDER = 25;
const FUNCTIONS_PER_FILE = 12;
const READ_AT_ONCE = 16;

/** What a look at the imports of a project costs, with the start of its thread, to reading its sources alone. */
export async function benchImports({ isQuick }: BenchOptions): Promise<Row[]> {
  ensureServer();
  const root = mkdtempSync(join(tmpdir(), 'provender-imports-'));
  try {
    // In the order of a walk: a file system reads neighbours faster.
    const paths = writeSources(root).sort();
    const ours: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < (isQuick ? 3 : 7); round++) {
      const began = performance.now();
      for (let at = 0; at < paths.length; at += READ_AT_ONCE) {
        await Promise.all(paths.slice(at, at + READ_AT_ONCE).map((path) => nodeFiles.readText(path)));
      }
      const read = performance.now();
      const { manifests } = await runSurveyInWorker(
        surveyWorkerPath(dirname(SERVER)),
        { ecosystem: npm.id, root, manifests: [join(root, 'package.json')], exclude: [] },
        new AbortController().signal,
      );
      ours.push(performance.now() - read);
      peer.push(read - began);
      if (manifests[0]?.sources !== FILES || manifests[0].production.length !== 40)
        throw new Error('an import was missed');
    }
    return [againstPeer('imports of 5,000 sources / reading them', median(ours), median(peer), 2)];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function writeSources(root: string): string[] {
  return Array.from({ length: FILES }, (_, index) => {
    const folder = `src/part-${String(Math.floor(index / FILES_PER_FOLDER))}`;
    const path = join(root, folder, `module-${String(index)}.ts`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, sourceOf(index));
    return path;
  });
}

/** Some 5 kB, as people write it: imports, comments, texts, templates and a regular expression in every function. */
function sourceOf(index: number): string {
  const head = [0, 1, 2, 3].map((at) => `import { part${String(at)} } from 'library-${String((index * at) % 40)}';`);
  const body = Array.from({ length: FUNCTIONS_PER_FILE }, (_, at) => {
    const name = `handle${String(index)}_${String(at)}`;
    return `
/**
 * What comes is taken apart, and what is left of it goes on. It's never undefined.
 */
export async function ${name}(request: Request, options: Options = {}): Promise<Result> {
  // The first of them decides.
  const [, scope = 'none'] = /^@([^/"']+)\\//.exec(request.name) ?? [];
  if (options.verbose) console.log(\`\${request.name} of "\${scope}" (\${String(request.size / 1024)} kB)\`);
  return { kind: 'answer', text: await part0(request.text.replaceAll("'", '"')), scope };
}`;
  });
  return `${head.join('\n')}\n${body.join('\n')}\n`;
}

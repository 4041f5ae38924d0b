import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IMPORT_REQUEST } from '../../server/src/protocol.ts';
import { makeAdvisoryWorld } from './advisory-world.ts';
import { ensureServer } from './built.ts';
import { syntheticProject, type Size } from './generate-workspace.ts';
import { importAdvisories, layOut } from './laid-out.ts';
import { startSession, type BenchSession } from './lsp-session.ts';
import { againstPeer, percentile, type BenchOptions, type Row } from './row.ts';

const PROJECT: Size = { direct: 200, resolved: 1_800, members: 0, advisories: 60 };
const ADVISORIES = 220_000;

/** From a keystroke to its diagnostics over stdio, while the same server imports all advisories, against one at rest. */
export async function benchTypingWhileImporting({ isQuick }: BenchOptions): Promise<Row[]> {
  ensureServer();
  const project = syntheticProject(PROJECT);
  const place = layOut(project);
  const idle: number[] = [];
  const busy: number[] = [];
  try {
    importAdvisories(project, place.dataFolder);
    const input = join(dirname(place.folder), 'all.jsonl');
    writeFileSync(
      input,
      makeAdvisoryWorld(ADVISORIES, 0)
        .records.map((record) => `${JSON.stringify(record)}\n`)
        .join(''),
    );
    for (let round = 0; round < (isQuick ? 1 : 3); round++) {
      const session = await startSession({ ...place, consent: 'offline' });
      const typist = await open(session, project.manifest);
      // The first keystrokes compile what the others run.
      for (let key = 0; key < 30; key++) await typist.type();
      for (let key = 0; key < 60; key++) idle.push(await typist.type());
      busy.push(
        ...(await typeUntil(session.request(IMPORT_REQUEST, { paths: [input], complete: true }), () => typist.type())),
      );
      await session.stop();
    }
  } finally {
    rmSync(dirname(place.folder), { recursive: true, force: true });
  }
  const name = 'keystroke to diagnostics p95 while 220,000 advisories are imported, to at rest';
  return [againstPeer(name, percentile(busy, 0.95), percentile(idle, 0.95), 1.5)];
}

interface Typist {
  /** Types one character; answers after how many milliseconds the diagnostics of that version came. */
  type(): Promise<number>;
}

async function open(session: BenchSession, manifest: string): Promise<Typist> {
  const uri = session.uriOf('package.json');
  const found = session.nextDiagnostics(uri, (list) => list.length > 0);
  await session.notify('initialized', {});
  await session.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'json', version: 1, text: manifest },
  });
  await found;
  const line = manifest.split('\n').findIndex((text) => text.includes('"dependencies"'));
  const at = { line, character: 2 };
  let version = 1;
  return {
    type: async () => {
      const published = session.nextDiagnostics(uri, () => true);
      const began = performance.now();
      await session.notify('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges: [{ range: { start: at, end: at }, text: '\n' }],
      });
      await published;
      return performance.now() - began;
    },
  };
}

/** How long each keystroke took of those that began and ended while the work was under way. */
async function typeUntil(work: Promise<unknown>, type: () => Promise<number>): Promise<readonly number[]> {
  let isDone = false;
  const isRunning = (): boolean => !isDone;
  const done = work.finally(() => (isDone = true));
  const times: number[] = [];
  while (isRunning()) {
    const time = await type();
    if (isRunning()) times.push(time);
  }
  await done;
  if (times.length < 20) throw new Error(`only ${String(times.length)} keystrokes fell into the import`);
  return times;
}

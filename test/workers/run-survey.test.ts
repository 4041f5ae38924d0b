import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { runSurveyInWorker } from '../../server/src/workers/run-survey.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const WORKER = join(import.meta.dirname, '..', '..', 'server', 'src', 'workers', 'survey-worker.ts');

let root: string;
beforeEach(() => {
  root = scratchFolder();
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function survey(signal = new AbortController().signal) {
  const request = { ecosystem: 'npm', root, manifests: [join(root, 'package.json')], exclude: ['old/**'] };
  return runSurveyInWorker(WORKER, request, signal);
}

it('reads sources from disk in a thread, without following links or reading what is too long', async () => {
  write('package.json', '{}');
  write('src/a.ts', "import 'a'; import 'b/c'");
  write('test/a.ts', "import 'a'; import 'vitest'");
  write('old/a.ts', "import 'old'");
  write('src/made.js', `import 'made'; ${' '.repeat(1024 * 1024)}`);
  symlinkSync(root, join(root, 'src', 'circle'));
  symlinkSync(join(root, 'old', 'a.ts'), join(root, 'src', 'link.ts'));
  expect(await survey()).toEqual({
    isWhole: true,
    manifests: [{ path: join(root, 'package.json'), sources: 2, production: ['a', 'b'], test: ['vitest'] }],
  });
});

it('a folder that is not there holds nothing', async () => {
  root = join(root, 'gone');
  expect(await survey()).toMatchObject({ isWhole: true, manifests: [{ sources: 0 }] });
});

it('ends when it is stopped', async () => {
  const controller = new AbortController();
  const stopped = survey(controller.signal);
  controller.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
});

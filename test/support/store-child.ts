import { join } from 'node:path';
import { openAnswerStore } from '../../server/src/store/answer-store.ts';

/** A process of its own that uses a store: writes, asks for a lease, reads. Its report is one line of JSON. */
const [folder, name] = process.argv.slice(2);
if (folder === undefined || name === undefined) throw new Error('usage: store-child FOLDER NAME');
const log = { debug: say, info: say, warn: say, error: say };
function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

const store = openAnswerStore(folder, {
  clock: { now: () => Date.now() },
  log,
  writerPath: join(import.meta.dirname, '..', '..', 'server', 'src', 'workers', 'store-writer.ts'),
});
const granted = store.lease('refresh', 60_000);
for (let index = 0; index < 20; index += 1) {
  store.put('test', `${name}-${index}`, { body: name, etag: undefined, fetchedAt: Date.now() });
  await new Promise((resolve) => setImmediate(resolve));
  if (store.get('test', `${name}-${index}`)?.body !== name) throw new Error('a put answer was not read');
}
await store.flush();
process.stdout.write(JSON.stringify({ granted: await granted }));
await store.close();

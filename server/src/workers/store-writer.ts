import { parentPort, type MessagePort } from 'node:worker_threads';
import { AnswerFile } from '../store/answer-file.ts';
import type { FromWriter, ToWriter } from '../store/worker-writer.ts';

/** Entry of the thread that writes the answers' file. */
function serve(port: MessagePort): void {
  let file: AnswerFile | undefined;
  port.on('message', (message: ToWriter) => {
    if ('open' in message) {
      file = new AnswerFile(message.open);
    } else if ('end' in message) {
      file?.close();
      port.close();
    } else if (file !== undefined) {
      const answer: FromWriter = { id: message.id, reply: file.handle(message.request) };
      port.postMessage(answer);
    }
  });
}

if (parentPort === null) throw new Error('this file is the entry of a worker thread');
serve(parentPort);

import { homedir } from 'node:os';
import { dirname } from 'node:path';

import { nodeFiles, writeText } from '../io/node-files.ts';
import { createLog, writeToStandardError } from '../io/stream-log.ts';
import { systemClock } from '../io/system-clock.ts';
import { openAdvisories } from '../store/advisory-generations.ts';
import { seedPath, userDataFolder } from '../store/data-folder.ts';
import { importWorkerPath, runImportInWorker } from '../workers/run-import.ts';
import type { CommandLineIo, TextSink } from './command-line-io.ts';

/** The process as the command line sees it. From here on the first Ctrl-C aborts; a second one ends the process. */
export function processIo(): CommandLineIo {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort(new DOMException('interrupted', 'AbortError')));
  const dataFolder = userDataFolder({ platform: process.platform, environment: process.env, home: homedir() });
  const log = createLog('warn', writeToStandardError);
  const seed = seedPath(dirname(import.meta.dirname));
  return {
    cwd: process.cwd(),
    environment: process.env,
    stdout: streamSink(process.stdout),
    stderr: streamSink(process.stderr),
    signal: interrupt.signal,
    files: nodeFiles,
    writeFile: writeText,
    clock: systemClock,
    databases: {
      dataFolder,
      open: (path) => openAdvisories({ folder: dataFolder, explicit: path, seed }, log),
      importAdvisories: (job, watch) => runImportInWorker(importWorkerPath(import.meta.dirname), job, watch),
    },
  };
}

interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string, done: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: () => void): unknown;
}

/** A stream as a sink. Once its reader has gone (`| head`) the rest is dropped without a word. */
export function streamSink(stream: OutputStream): TextSink {
  let isClosed = false;
  // Without a listener the stream's error would end the process.
  stream.on('error', () => {
    isClosed = true;
  });
  return {
    isTerminal: stream.isTTY === true,
    write: (text) =>
      new Promise((resolve, reject) => {
        if (isClosed) resolve();
        else stream.write(text, (error) => (error && !isReaderGone(error) ? reject(error) : resolve()));
      }),
  };
}

function isReaderGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || error.code === 'EOF');
}

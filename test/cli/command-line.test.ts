import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../../server/src/core/evidence.ts';
import { ProgressLine } from '../../server/src/cli/progress-line.ts';
import { streamSink } from '../../server/src/cli/process-io.ts';
import { cliWorld, packageJson, packageLock } from '../support/cli-world.ts';
import { fakeClock } from '../support/fake-clock.ts';

const FILES = {
  '/project/package.json': packageJson({ a: '^1.0.0' }),
  '/project/package-lock.json': packageLock({ a: '^1.0.0' }, { a: '1.0.0' }),
};

describe('the command line', () => {
  it('tells its version', async () => {
    expect(await cliWorld({}).run('--version')).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('ends with 130 and writes nothing when it is interrupted', async () => {
    const interrupt = new AbortController();
    const world = cliWorld({ files: FILES, signal: interrupt.signal, onRefresh: () => interrupt.abort() });
    expect(await world.run('check', '--format', 'json')).toEqual({ code: 130, stdout: '', stderr: '' });
    expect(world.isClosed).toBe(true);
  });

  it('ends with 130 when it is interrupted before it began', async () => {
    const world = cliWorld({ files: FILES, signal: AbortSignal.abort() });
    expect(await world.run('list')).toEqual({ code: 130, stdout: '', stderr: '' });
  });

  it('calls a failure of its own an internal error', async () => {
    const open = () => {
      throw new TypeError('oops');
    };
    const { code, stderr } = await cliWorld({ databases: { open } }).run('advisories', 'status');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^provender: internal error, please report it:\nTypeError: oops\n/);
  });

  it('tells what the world refused in one line', async () => {
    const open = () => {
      throw new SourceError('bad-answer', 'x.db is no advisory database');
    };
    const world = cliWorld({ files: { ...FILES, '/project/x.db': 'text' }, databases: { open } });
    const expected = { code: 2, stdout: '', stderr: 'provender: x.db is no advisory database\n' };
    expect(await world.run('check', '--db', 'x.db')).toEqual(expected);
    expect(await world.run('advisories', 'status', '--db', 'x.db')).toEqual(expected);
  });

  it('tells when the output cannot be written', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { syscall: 'write' });
    const world = cliWorld({ files: FILES, stdout: { write: () => Promise.reject(full) } });
    expect(await world.run('list')).toMatchObject({ code: 2, stderr: 'provender: ENOSPC: no space left on device\n' });
  });
});

class FakeStream extends EventEmitter {
  readonly isTTY = false;
  readonly written: string[] = [];
  readonly #error: Error | undefined;

  constructor(error?: Error) {
    super();
    this.#error = error;
  }

  write(text: string, done: (error?: Error) => void): boolean {
    this.written.push(text);
    if (this.#error !== undefined) this.emit('error', this.#error);
    queueMicrotask(() => done(this.#error));
    return true;
  }
}

const errorWith = (code: string) => Object.assign(new Error(code), { code });

describe('a stream as a sink', () => {
  it('waits until the text has left', async () => {
    const stream = new FakeStream();
    await streamSink(stream).write('text');
    expect(stream.written).toEqual(['text']);
  });

  it('drops the rest without a word once the reader has gone', async () => {
    const stream = new FakeStream(errorWith('EPIPE'));
    const sink = streamSink(stream);
    await sink.write('one');
    await sink.write('two');
    expect(stream.written).toEqual(['one']);
  });

  it('rejects when the disk refuses', async () => {
    await expect(streamSink(new FakeStream(errorWith('ENOSPC'))).write('text')).rejects.toThrow('ENOSPC');
  });
});

describe('the progress line', () => {
  const start = (isTerminal: boolean) => {
    const written: string[] = [];
    const clock = fakeClock();
    const stderr = { isTerminal, write: (text: string) => Promise.resolve(void written.push(text)) };
    return { written, clock, progress: new ProgressLine({ stderr, clock }) };
  };

  it('shows nothing of work that takes less than a second', async () => {
    const { written, clock, progress } = start(true);
    progress.report('begun');
    await clock.advance(999);
    progress.report('nearly done');
    progress.clear();
    expect(written).toEqual([]);
  });

  it('shows how far longer work is, not too often, and goes away', async () => {
    const { written, clock, progress } = start(true);
    await clock.advance(1000);
    progress.report('1 of 3');
    progress.report('2 of 3');
    await clock.advance(100);
    progress.report('3 of 3');
    progress.clear();
    progress.clear();
    expect(written).toEqual(['\r\u001b[2K1 of 3', '\r\u001b[2K3 of 3', '\r\u001b[2K']);
  });

  it('shows nothing where nobody watches', async () => {
    const { written, clock, progress } = start(false);
    await clock.advance(5000);
    progress.report('1 of 3');
    progress.clear();
    expect(written).toEqual([]);
  });
});

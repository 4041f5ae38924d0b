import type { Log } from '../core/ports.ts';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A log that hands each message at or above a level to `write`: a stream, or the editor's output channel. */
export function createLog(level: LogLevel, write: (level: LogLevel, message: string) => void): Log {
  const limit = LOG_LEVELS.indexOf(level);
  const at =
    (own: LogLevel) =>
    (message: string): void => {
      if (LOG_LEVELS.indexOf(own) <= limit) write(own, message);
    };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

/** Writes a message to standard error as one line. */
export function writeToStandardError(level: LogLevel, message: string): void {
  process.stderr.write(`provender ${level}: ${message.replaceAll('\n', '\n  ')}\n`);
}

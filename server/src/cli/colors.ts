import type { Severity } from '../core/severity.ts';
import type { CommandLineIo } from './command-line-io.ts';

export type Color = 'red' | 'bright-red' | 'yellow' | 'green' | 'dim' | 'bold';

/** Wraps text in a color, or leaves it. */
export type Paint = (color: Color | undefined, text: string) => string;

const CODES: Readonly<Record<Color, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  'bright-red': [91, 39],
  yellow: [33, 39],
  green: [32, 39],
};

/**
 * Colors are for terminals only, and not where the user wants none.
 * @see https://no-color.org
 */
export function paintFor({ stdout, environment }: Pick<CommandLineIo, 'stdout' | 'environment'>): Paint {
  const isPlain = !stdout.isTerminal || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  if (isPlain) return (_, text) => text;
  return (color, text) => {
    if (color === undefined || text === '') return text;
    const [on, off] = CODES[color];
    return `\u001b[${String(on)}m${text}\u001b[${String(off)}m`;
  };
}

export function severityColor(severity: Severity): Color | undefined {
  switch (severity) {
    case 'malware':
    case 'critical':
      return 'bright-red';
    case 'high':
      return 'red';
    case 'medium':
    case 'unknown':
      return 'yellow';
    default:
      return undefined;
  }
}

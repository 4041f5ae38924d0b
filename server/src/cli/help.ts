import { COMMANDS, type CommandSpec } from './commands.ts';

const WIDTH = 100;

/** The help for a command, for all that begin with a word, or the overview. */
export function helpText(topic: string | undefined): string {
  if (topic === undefined) return overview();
  const exact = COMMANDS.find(({ name }) => name === topic);
  if (exact !== undefined) return commandHelp(exact);
  return COMMANDS.filter(({ name }) => name.startsWith(`${topic} `))
    .map(commandHelp)
    .join('\n');
}

/** One line that says where to read on. */
export function helpHint(command: string | undefined): string {
  const isKnown = command !== undefined && COMMANDS.some(({ name }) => name.split(' ')[0] === command);
  return `Try: provender help${isKnown ? ` ${command}` : ''}`;
}

function overview(): string {
  const lines = rows(COMMANDS.map(({ name, summary }) => [name, summary]));
  return [
    'Provender says what is known of the packages that a project really installs.',
    '',
    'Usage: provender COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...lines,
    '',
    'Options:',
    ...rows([
      ['-h, --help', 'This text; after a command, what that command does.'],
      ['--version', 'The version of Provender.'],
    ]),
    '',
    'Start here: run "provender check" in a folder with a package.json.',
    'Colors are off where the environment sets NO_COLOR or output is no terminal.',
    '',
  ].join('\n');
}

function commandHelp({ name, operands, summary, details, options, examples }: CommandSpec): string {
  const shown = options.filter(({ hidden }) => hidden !== true);
  const table = shown.map((option): readonly [string, string] => [
    option.value === undefined ? `--${option.name}` : `--${option.name} ${option.value}`,
    option.help,
  ]);
  return [
    `Usage: provender ${name}${shown.length > 0 ? ' [OPTIONS]' : ''}${operands === '' ? '' : ` ${operands}`}`,
    '',
    ...wrap(summary, 0),
    ...(details.length > 0 ? ['', ...details.flatMap((detail) => wrap(detail, 0))] : []),
    '',
    'Options:',
    ...rows([...table, ['-h, --help', 'This text.']]),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

function rows(items: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...items.map(([left]) => left.length)) + 4;
  return items.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrap(right, width);
    return [`  ${left}`.padEnd(width) + first.trimStart(), ...rest];
  });
}

function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = ' '.repeat(indent);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

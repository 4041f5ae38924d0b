import type { CommandSpec, OptionSpec } from './commands.ts';
import { didYouMean } from './nearest.ts';
import { UsageError } from './usage-error.ts';

/** The operands and options of one command, not yet decoded. */
export interface ScannedArguments {
  readonly operands: readonly string[];
  readonly wantsHelp: boolean;
  has(option: string): boolean;
  /** The last value that was given. */
  value(option: string): string | undefined;
  values(option: string): readonly string[];
}

/**
 * Tells options from operands: `--name`, `--name VALUE`, `--name=VALUE`; after `--` everything is an operand.
 * Throws a {@link UsageError} that names the option.
 */
export function scanArguments(spec: CommandSpec, argv: readonly string[]): ScannedArguments {
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  let wantsHelp = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') {
      operands.push(...argv.slice(at + 1));
      break;
    }
    if (word === '--help' || word === '-h') wantsHelp = true;
    else if (!word.startsWith('-') || word === '-') operands.push(word);
    else {
      const equals = word.indexOf('=');
      const name = equals === -1 ? word : word.slice(0, equals);
      const option = optionOf(spec, name);
      const inline = equals === -1 ? undefined : word.slice(equals + 1);
      if (option.value === undefined) {
        if (inline !== undefined) throw new UsageError(`${name} takes no value`);
        note(given, option.name, '');
      } else {
        note(given, option.name, inline ?? following(argv[++at], name, option.value));
      }
    }
  }
  return {
    operands,
    wantsHelp,
    has: (option) => given.has(option),
    value: (option) => given.get(option)?.at(-1),
    values: (option) => given.get(option) ?? [],
  };
}

function optionOf(spec: CommandSpec, written: string): OptionSpec {
  const found = spec.options.find(({ name }) => `--${name}` === written);
  if (found !== undefined) return found;
  const names = [...spec.options.filter(({ hidden }) => hidden !== true).map(({ name }) => `--${name}`), '--help'];
  throw new UsageError(`"${spec.name}" has no option ${written}${didYouMean(written, names)}`);
}

function following(word: string | undefined, name: string, placeholder: string): string {
  if (word === undefined || word === '' || word.startsWith('--')) throw new UsageError(`${name} needs ${placeholder}`);
  return word;
}

function note(given: Map<string, string[]>, name: string, value: string): void {
  const list = given.get(name);
  if (list) list.push(value);
  else given.set(name, [value]);
}

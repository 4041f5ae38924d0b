import { SourceError } from '../core/evidence.ts';
import { RepositoryError } from '../core/repository.ts';
import { parseArguments, type Invocation } from './arguments.ts';
import type { CommandLineIo, Program } from './command-line-io.ts';
import { helpHint, helpText } from './help.ts';
import { printable } from './printable.ts';
import { processIo } from './process-io.ts';
import { UsageError } from './usage-error.ts';

/**
 * Runs one command and resolves to the exit code once everything that it wrote has left.
 * @param argv what stands after the program's name.
 */
export async function runCommandLine(
  argv: readonly string[],
  program: Program,
  io: CommandLineIo = processIo(),
): Promise<number> {
  try {
    const code = await run(parseArguments(argv), program, io);
    return io.signal.aborted ? 130 : code;
  } catch (error) {
    if (io.signal.aborted) return 130;
    await io.stderr.write(describeFailure(error, argv)).catch(() => undefined);
    return 2;
  }
}

/** The commands are loaded when they are wanted: help and a mistyped flag answer at once. */
async function run(invocation: Invocation, program: Program, io: CommandLineIo): Promise<number> {
  switch (invocation.command) {
    case 'version':
      await io.stdout.write(`${program.version}\n`);
      return 0;
    case 'help':
      await io.stdout.write(helpText(invocation.topic));
      return 0;
    case 'list':
      return (await import('./list.ts')).list(invocation, io);
    case 'check':
      return (await import('./check.ts')).check(invocation, program, io);
    case 'diff':
      return (await import('./diff.ts')).diff(invocation, program, io);
    case 'exposed':
      return (await import('./exposed.ts')).exposed(invocation, program, io);
    case 'verify':
      return (await import('./verify.ts')).verify(invocation, program, io);
    case 'advisories import':
      return (await import('./advisories-import.ts')).advisoriesImport(invocation, io);
    case 'advisories update':
      return (await import('./advisories-update.ts')).advisoriesUpdate(invocation, program, io);
    case 'advisories status':
      return (await import('./advisories-status.ts')).advisoriesStatus(invocation, io);
    case 'lsp':
      throw new Error('the language server is started by main');
  }
}

function describeFailure(error: unknown, argv: readonly string[]): string {
  if (error instanceof UsageError) return `provender: ${printable(error.message, 500)}\n${helpHint(argv[0])}\n`;
  if (error instanceof SourceError || error instanceof RepositoryError || isSystemError(error)) {
    return `provender: ${printable(error.message, 500)}\n`;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `provender: internal error, please report it:\n${text}\n`;
}

/** What the operating system refused: a full disk, a folder that may not be written. Not a fault of ours. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

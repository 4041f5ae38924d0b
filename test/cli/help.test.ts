import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../server/src/cli/commands.ts';
import { helpText } from '../../server/src/cli/help.ts';
import { cliWorld } from '../support/cli-world.ts';

describe('the help', () => {
  it('names every command in the overview, and where to begin', () => {
    const text = helpText(undefined);
    for (const { name, summary } of COMMANDS) {
      expect(text).toContain(`  ${name} `);
      expect(text).toContain(summary.split(' ').slice(0, 4).join(' '));
    }
    expect(text).toContain('provender check');
  });

  it.each(COMMANDS.map(({ name }) => name))('explains every option of "%s" with an example', (name) => {
    const text = helpText(name);
    const spec = COMMANDS.find((candidate) => candidate.name === name);
    expect(text.startsWith(`Usage: provender ${name}`)).toBe(true);
    for (const option of spec?.options ?? []) expect(text.includes(`--${option.name}`)).toBe(option.hidden !== true);
    for (const example of spec?.examples ?? []) expect(text).toContain(example);
  });

  it('tells the exit codes of a check', () => {
    expect(helpText('check').replace(/\s+/g, ' ')).toContain('1 findings; 2 bad usage or a failure; 3 something');
  });

  it('explains all commands that begin with a word', () => {
    expect(helpText('advisories')).toContain('Usage: provender advisories import');
    expect(helpText('advisories')).toContain('Usage: provender advisories status');
  });

  it('has no line that a terminal would break', () => {
    const texts = [undefined, ...COMMANDS.map(({ name }) => name)].map(helpText);
    for (const line of texts.join('\n').split('\n')) expect(line.length).toBeLessThanOrEqual(101);
  });

  it('goes to standard output and is a success when it was asked for', async () => {
    const { code, stdout, stderr } = await cliWorld({}).run('check', '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: provender check');
  });

  it('is pointed to on standard error when the usage is wrong', async () => {
    expect(await cliWorld({}).run()).toEqual({
      code: 2,
      stdout: '',
      stderr: 'provender: a command is missing\nTry: provender help\n',
    });
    expect(await cliWorld({}).run('check', '--stirct')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'provender: "check" has no option --stirct; did you mean --strict?\nTry: provender help check\n',
    });
  });
});

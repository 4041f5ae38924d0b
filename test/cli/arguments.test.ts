import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../server/src/cli/arguments.ts';
import { UsageError } from '../../server/src/cli/usage-error.ts';

const parse = (line: string) => parseArguments(line === '' ? [] : line.split(' '));

function problemOf(line: string): string {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no problem';
}

const CHECK = {
  command: 'check',
  path: '.',
  offline: false,
  database: undefined,
  failOn: undefined,
  strict: false,
  base: undefined,
  staged: false,
  format: 'table',
  reports: [],
  hosts: {},
};

describe('the arguments', () => {
  it.each([
    ['--version', { command: 'version' }],
    ['--help', { command: 'help', topic: undefined }],
    ['-h', { command: 'help', topic: undefined }],
    ['help', { command: 'help', topic: undefined }],
    ['help check', { command: 'help', topic: 'check' }],
    ['help advisories', { command: 'help', topic: 'advisories' }],
    ['help advisories import', { command: 'help', topic: 'advisories import' }],
    ['check --offline --help', { command: 'help', topic: 'check' }],
    ['advisories --help', { command: 'help', topic: 'advisories' }],
    ['advisories import -h', { command: 'help', topic: 'advisories import' }],
    ['lsp --help', { command: 'help', topic: 'lsp' }],
    ['list', { command: 'list', path: '.', format: 'table' }],
    ['list a/b --format json', { command: 'list', path: 'a/b', format: 'json' }],
    ['list --format=json a/b', { command: 'list', path: 'a/b', format: 'json' }],
    ['list -- --odd', { command: 'list', path: '--odd', format: 'table' }],
    ['check', CHECK],
    ['check x --offline --db y.db', { ...CHECK, path: 'x', offline: true, database: 'y.db' }],
    ['check --fail-on low --strict', { ...CHECK, failOn: 'low', strict: true }],
    [
      'check --report sarif=a=b.sarif --report MARKDOWN=c.md',
      {
        ...CHECK,
        reports: [
          { format: 'sarif', path: 'a=b.sarif' },
          { format: 'markdown', path: 'c.md' },
        ],
      },
    ],
    ['check --base origin/main --staged', { ...CHECK, base: 'origin/main', staged: true }],
    ['check --fail-on LOW', { ...CHECK, failOn: 'low' }],
    [
      'check --host osv=http://127.0.0.1:1/ --host npm=http://localhost:2',
      { ...CHECK, hosts: { osv: 'http://127.0.0.1:1/', npm: 'http://localhost:2' } },
    ],
    [
      'advisories import a.zip b --db c --complete npm --complete PyPI',
      { command: 'advisories import', files: ['a.zip', 'b'], database: 'c', complete: ['npm', 'PyPI'] },
    ],
    ['advisories status', { command: 'advisories status', database: undefined, format: 'table' }],
    ['lsp --stdio --offline --db a', { command: 'lsp', transport: 'stdio', offline: true, database: 'a', hosts: {} }],
    [
      '--node-ipc --clientProcessId=12',
      { command: 'lsp', transport: 'node-ipc', offline: false, database: undefined, hosts: {} },
    ],
    ['--stdio', { command: 'lsp', transport: 'stdio', offline: false, database: undefined, hosts: {} }],
  ])('reads "%s"', (line, expected) => {
    expect(parse(line)).toEqual(expected);
  });

  it.each([
    ['', 'a command is missing'],
    ['chek', 'there is no command "chek"; did you mean check?'],
    ['frobnicate', 'there is no command "frobnicate"'],
    ['__proto__', 'there is no command "__proto__"'],
    ['advisories', '"advisories" needs one of: import, update, status'],
    ['advisories staus', 'there is no command "advisories staus"; did you mean status?'],
    ['help chek', 'there is no command "chek"; did you mean check?'],
    ['--offline check', 'the command comes first, before --offline'],
    ['check --ofline', '"check" has no option --ofline; did you mean --offline?'],
    ['check --fial-on low', '"check" has no option --fial-on; did you mean --fail-on?'],
    ['check -x', '"check" has no option -x'],
    ['list --offline', '"list" has no option --offline'],
    ['check --offline=yes', '--offline takes no value'],
    ['check --db', '--db needs FILE'],
    ['check --db --offline', '--db needs FILE'],
    ['check a b', 'one PATH at a time: "b" is one too many'],
    ['check --format yaml', '--format is one of table, json, sarif, github, gitlab, markdown, junit, not "yaml"'],
    ['list --format jsno', '--format is one of table, json, not "jsno"; did you mean json?'],
    [
      'check --fail-on hihg',
      '--fail-on is one of malware, critical, high, medium, low, unknown, not "hihg"; did you mean high?',
    ],
    ['check --host osv', '--host is NAME=URL, not "osv"'],
    ['check --host osv=nowhere', '--host: The URL for "osv" is not used: it is not a URL'],
    [
      'check --host ovs=http://localhost/',
      '--host: There is no outside source "ovs": it is one of npm, osv, osv-export, kev, epss, scorecard, tuf',
    ],
    ['advisories update --ecosystem PyPI', '--ecosystem is one of npm, not "PyPI"'],
    ['advisories import', '"advisories import" needs a file or folder to read'],
    ['advisories status x', '"x" is not expected here'],
    ['lsp', '"lsp" speaks on standard input and output: say --stdio'],
  ])('refuses "%s" and says why', (line, message) => {
    expect(problemOf(line)).toBe(message);
  });
});

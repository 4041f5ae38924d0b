import { HOST_NAMES } from '../sources/hosts.ts';
import { CHECK_FORMATS, DIFF_FORMATS, FORMATS } from './formats.ts';
import { VERIFY_THRESHOLDS } from './verify-exit-code.ts';

/** An option as it is written: `--name`, or `--name VALUE` where it has a value. */
export interface OptionSpec {
  readonly name: string;
  /** What stands for the value in the help; undefined for a switch. */
  readonly value?: string;
  readonly help: string;
  /** Accepted, because clients send it, and of no interest to people. */
  readonly hidden?: boolean;
}

export interface CommandSpec {
  readonly name: string;
  /** The operands as the usage line shows them. */
  readonly operands: string;
  readonly summary: string;
  readonly details: readonly string[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
}

const FORMAT: OptionSpec = {
  name: 'format',
  value: FORMATS.join('|'),
  help: 'A table for people (default), or one JSON object on standard output.',
};
const CHECK_FORMAT: OptionSpec = {
  name: 'format',
  value: CHECK_FORMATS.join('|'),
  help: 'A table for people (default), one JSON object, SARIF 2.1.0 for code scanning, annotations of a GitHub job, a code quality report for GitLab, Markdown for a summary or a comment, or JUnit XML.',
};
const OFFLINE: OptionSpec = { name: 'offline', help: 'Send nothing to anybody.' };
const DATABASE: OptionSpec = {
  name: 'db',
  value: 'FILE',
  help: 'The advisory database to use in place of the one in your data folder.',
};
const HOST: OptionSpec = {
  name: 'host',
  value: 'NAME=URL',
  help: `Ask a source at another base URL; NAME is one of ${HOST_NAMES.join(', ')}. May be repeated.`,
};
const BASE: OptionSpec = {
  name: 'base',
  value: 'REF',
  help: 'Count only what is new since this branch left REF: a branch, a tag or a commit of git.',
};
const STAGED: OptionSpec = {
  name: 'staged',
  help: 'Look at what is staged for the next commit, and count only what is new since HEAD, or since --base.',
};
const PATH_DETAIL =
  'PATH is a folder, which is searched (never inside node_modules), or one manifest or lockfile. Without it: this folder.';

/** Every command with its options: what the arguments are read by, and what the help is made of. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'check',
    operands: '[PATH]',
    summary: 'Look up known advisories for everything a project installs.',
    details: [
      PATH_DETAIL,
      'Unless --offline is given, names and versions of public packages are sent to OSV.dev, names of direct ones to your registry and their repositories to OpenSSF Scorecard. Private names go to no public service.',
      'Exit code: 0 nothing at or above --fail-on; 1 findings; 2 bad usage or a failure; 3 something could not be checked and --strict was given; 130 interrupted.',
    ],
    options: [
      OFFLINE,
      DATABASE,
      {
        name: 'fail-on',
        value: 'SEVERITY',
        help: 'The lowest severity that makes the exit code 1: malware, critical, high (default, unless .provender.jsonc says otherwise), medium, low, unknown.',
      },
      { name: 'strict', help: 'Exit code 3 when something could not be checked.' },
      BASE,
      STAGED,
      CHECK_FORMAT,
      {
        name: 'report',
        value: 'FORMAT=FILE',
        help: 'Write the result to a file as well, in any of the formats. May be repeated: one look-up, many reports.',
      },
      HOST,
    ],
    examples: [
      'provender check',
      'provender check --base origin/main',
      'provender check packages/web --fail-on medium',
      'provender check --format json',
    ],
  },
  {
    name: 'diff',
    operands: '[PATH]',
    summary: 'Review what a change of lockfiles brings: packages that came, went and moved, and what to look at.',
    details: [
      PATH_DETAIL,
      'Compares the working tree with HEAD, or with where this branch left --base. Unless --offline is given, what changed is looked up as by "check".',
    ],
    options: [
      BASE,
      STAGED,
      OFFLINE,
      DATABASE,
      {
        name: 'format',
        value: DIFF_FORMATS.join('|'),
        help: 'A table for people (default), one JSON object, or Markdown for a comment on a pull request.',
      },
      HOST,
    ],
    examples: ['provender diff', 'provender diff --base origin/main --format markdown'],
  },
  {
    name: 'exposed',
    operands: 'ID|NAME@VERSION [PATH]',
    summary: 'Was I exposed? Tell when the lockfiles of this history resolved an affected version.',
    details: [
      'ID is an advisory (GHSA, CVE, MAL …), which is looked up in the local database and, unless --offline is given, at OSV.dev. NAME@VERSION asks about a version or a range without one.',
      'All commits that HEAD can reach are looked at, merged branches too, for every lockfile below PATH.',
      'Exit code: 0 never resolved; 1 resolved; 2 bad usage or a failure; 3 a part of the history could not be read and --strict was given.',
    ],
    options: [
      OFFLINE,
      DATABASE,
      { name: 'strict', help: 'Exit code 3 when a part of the history could not be read.' },
      FORMAT,
      HOST,
    ],
    examples: ['provender exposed GHSA-35jh-r3h4-6jhm', 'provender exposed "chalk@5.6.1" packages/web'],
  },
  {
    name: 'list',
    operands: '[PATH]',
    summary: 'List every package that the lockfiles install. Reads files, asks nobody.',
    details: [PATH_DETAIL],
    options: [FORMAT],
    examples: ['provender list', 'provender list package-lock.json --format json'],
  },
  {
    name: 'verify',
    operands: '[PATH]',
    summary: 'Verify registry signatures and provenance of everything a project installs.',
    details: [
      PATH_DETAIL,
      'Signatures, transparency log and certificates are checked here, against the hashes in the lockfile. Unless --offline is given, each package’s own registry is asked about its version, and nobody else.',
      'Exit code: 0 nothing at or above --fail-on; 1 something is; 2 bad usage or a failure; 3 something could not be checked and --strict was given; 130 interrupted.',
    ],
    options: [
      OFFLINE,
      {
        name: 'fail-on',
        value: VERIFY_THRESHOLDS.join('|'),
        help: 'What makes the exit code 1: what is invalid alone, or warnings as well (default): provenance that was lost or does not fit, and what is not signed where all is.',
      },
      { name: 'strict', help: 'Exit code 3 when something could not be checked.' },
      FORMAT,
      HOST,
    ],
    examples: ['provender verify', 'provender verify --format json', 'provender verify package-lock.json --strict'],
  },
  {
    name: 'advisories import',
    operands: 'FILE...',
    summary: 'Build or extend the local advisory database from OSV data.',
    details: [
      'FILE is a .zip of JSON files, a folder of them, a .json, a .jsonl or a .jsonl.gz file in the OSV format.',
      'Without --complete the data count as a sample: a package that they do not name stays "unknown".',
    ],
    options: [
      { ...DATABASE, help: 'The database to build or extend in place of the one in your data folder.' },
      {
        name: 'complete',
        value: 'ECOSYSTEM',
        help: "The files hold everything of this ecosystem (npm), as OSV's own export does. May be repeated.",
      },
    ],
    examples: [
      'provender advisories import all.zip --complete npm',
      'provender advisories import ours.jsonl --db ours.db',
    ],
  },
  {
    name: 'advisories update',
    operands: '',
    summary: 'Bring the local advisory database up to date from what OSV exports.',
    details: [
      'The first time the whole export is downloaded, part by part; a download that was cut is gone on with. Later only what has changed is read, reports of malicious packages first.',
      'Nothing about your projects is sent. Exit code: 0 also when another process is updating it.',
    ],
    options: [
      { ...DATABASE, help: 'The database to make or update in place of the one in your data folder.' },
      { name: 'ecosystem', value: 'NAME', help: 'The ecosystem to update: npm, which is the only one so far.' },
      HOST,
    ],
    examples: ['provender advisories update'],
  },
  {
    name: 'advisories status',
    operands: '',
    summary: 'Show which local advisory database is used, what is in it and how old it is.',
    details: [],
    options: [DATABASE, FORMAT],
    examples: ['provender advisories status'],
  },
  {
    name: 'lsp',
    operands: '',
    summary: 'Serve an editor by the Language Server Protocol on standard input and output.',
    details: ['Settings come from the editor, by workspace/configuration or initializationOptions.'],
    options: [
      { name: 'stdio', help: 'Speak on standard input and output.' },
      OFFLINE,
      DATABASE,
      HOST,
      { name: 'node-ipc', help: 'Speak to the parent process.', hidden: true },
      { name: 'clientProcessId', value: 'ID', help: 'Sent by some clients.', hidden: true },
    ],
    examples: ['provender lsp --stdio'],
  },
];

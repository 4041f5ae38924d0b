import type { Clock, Files } from '../core/ports.ts';
import type { World, WorldRequest } from '../lsp/world.ts';
import type { OpenAdvisoryDatabase } from '../store/advisory-database.ts';
import type { ImportJob, ImportReport, ImportWatch } from '../workers/import-advisories.ts';

/** A stream for text. */
export interface TextSink {
  readonly isTerminal: boolean;
  /** Resolves when the text has left, and as well when nobody reads any more. Rejects when the disk refuses. */
  write(text: string): Promise<void>;
}

/** The local databases, as far as the command line handles them itself. */
export interface DatabaseAccess {
  /** The data folder of the user, absolute. */
  readonly dataFolder: string;
  /** Opens the given file, else the one in use. Throws a SourceError when the given file is no database. */
  open(path: string | undefined): OpenAdvisoryDatabase | undefined;
  importAdvisories(job: ImportJob, watch: ImportWatch): Promise<ImportReport>;
}

/** What the command line needs of the process that it runs in. */
export interface CommandLineIo {
  /** Absolute path of the folder that relative paths start from. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly files: Files;
  /** Writes a file that the caller named; what it held is lost. Rejects when the disk refuses. */
  readonly writeFile: (path: string, text: string) => Promise<void>;
  readonly clock: Clock;
  readonly databases: DatabaseAccess;
}

/** What a check needs of the world. */
export type CheckWorld = Pick<
  World,
  | 'ecosystems'
  | 'files'
  | 'clock'
  | 'log'
  | 'knowledge'
  | 'isOnline'
  | 'setOnline'
  | 'readPolicy'
  | 'openRepository'
  | 'advisoryRecords'
  | 'updateAdvisories'
  | 'surveyImports'
  | 'close'
>;

export interface CheckWorldOptions extends WorldRequest {
  /** The advisory database to use in place of all others; absolute. */
  readonly databasePath?: string | undefined;
  /** Base URLs by source name. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** True writes answers on this thread, which suits a command that ends soon. */
  readonly isShortLived?: boolean;
}

/** What the composition root hands over. */
export interface Program {
  readonly version: string;
  readonly openWorld: (options: CheckWorldOptions) => Promise<CheckWorld>;
}

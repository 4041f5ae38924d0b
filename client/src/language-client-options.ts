import type { InitializationOptions } from '../../server/src/protocol.ts';
import { DECISION_GLOBS, FILE_NAMES } from './file-names.ts';

/** The part of the settings that is ours. */
export const SECTION = 'provender';

/** The documents that the server is told of while they are open. */
export const DOCUMENT_SELECTOR = [...FILE_NAMES.map((name) => `**/${name}`), ...DECISION_GLOBS].map((pattern) => ({
  scheme: 'file',
  pattern,
}));

/** The files whose changes on disk the server is told of. */
export const WATCHED_GLOB = `**/{${FILE_NAMES.join(',')}}`;

/** True for files of installed packages: an install changes tens of thousands of them and none is a project of the user's. */
export function isInstalledPackage(path: string): boolean {
  return path.includes('/node_modules/');
}

/** What the server cannot find out by itself. */
export interface ClientFacts {
  readonly settings: unknown;
  readonly isTrusted: boolean;
  readonly consent: InitializationOptions['consent'];
}

export function initializationOptions(facts: ClientFacts): InitializationOptions {
  return {
    settings: facts.settings,
    fetch: true,
    trusted: facts.isTrusted,
    asksConsent: true,
    installCommand: true,
    decideCommand: true,
    ...(facts.consent !== undefined && { consent: facts.consent }),
  };
}

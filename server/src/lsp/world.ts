import type { AdvisoryRecord } from '../core/advisory.ts';
import type { Ecosystem } from '../core/ecosystem.ts';
import type { SurveyImports } from '../core/import-use.ts';
import type { Knowledge, Learner } from '../core/knowledge.ts';
import type { Clock, Files, Log } from '../core/ports.ts';
import type { ProjectLayout } from '../core/project.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import type { Repository } from '../core/repository.ts';
import type { Settings } from '../core/settings.ts';
import type { ExportWatch, UpdateOutcome } from '../sources/update-from-export.ts';
import type { FetchParams, FetchResult } from '../protocol.ts';

/** What the composition root makes for a session: everything that touches the world. */
export interface World {
  readonly ecosystems: readonly Ecosystem[];
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly knowledge: Knowledge & Learner;
  /** False when the user wants nothing sent, whatever is answered later. */
  readonly mayGoOnline: boolean;
  /** True when something may be sent now. */
  readonly isOnline: () => boolean;
  /** Lets look-ups happen, or forbids them from now on. */
  readonly setOnline: (online: boolean) => void;
  readonly readPolicy: (ecosystem: Ecosystem, layout: ProjectLayout, trusted: boolean) => Promise<RegistryPolicy>;
  /** The repository that a folder lies in. Rejects with a RepositoryError when it lies in none. The caller closes it. */
  readonly openRepository: (folder: string) => Promise<Repository>;
  /** What is known of an advisory by its id or an alias; asks OSV where it may. Rejects with a SourceError. */
  readonly advisoryRecords: (id: string, signal: AbortSignal) => Promise<readonly AdvisoryRecord[]>;
  readonly surveyImports: SurveyImports;
  readonly importAdvisories: (
    paths: readonly string[],
    complete: boolean,
    signal: AbortSignal,
    onProgress: (message: string) => void,
  ) => Promise<string>;
  /**
   * Brings the local database up to what OSV exports, and tells what was done. Undefined when another process is doing it.
   * Rejects with a SourceError.
   */
  readonly updateAdvisories: (watch: ExportWatch) => Promise<UpdateOutcome | undefined>;
  /** True when the local database was made from OSV's export, so that it can follow it. */
  readonly followsExport: () => boolean;
  /** Gives memory back, in a moment of rest. */
  readonly releaseMemory?: () => void;
  readonly clearStored: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a session knows when it asks for its world. */
export interface WorldRequest {
  readonly settings: Settings;
  readonly log: Log;
  readonly dataFolder: string | undefined;
  /** Sends a request through the client's network stack; undefined where the client cannot. */
  readonly fetch: ((params: FetchParams, signal: AbortSignal) => Promise<FetchResult>) | undefined;
  /** `hasFindings` when texts of advisories have come, so that somebody waits to see them. */
  readonly onKnowledge: (hasFindings: boolean) => void;
}

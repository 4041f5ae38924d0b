/** The custom messages between client and server, and their payloads. This file imports nothing. */

/** Server → client request: send an HTTP request through the editor's network stack. */
export const FETCH_REQUEST = 'provender/fetch';

export interface FetchParams {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** A redirect is an answer like any other: the server decides whether to follow it. */
export type FetchResult =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  /** A body over 1 MB lies in a file, which the server reads and removes. */
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly bodyFile: string }
  | { readonly error: { readonly code: string; readonly message: string } };

/** Server → client notification: what the status item shows. */
export const STATUS_NOTIFICATION = 'provender/status';

export interface StatusParams {
  readonly state: 'busy' | 'ready' | 'empty' | 'offline' | 'consent-needed' | 'off';
  /** Short, for the status bar. */
  readonly text: string;
  /** Lines of plain text. */
  readonly tooltip: string;
  readonly findings: number;
  readonly doNow: number;
}

/** Server → client notification: the tree changed. */
export const RISKS_CHANGED_NOTIFICATION = 'provender/risksChanged';

/** Client → server request: the tree. */
export const RISKS_REQUEST = 'provender/risks';

export interface RisksParams {
  readonly grouping: 'action' | 'manifest' | 'severity' | 'kind';
  /** Case-insensitive part of a package name or advisory id; empty shows all. */
  readonly filter: string;
}

export interface RisksResult {
  readonly groups: readonly RiskGroup[];
  /** Number for the badge. */
  readonly badge: number;
  /** One sentence on what was and was not checked. */
  readonly coverage: string;
}

export interface RiskGroup {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly items: readonly RiskItem[];
}

export interface RiskItem {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly severity: string;
  readonly uri: string;
  readonly range: WireRange;
  /** True when the same code actions as on the line are offered. */
  readonly actionable: boolean;
  /** Whether it can be decided about, or a decision can be taken back; undefined for neither. */
  readonly decision?: 'open' | 'made' | undefined;
}

export interface WireRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** Client → server request: the user's answer to the first-open notice. */
export const CONSENT_REQUEST = 'provender/consent';

export interface ConsentParams {
  readonly answer: 'ask' | 'offline' | 'not-now';
}

/** Server → client request: ask the user, once, before anything is sent. */
export const ASK_CONSENT_REQUEST = 'provender/askConsent';

export interface AskConsentParams {
  readonly message: string;
}

/** Client → server request: check everything again now. */
export const CHECK_NOW_REQUEST = 'provender/checkNow';

/** Client → server request: read advisory files into the local database. */
export const IMPORT_REQUEST = 'provender/importAdvisories';

export interface ImportParams {
  readonly paths: readonly string[];
  readonly complete: boolean;
}

export interface ImportResult {
  readonly message: string;
}

/**
 * Client → server request: bring the local database up to what OSV exports, with progress that can be cancelled: then the answer
 * is the error `RequestCancelled`.
 */
export const UPDATE_ADVISORIES_REQUEST = 'provender/updateAdvisories';

export interface UpdateAdvisoriesResult {
  readonly message: string;
}

/** Client → server request: forget stored answers. */
export const CLEAR_REQUEST = 'provender/clear';

/**
 * Client → server request: the edits of every planned upgrade for a file or the workspace. What is not known of their
 * packages is looked up first, with progress that can be cancelled: then the answer is the error `RequestCancelled`.
 */
export const UPGRADE_REQUEST = 'provender/upgrades';

export interface UpgradeParams {
  /** Undefined for the whole workspace. */
  readonly uri: string | undefined;
  readonly step: 'patch' | 'minor' | 'major' | 'fix';
  /** True leaves lines without an advisory alone, and goes no further than to what clears theirs. */
  readonly onlyFindings: boolean;
}

export interface UpgradeResult {
  readonly title: string;
  /** What could not be looked up, as a sentence; empty when nothing is missing. */
  readonly missing: string;
  readonly upgrades: readonly PlannedUpgrade[];
}

/** One line to change. The user picks from the list before anything is applied. */
export interface PlannedUpgrade {
  /** `lodash 4.17.20 → 4.17.21`. */
  readonly label: string;
  /** What it clears, and how large the step is. */
  readonly description: string;
  readonly uri: string;
  /** The document's version that the edit was computed for; null when it is not open. */
  readonly version: number | null;
  readonly range: WireRange;
  /** The text in the range that the edit was computed for. */
  readonly oldText: string;
  readonly newText: string;
  /** True when the step may break: it needs a confirmation of its own. */
  readonly breaking: boolean;
}

/** Client → server request: the edits that write down a decision about risks of the tree. */
export const DECIDE_REQUEST = 'provender/decide';

export interface DecideParams {
  /** Ids of the tree's items. */
  readonly risks: readonly string[];
  /** Only these advisories of them; undefined for all. */
  readonly advisories?: readonly string[];
  readonly decision:
    /** One of the words of OpenVEX, and why in the author's words. */
    | { readonly kind: 'not-affected'; readonly justification: string; readonly statement: string }
    | { readonly kind: 'accept'; readonly reason: string }
    /** For so many days, until a fix is known, or until another version is installed. */
    | {
        readonly kind: 'snooze';
        readonly until: 'fixed' | 'version' | { readonly days: number };
        readonly reason: string;
      };
}

/** Client → server request: the edits that take decisions back, by the ids of the tree's items. */
export const UNDECIDE_REQUEST = 'provender/undecide';

export interface UndecideParams {
  readonly risks: readonly string[];
}

export interface DecideResult {
  /** `3 advisories of lodash`; empty when there was nothing to decide about. */
  readonly title: string;
  /** Why a file could not be changed, as a sentence; empty when all could. */
  readonly trouble: string;
  readonly documents: readonly WireFileEdit[];
}

export interface WireFileEdit extends WireDocumentEdit {
  /** True for a file that is to be made first. */
  readonly isNew: boolean;
}

/** Command that clients run: ask for a decision about a risk. Argument: {@link DecideArguments}. */
export const DECIDE_COMMAND = 'provender.decide';

export interface DecideArguments {
  readonly risks: readonly string[];
  readonly advisories: readonly string[];
}

/**
 * Client → server request: the fewest edits that clear the most findings of the workspace, without any that may break. What is
 * not known is looked up first, with progress that can be cancelled: then the answer is the error `RequestCancelled`.
 */
export const PLAN_REQUEST = 'provender/plan';

export interface PlanResult {
  /** `7 edits clear 214 of 300 findings`. */
  readonly title: string;
  /** What could not be looked up, as a sentence; empty when nothing is missing. */
  readonly missing: string;
  readonly steps: readonly PlannedStep[];
}

export interface PlannedStep {
  readonly id: string;
  /** `Upgrade lodash 4.17.20 → 4.17.21`. */
  readonly label: string;
  /** What it clears, and whether it was verified. */
  readonly description: string;
  /** Where it is written, or the command that does it. */
  readonly detail: string;
}

/** Client → server request: the edits of those steps of the plan that were chosen, as one change. */
export const PLAN_EDITS_REQUEST = 'provender/planEdits';

export interface PlanEditsParams {
  readonly ids: readonly string[];
}

export interface PlanEditsResult {
  readonly documents: readonly WireDocumentEdit[];
  /** What is to be run for the rest and then for the edits, in this order. */
  readonly commands: readonly { readonly folder: string; readonly command: string }[];
  /** Labels of steps that what they rest on has taken away. */
  readonly refused: readonly string[];
}

export interface WireDocumentEdit {
  readonly uri: string;
  /** The document's version that the edits were computed for; null when it is not open. */
  readonly version: number | null;
  readonly edits: readonly { readonly range: WireRange; readonly newText: string }[];
}

/**
 * Client → server request: what changed among the installed packages since an earlier state, as Markdown. What came is
 * looked up first, with progress that can be cancelled: then the answer is the error `RequestCancelled`.
 */
export const REVIEW_REQUEST = 'provender/review';

export interface ReviewParams {
  /**
   * `{ kind: 'head' }` is what is not committed, `{ kind: 'branch' }` what this branch brings since it left the main one,
   * and `{ kind: 'commit' }` what came since it left a commit that git knows by `name`.
   */
  readonly since: { readonly kind: 'head' | 'branch' } | { readonly kind: 'commit'; readonly name: string };
}

export interface ReviewResult {
  readonly markdown: string;
}

/** Command that clients run: put the install command into a terminal, unsent. Arguments: folder, command. */
export const INSTALL_COMMAND = 'provender.prepareInstall';

/** What the client says of itself in `initializationOptions`. */
export interface InitializationOptions {
  readonly settings?: unknown;
  /** True when the client answers {@link FETCH_REQUEST}. */
  readonly fetch?: boolean;
  /** False in an untrusted workspace. */
  readonly trusted?: boolean;
  /** True when the client asks the user with {@link ASK_CONSENT_REQUEST}; others consent by a setting or flag. */
  readonly asksConsent?: boolean;
  /** The stored answer: undefined when the user was never asked. */
  readonly consent?: 'ask' | 'offline';
  /** The folder for stored data in place of the user's. */
  readonly dataFolder?: string;
  /** True when the client shows the install action. */
  readonly installCommand?: boolean;
  /** True when the client has {@link DECIDE_COMMAND}. */
  readonly decideCommand?: boolean;
}

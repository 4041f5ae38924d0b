import type { Session } from '../session.ts';

export interface Command {
  /** True when it cannot do anything while the server is down; it then offers to start it. */
  readonly needsServer: boolean;
  readonly run: (session: Session, ...args: readonly unknown[]) => Promise<void>;
}

/** Commands by their id. */
export type CommandTable = Readonly<Record<string, Command>>;

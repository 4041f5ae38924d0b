import { DiagnosticSeverity } from 'vscode-languageserver-types';

import type { Level } from '../core/settings.ts';

/** What the editor names as the origin of each diagnostic. */
export const SOURCE = 'Provender';

const LEVELS: Readonly<Record<Exclude<Level, 'off'>, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The editor's word for a level; undefined when nothing is to be shown. */
export function severityOf(level: Level): DiagnosticSeverity | undefined {
  return level === 'off' ? undefined : LEVELS[level];
}

import { auditCi } from './audit-ci.ts';
import { cycloneDxVex } from './cyclonedx-vex.ts';
import type { DecisionFormat } from './decision-format.ts';
import { nsprc } from './nsprc.ts';
import { openVex } from './openvex.ts';
import { osvScanner } from './osv-scanner.ts';
import { pnpmAudit, yarnAudit } from './package-manager-audit.ts';
import { provenderFile } from './provender-file.ts';
import { trivyIgnore } from './trivyignore.ts';

/** Every form that is read; the first that a finding is under is the one that is named. */
export const DECISION_FORMATS: readonly DecisionFormat[] = [
  provenderFile,
  openVex,
  cycloneDxVex,
  osvScanner,
  trivyIgnore,
  auditCi,
  nsprc,
  pnpmAudit,
  yarnAudit,
];

/** The folder in which VEX documents are kept. */
export const VEX_FOLDER = '.vex';

/** What a client is asked to watch besides the files of the package managers. */
export const DECISION_GLOBS: readonly string[] = [
  '**/.provender.jsonc',
  `**/${VEX_FOLDER}/*.json`,
  '**/{vex,bom}.json',
  '**/*.{vex,openvex,cdx}.json',
  '**/osv-scanner.toml',
  '**/.trivyignore*',
  '**/{.audit-ci,audit-ci}.{json,jsonc,json5}',
  '**/.nsprc',
];

/** The forms that a file of that name may be in. */
export function formatsOf(name: string): readonly DecisionFormat[] {
  return DECISION_FORMATS.filter((format) => format.matches(name));
}

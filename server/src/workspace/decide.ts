import { join } from 'node:path';

import type { Decision } from '../core/decision.ts';
import { isDecidable, type DecidableFinding, type Finding } from '../core/finding.ts';
import { purlOf, type PackageId } from '../core/package.ts';
import type { LateEdit } from '../core/transitive-dialect.ts';
import { OPENVEX_NAME } from '../decisions/openvex.ts';
import { VEX_FOLDER } from '../decisions/formats.ts';
import { PROVENDER_FILE } from '../decisions/provender-file.ts';
import {
  addDecision,
  newDecisionFile,
  removeDecision,
  type DecisionContext,
  type DecisionSubject,
  type NewDecision,
} from '../decisions/write-decision.ts';
import type { ProjectView } from './snapshot.ts';

/**
 * The edit that writes a decision about findings: into the nearest file of its kind that the project has, else into one at its
 * root, which is made.
 */
export function decide(
  findings: readonly DecidableFinding[],
  decision: NewDecision,
  project: ProjectView,
  context: DecisionContext,
): LateEdit {
  const isVex = decision.kind === 'not-affected';
  const tool = isVex ? 'OpenVEX' : 'Provender';
  const known = project.decisions.files.find(({ decisions }) => decisions.some((item) => item.tool === tool))?.path;
  const { root } = project.layout;
  const path = known ?? (isVex ? join(root, VEX_FOLDER, OPENVEX_NAME) : join(root, PROVENDER_FILE));
  const subjects = findings.map((finding) => subjectOf(finding, project));
  return {
    path,
    replacements: (text) => addDecision(text, decision, subjects, context),
    whenMissing: newDecisionFile(decision, subjects, context),
  };
}

/** False for files of other tools, which are theirs to change. */
export function isOurs({ tool }: Decision): boolean {
  return tool === 'OpenVEX' || tool === 'Provender';
}

/** The edit that takes a decision back; undefined where it is not ours to change. */
export function undecide(decision: Decision, context: Pick<DecisionContext, 'now'>): LateEdit | undefined {
  const { tool, place } = decision;
  if (!isOurs(decision)) return undefined;
  const kind = tool === 'OpenVEX' ? 'statement' : 'entry';
  return { path: place.path, replacements: (text) => removeDecision(text, place.span, kind, context) };
}

function subjectOf(finding: DecidableFinding, project: ProjectView): DecisionSubject {
  const affected = finding.package;
  const { purlType } = project.ecosystem;
  const root = project.manifests.find(({ importer }) => importer === '.') ?? project.manifests[0];
  const { name, version } = root?.manifest ?? {};
  return {
    ...(finding.kind === 'signature'
      ? { signature: finding.signature.verdict, id: finding.ruleId, aliases: [] }
      : { id: finding.match.advisory.id, aliases: finding.match.aliases }),
    name: affected.name,
    version: affected.version,
    purl: purlOf(purlType, affected.name, affected.version),
    product: name === undefined || name === '' ? undefined : productPurl(purlType, name, version),
  };
}

function productPurl(purlType: string, name: string, version: string | undefined): string {
  const purl = purlOf(purlType, name, version ?? '');
  return version === undefined || version === '' ? purl.replace(/@$/, '') : purl;
}

/** What the tree and the code actions name an affected package of a project by. */
export function riskId({ layout }: ProjectView, { name, version }: Pick<PackageId, 'name' | 'version'>): string {
  return `${layout.root}:${name}@${version}`;
}

/** The same for what somebody has decided about. */
export function decidedId(project: ProjectView, { package: affected, ruleId }: Finding): string {
  return `decided:${riskId(project, affected)}:${ruleId}`;
}

/** What a decision can be about. Malware and bytes that nobody signed are to be removed, not to be decided about. */
export function decidable(findings: readonly Finding[]): DecidableFinding[] {
  return findings
    .filter(isDecidable)
    .filter((finding) =>
      finding.kind === 'signature' ? finding.signature.verdict !== 'invalid' : finding.kind !== 'malware',
    );
}

import { describeFinding } from './describe-finding.ts';
import type { CheckResult } from './check-result.ts';
import { sarifLevel } from './check-sarif.ts';
import { printable } from './printable.ts';

/** Workflow commands: each finding, and each thing that was not checked, becomes an annotation of a GitHub job. */
export function checkGithub({ findings, problems, coverage }: CheckResult): string {
  const commands = [
    ...findings.map((item) => {
      const [place] = item.places;
      const where = place === undefined ? {} : { file: place.document, line: place.line, col: place.column };
      const level = sarifLevel(item.finding);
      return command(
        level === 'note' ? 'notice' : level,
        { ...where, title: item.finding.ruleId },
        describeFinding(item),
      );
    }),
    ...problems.map(({ document, line, message }) => {
      return command('warning', { file: document, line, title: 'Not read' }, printable(message));
    }),
    ...coverage.unknown.map(({ name, version, reason }) => {
      return command('warning', { title: 'Not checked' }, printable(`${name} ${version}: ${reason}`));
    }),
  ];
  return commands.map((line) => `${line}\n`).join('');
}

function command(level: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const pairs = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level} ${pairs.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

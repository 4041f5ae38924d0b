import { count } from '../features/words.ts';
import type { AffectedPackage } from './affected-packages.ts';
import type { CheckResult } from './check-result.ts';
import type { PlacedRemedy } from './checked-finding.ts';
import { printable } from './printable.ts';
import { remedyVerb } from './remedy-words.ts';

const SHOWN_UPGRADES = 8;

/** What to do now, in the order in which it pays. */
export function nextSteps(result: CheckResult, packages: readonly AffectedPackage[], offline: boolean): string[] {
  const steps = [
    ...malwareSteps(packages),
    ...upgradeSteps(result, packages),
    ...transitiveSteps(packages),
    ...coverageSteps(result, offline),
  ];
  return steps.length > 0 ? ['Next:', ...steps.map((step) => `  ${step}`)] : [];
}

function malwareSteps(packages: readonly AffectedPackage[]): string[] {
  const names = packages.filter(({ isMalware }) => isMalware).map(({ name }) => printable(name));
  if (names.length === 0) return [];
  return [
    `Remove ${names.join(', ')}. If it was ever installed, treat the machine as compromised: rotate its secrets from another one`,
  ];
}

function upgradeSteps({ installs }: CheckResult, packages: readonly AffectedPackage[]): string[] {
  const placed = packages.flatMap(({ remedies, isMalware }) => (isMalware ? [] : remedies));
  // One bump may mend many of the packages that it brings in.
  const upgrades = [...new Map(placed.map((item) => [keyOf(item), item])).values()];
  const lines = upgrades.slice(0, SHOWN_UPGRADES).map(stepWords);
  const rest = upgrades.length - lines.length;
  return [
    ...lines,
    ...(rest > 0 ? [`and ${count(rest, 'more fix', 'more fixes')}, as the table says`] : []),
    ...installs.map(({ folder, command }) => {
      return `${upgrades.length > 0 ? 'Then run' : 'Run'} "${command}"${folder === '.' ? '' : ` in ${printable(folder, 400)}`} and check again`;
    }),
  ];
}

function stepWords({ remedy, place }: PlacedRemedy): string {
  const { package: name, from, to, clears, state, breaking } = remedy;
  const document = place === undefined ? '' : ` in ${printable(place.document, 400)}:${String(place.line)}`;
  const where = remedy.command === undefined ? document : ` by "${printable(remedy.command, 200)}"`;
  const effect = `clears ${String(clears.length)}, ${state}${breaking ? ', may break' : ''}`;
  return `${remedyVerb(remedy)} ${printable(name)} from ${printable(from, 40)} to ${printable(to, 40)}${where} (${effect})`;
}

function keyOf({ remedy: { kind, package: name, from, to } }: PlacedRemedy): string {
  return `${kind}\n${name}\n${from}\n${to}`;
}

function transitiveSteps(packages: readonly AffectedPackage[]): string[] {
  const brought = packages.filter(({ direct, remedies, isMalware }) => !direct && !isMalware && remedies.length === 0);
  const mendable = brought.filter(({ fixed }) => fixed !== undefined).length;
  if (mendable === 0) return [];
  return [
    `${count(mendable, 'package')} with a fix ${mendable === 1 ? 'is' : 'are'} brought in by others: refresh the lockfile, or upgrade what WHERE names`,
  ];
}

function coverageSteps({ coverage, problems }: CheckResult, offline: boolean): string[] {
  const steps: string[] = [];
  if (coverage.unknown.length > 0 && offline) {
    steps.push(
      'Ask OSV.dev about the rest: run it again without --offline, or import a complete database (provender help advisories)',
    );
  }
  if (problems.length > 0) steps.push('Look at what is named under "Not read": it is not part of this result');
  return steps;
}

import { count } from '../features/words.ts';
import type { AffectedPackage } from './affected-packages.ts';
import type { CheckResult } from './check-result.ts';
import { printable } from './printable.ts';

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
  const upgrades = packages.flatMap(({ remedies, isMalware, name, version }) => {
    return isMalware ? [] : remedies.map((placed) => ({ ...placed, name, version }));
  });
  const lines = upgrades.slice(0, SHOWN_UPGRADES).map(({ name, version, remedy, place }) => {
    const where = place === undefined ? '' : ` in ${printable(place.document, 400)}:${String(place.line)}`;
    const risk = remedy.breaking ? ', may break' : '';
    const clears = `clears ${String(remedy.clears.length)}, ${remedy.state}${risk}`;
    return `Upgrade ${printable(name)} from ${printable(version, 40)} to ${printable(remedy.to, 40)}${where} (${clears})`;
  });
  const rest = upgrades.length - lines.length;
  return [
    ...lines,
    ...(rest > 0 ? [`and ${count(rest, 'more upgrade')}, as the table says`] : []),
    ...installs.map(({ folder, command }) => {
      return `${upgrades.length > 0 ? 'Then run' : 'Run'} "${command}"${folder === '.' ? '' : ` in ${printable(folder, 400)}`} and check again`;
    }),
  ];
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

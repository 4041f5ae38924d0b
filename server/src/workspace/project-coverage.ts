import { isDevelopmentOnly, SCOPE_BIT } from '../core/package.ts';
import { DEVELOPMENT_OFF } from './assess-packages.ts';
import type { Coverage, UncheckedPackage } from './coverage.ts';
import { isForeign } from './declared-lockfile.ts';
import type { LineView, ProjectView } from './snapshot.ts';

/** What of a project was checked: what its lockfile installs, and the lines that ask for what the lockfile does not have. */
export function coverageOf({ assessment: { coverage }, manifests, settings }: ProjectView): Coverage {
  const unknown = new Map<string, UncheckedPackage>();
  const skipped = new Map<string, UncheckedPackage>();
  for (const line of manifests.flatMap(({ lines }) => lines)) {
    if (!isMissing(line)) continue;
    const name = line.subject?.name ?? line.dependency.packageName;
    const left = whyLeftOut(line, settings.devDependencies);
    if (left === undefined) unknown.set(name, { name, version: '', reason: 'it is not in the lockfile' });
    else skipped.set(name, { name, version: '', reason: left });
  }
  if (unknown.size === 0 && skipped.size === 0) return coverage;
  return {
    checked: coverage.checked,
    unknown: [...coverage.unknown, ...unknown.values()],
    skipped: [...coverage.skipped, ...skipped.values()],
  };
}

function isMissing({ pending, entry, dependency }: LineView): boolean {
  return pending?.locked === '' || (entry === undefined && isForeign(dependency));
}

function whyLeftOut({ subject, dependency }: LineView, checksDevelopment: boolean): string | undefined {
  if (!checksDevelopment && isDevelopmentOnly(SCOPE_BIT[dependency.scope])) return DEVELOPMENT_OFF;
  return subject?.withheld;
}

import { findDowngrade, type PublishedRank } from '../core/trust-downgrade.ts';
import { highestFitting } from './highest-fitting.ts';
import type { LineView, ProjectView } from './snapshot.ts';

/** What is worth knowing of the version that an install will take, before it is installed. */
export interface BumpWarning {
  readonly version: string;
  /** The last version that was published with more evidence; undefined when none was. */
  readonly better: PublishedRank | undefined;
  /** True when it runs an install script and the version that is installed does not. */
  readonly isNewScript: boolean;
}

/** Of a line that waits for an install, as far as the registry's document of all versions tells. Nothing of it is signed. */
export function bumpWarning(line: LineView, { ecosystem, settings }: ProjectView): BumpWarning | undefined {
  const { pending, registry, dependency } = line;
  if (!settings.signatures || pending === undefined || pending.madeFor !== undefined) return undefined;
  const { specifier } = line.catalogLine?.dependency ?? dependency;
  if (!registry.known || specifier.kind !== 'range') return undefined;
  const { versions, hasTimes } = registry.value;
  const target = highestFitting(registry.value, specifier.range, ecosystem.versions);
  if (target === undefined || target.version === pending.locked) return undefined;
  const history = versions.map(({ version, publishedAt, trust }) => ({ version, publishedAt, rank: trust }));
  const result = hasTimes ? findDowngrade(target.version, history) : 'none';
  const better = result !== 'none' && result.verdict === 'downgrade' ? result.earlier : undefined;
  const locked = versions.find(({ version }) => version === pending.locked);
  const isNewScript = target.hasInstallScript && locked?.hasInstallScript === false;
  return better === undefined && !isNewScript ? undefined : { version: target.version, better, isNewScript };
}

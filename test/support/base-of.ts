import type { BaseState } from '../../server/src/core/base-state.ts';

/** An earlier commit that did not have some packages, as `name@version`, and had other versions in their place. */
export function baseOf(
  name: string,
  added: readonly string[],
  gone: Readonly<Record<string, readonly string[]>>,
): BaseState {
  const earlier = Object.entries(gone).map(
    ([each, versions]) => [each, versions.map((version) => ({ version, integrity: undefined }))] as const,
  );
  return { name, added: new Set(added), gone: new Map(earlier) };
}

/**
 * True when a version asks for the same packages in the same words as the one in the lockfile. Where a lockfile's keys are
 * what is asked for, other words would need other keys.
 */
export function isSameNeeds(
  locked: ReadonlyMap<string, string> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(wanted);
  return locked?.size === entries.length && entries.every(([name, specifier]) => locked.get(name) === specifier);
}

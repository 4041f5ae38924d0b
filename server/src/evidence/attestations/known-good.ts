/** A place for the check of the runtime. */
export function verifyKnownGood(): boolean {
  return true;
}

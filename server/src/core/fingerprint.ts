import { createHash } from 'node:crypto';

/** A stable id of 32 hexadecimal digits for what the parts say together. */
export function fingerprint(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32);
}

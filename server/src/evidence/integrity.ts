/**
 * The sha512 hashes of a Subresource Integrity string, each once, in canonical form (`sha512-` and padded base64), in
 * the order they stand. Other algorithms and what is no hash are left out: no registry signs them.
 * @see https://www.w3.org/TR/SRI/#the-integrity-attribute
 */
export function sha512Of(integrity: string | undefined): readonly string[] {
  if (integrity === undefined || integrity.length > MAXIMUM_LENGTH) return [];
  const hashes = new Set<string>();
  for (const token of integrity.split(/\s+/)) {
    if (!token.startsWith('sha512-')) continue;
    // Options may follow a question mark.
    const encoded = token.slice('sha512-'.length).split('?', 1)[0] ?? '';
    if (!/^[A-Za-z0-9+/]{86}(==)?$/.test(encoded)) continue;
    hashes.add(`sha512-${Buffer.from(encoded, 'base64').toString('base64')}`);
  }
  return [...hashes];
}

const MAXIMUM_LENGTH = 4096;

import tufRoot from './tuf-root.json' with { type: 'json' };

/** The root metadata of Sigstore's TUF repository that comes with the program: whatever is newer follows from it. JSON text. */
export function embeddedTufRoot(): string {
  return JSON.stringify(tufRoot.root);
}

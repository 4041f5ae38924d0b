import { createHash } from 'node:crypto';

/**
 * Tells whether a text is the one that was read before. It keeps the text until {@link settle} puts a hash in its place:
 * hashing takes time and a module that is slow to load, and both can wait for a moment of rest.
 */
export class TextIdentity {
  #text: string | undefined;
  #hash: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  isOf(text: string): boolean {
    return this.#hash === undefined ? this.#text === text : this.#hash === hashOf(text);
  }

  /** Lets go of the text. */
  settle(): void {
    if (this.#text === undefined) return;
    this.#hash = hashOf(this.#text);
    this.#text = undefined;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

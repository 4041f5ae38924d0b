/** One JSON value of an input, or why there is none at that place. */
export type RecordItem =
  | { readonly place: string; readonly value: unknown; readonly fraction: number }
  /** `cut` is true when the rest of the input could not be read, false when only this record could not. */
  | { readonly place: string; readonly trouble: string; readonly cut: boolean; readonly fraction: number };

export interface RecordLimits {
  /** Bytes of one record. A real one has up to a few hundred kilobytes. */
  readonly recordBytes: number;
  /** Bytes of one input once it is unpacked. The export of all ecosystems has some ten gigabytes. */
  readonly inputBytes: number;
}

export const RECORD_LIMITS: RecordLimits = { recordBytes: 32 * 1024 * 1024, inputBytes: 40 * 1024 * 1024 * 1024 };

/** The value of a JSON text, or the parser's complaint. */
export function parseRecord(place: string, text: string, fraction: number): RecordItem {
  try {
    return { place, value: JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text), fraction };
  } catch (error) {
    return { place, trouble: reasonOf(error), cut: false, fraction };
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

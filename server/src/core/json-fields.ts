/** Readers of JSON that nobody vouches for. They look at own properties only and never throw. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A property of an object; undefined for anything else. */
export function field(value: unknown, key: string): unknown {
  if (!isObject(value)) return undefined;
  // What is not there needs no second look, and most of what a record may have is not there.
  const found = value[key];
  return found !== undefined && Object.hasOwn(value, key) ? found : undefined;
}

export function textAt(value: unknown, key: string): string | undefined {
  return asText(field(value, key));
}

export function arrayAt(value: unknown, key: string): readonly unknown[] {
  return asArray(field(value, key));
}

/** The objects of an array, others left out. */
export function recordsAt(value: unknown, key: string): readonly JsonObject[] {
  return asRecords(field(value, key));
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NOTHING;
}

export function asRecords(value: unknown): readonly JsonObject[] {
  const items = asArray(value);
  return items.every(isObject) ? items : items.filter(isObject);
}

const NOTHING: readonly never[] = [];

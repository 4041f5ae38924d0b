/**
 * The descriptors of a key: `a@^1, b@^2`, where classic puts quotes around each one that needs them. None when the key is of
 * another form.
 */
export function readYarnKey(key: string): readonly string[] {
  if (!key.includes('"')) return key === '' ? [] : key.includes(', ') ? key.split(', ') : [key];
  const descriptors: string[] = [];
  for (const part of key.includes('\\') ? (key.match(ESCAPED_PART) ?? []) : key.split(', ')) {
    const descriptor = unquoted(part);
    if (descriptor === undefined || descriptor === '') return [];
    descriptors.push(descriptor);
  }
  return descriptors;
}

/** A name, and what follows it: a range in a descriptor, a reference in a locator. */
export function splitDescriptor(descriptor: string): readonly [name: string, range: string] {
  const at = descriptor.indexOf('@', 1);
  return at === -1 ? [descriptor, ''] : [descriptor.slice(0, at), descriptor.slice(at + 1)];
}

/** The name in the first descriptor of a key. */
export function nameInKey(key: string): string {
  const from = key.charCodeAt(0) === QUOTE ? 1 : 0;
  const at = key.indexOf('@', from + 1);
  const name = key.slice(from, at);
  return at === -1 || name.includes('\\') ? splitDescriptor(readYarnKey(key)[0] ?? key)[0] : name;
}

/** What a plain text, or one in double quotes, means; undefined when it is not written to its end. */
export function unquoted(written: string): string | undefined {
  if (written.charCodeAt(0) !== QUOTE) return written;
  if (written.includes('\\')) return parsed(written);
  const end = written.length - 1;
  return end > 0 && written.indexOf('"', 1) === end ? written.slice(1, end) : undefined;
}

function parsed(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

const ESCAPED_PART = /"(?:[^"\\]|\\.)+"|[^",\s][^",]*/g;
const QUOTE = 34;

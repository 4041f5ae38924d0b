/** The settings of an `.npmrc`; the items of a list (`ca[]`) are joined by line breaks. */
export type NpmConfig = ReadonlyMap<string, string>;

/**
 * Reads an `.npmrc` as npm's `ini` does: one setting a line, comments by `;` and `#`, quotes as in JSON. What stands in
 * a section is no setting of npm's.
 * @see https://docs.npmjs.com/cli/configuring-npm/npmrc
 */
export function parseNpmrc(text: string): NpmConfig {
  const config = new Map<string, string>();
  const lists = new Set<string>();
  for (const line of text.replace(/^\uFEFF/, '').split(/[\r\n]+/)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith(';') || trimmed.startsWith('#')) continue;
    if (trimmed.startsWith('[') && trimmed.endsWith(']')) break;
    const equals = trimmed.indexOf('=');
    const name = plainText(equals === -1 ? trimmed : trimmed.slice(0, equals));
    const value = equals === -1 ? 'true' : plainText(trimmed.slice(equals + 1));
    const isItem = name.length > 2 && name.endsWith('[]');
    const key = isItem ? name.slice(0, -2) : name;
    const before = isItem && lists.has(key) ? config.get(key) : undefined;
    if (isItem) lists.add(key);
    config.set(key, before === undefined ? value : `${before}\n${value}`);
  }
  return config;
}

/** A name or value without its quotes, escapes, and the comment behind it. */
function plainText(written: string): string {
  const text = written.trim();
  const quote = text.charAt(0);
  if (text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote)) return unquoted(text, quote);
  let plain = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === ';' || character === '#') break;
    const next = text.charAt(index + 1);
    const isEscape = character === '\\' && next !== '' && '\\;#'.includes(next);
    plain += isEscape ? next : character;
    if (isEscape) index++;
  }
  return plain.trim();
}

function unquoted(text: string, quote: string): string {
  const inside = text.slice(1, -1);
  try {
    const value: unknown = JSON.parse(quote === '"' ? text : inside);
    return typeof value === 'string' ? value : inside;
  } catch {
    return quote === '"' ? text : inside;
  }
}

/** True when a text asks for a variable of the environment. */
export function hasVariable(text: string): boolean {
  return text.includes('${');
}

/**
 * Puts variables in place as npm does: `${NAME}`, and `${NAME?}` for one that may be missing. Undefined when one is
 * missing: what npm would then send is no secret and no host.
 */
export function expandVariables(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const missing: string[] = [];
  const expanded = text.replace(/\$\{([^${}?]+)(\?)?\}/g, (_, name: string, optional: string | undefined) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined && optional === undefined) missing.push(name);
    return value ?? '';
  });
  return missing.length === 0 ? expanded : undefined;
}

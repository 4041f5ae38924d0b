/**
 * A copy of JSON with one value changed: `to` makes it of the old one; undefined removes it.
 * Fails when there is nothing at the path, so that no test changes what is not there.
 */
export function withChange(json: unknown, path: readonly (string | number)[], to: (old: unknown) => unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(json));
  const parents = path.slice(0, -1);
  const holder = parents.reduce<unknown>((value, key) => (isHolder(value) ? value[key] : undefined), copy);
  const last = path.at(-1);
  if (!isHolder(holder) || last === undefined || !(last in holder)) throw new Error(`nothing at ${path.join('.')}`);
  const changed = to(holder[last]);
  if (changed === undefined) Reflect.deleteProperty(holder, last);
  else holder[last] = changed;
  return copy;
}

function isHolder(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

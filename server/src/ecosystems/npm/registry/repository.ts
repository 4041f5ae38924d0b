/** Sites whose repositories are `owner/name`, by the shorthand that npm has for them. */
const FORGES: ReadonlyMap<string, string> = new Map([
  ['github', 'github.com'],
  ['gitlab', 'gitlab.com'],
  ['bitbucket', 'bitbucket.org'],
]);

const HOSTS: ReadonlySet<string> = new Set([...FORGES.values(), 'codeberg.org']);

const MAX_LENGTH = 500;

/**
 * The repository that a package names, as `github.com/owner/name`: from an address by https, git or SSH, or a shorthand.
 * Undefined for every other form and for sites whose layout is not known. It is a claim of the package's, no more.
 */
export function repositoryOf(claimed: string): string | undefined {
  const text = claimed.trim();
  if (text === '' || text.length > MAX_LENGTH) return undefined;
  const shorthand = /^(?:([a-z]+):)?([^/:@\s]+\/[^/:@\s]+)$/.exec(text);
  if (shorthand) {
    const host = FORGES.get(shorthand[1] ?? 'github');
    return host === undefined ? undefined : joined(host, shorthand[2] ?? '');
  }
  const scpLike = /^[^/:@\s]+@([^/:@\s]+):(?!\/)(.+)$/.exec(text);
  if (scpLike) return joined(scpLike[1] ?? '', scpLike[2] ?? '');
  if (!/^(?:https|git|ssh|git\+https|git\+ssh):\/\//i.test(text)) return undefined;
  // An address of git's own protocols is read as one of the web, whose host is in lower case.
  const web = text.replace(/^[a-z+]+:/i, 'https:');
  return URL.canParse(web) ? joined(new URL(web).hostname, new URL(web).pathname) : undefined;
}

function joined(host: string, path: string): string | undefined {
  const lowerHost = host.toLowerCase().replace(/^www\./, '');
  const [owner, name] = (path.split(/[#?]/)[0] ?? '').split('/').filter((part) => part !== '');
  if (!HOSTS.has(lowerHost) || owner === undefined || name === undefined) return undefined;
  const bare = name.replace(/\.git$/, '');
  return isPart(owner) && isPart(bare) ? `${lowerHost}/${owner}/${bare}` : undefined;
}

function isPart(text: string): boolean {
  return /^[\w.-]+$/.test(text) && !/^\.+$/.test(text);
}

/**
 * What two ways of naming one source repository have in common, in lower case: `github.com/acme/widget` for
 * `git+https://github.com/Acme/widget.git`, `git@github.com:acme/widget`, `github:acme/widget`, `acme/widget` and the
 * address of a folder in it. Undefined when it is no address of a repository. For comparing only.
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#repository
 */
export function repositoryIdentity(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAXIMUM_LENGTH) return undefined;
  const shorthand = /^(?:(github|gitlab|bitbucket):)?([\w.-]+(?:\/[\w.-]+)+)(?:#.*)?$/i.exec(trimmed);
  if (shorthand) return fromShorthand(shorthand[1]?.toLowerCase(), shorthand[2] ?? '');
  const scpLike = /^[^/:@\s]+@([^/:@\s]+):(?!\/)(.+)$/.exec(trimmed);
  if (scpLike) return joined(scpLike[1] ?? '', scpLike[2] ?? '');
  // An address of git's own protocols is read as one of the web, which parsers know.
  const web = trimmed.replace(/^(?:git\+)?(?:https?|ssh|git):/i, 'https:');
  if (!web.startsWith('https://') || !URL.canParse(web)) return undefined;
  return joined(new URL(web).hostname, new URL(web).pathname);
}

const MAXIMUM_LENGTH = 1000;

const SHORTHAND_HOSTS: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
};

/** Hosts where a repository is `owner/name` and all below it lies in it. */
const TWO_PART_HOSTS: readonly string[] = ['github.com', 'bitbucket.org', 'codeberg.org'];

/** `acme/widget` is on GitHub; `github.com/acme/widget` begins with its host. */
function fromShorthand(site: string | undefined, path: string): string | undefined {
  if (site !== undefined) return joined(SHORTHAND_HOSTS[site] ?? '', path);
  const [first = '', ...rest] = path.split('/');
  return rest.length > 1 ? joined(first, rest.join('/')) : joined('github.com', path);
}

function joined(host: string, path: string): string | undefined {
  const lowerHost = host.toLowerCase().replace(/^www\./, '');
  // GitLab groups nest, and `/-/` separates a repository from what is shown of it.
  const parts = (path.toLowerCase().split(/[#?]|\/-\//, 1)[0] ?? '').split('/').filter((part) => part !== '');
  const repository = TWO_PART_HOSTS.includes(lowerHost) ? parts.slice(0, 2) : parts;
  const name = repository.pop()?.replace(/\.git$/, '') ?? '';
  if (lowerHost === '' || name === '' || repository.length === 0) return undefined;
  return [lowerHost, ...repository, name].join('/');
}

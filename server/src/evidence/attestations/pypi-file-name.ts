/**
 * Whether two names are of the same file of a Python package: what wheels and source archives are called may differ in
 * case, separators, the order of tags and the spelling of versions. Names that cannot be parsed are the same only if equal.
 * @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 * @see https://packaging.python.org/en/latest/specifications/source-distribution-format/
 */
export function isSamePypiFile(one: string, other: string): boolean {
  return one === other || (canonical(one) !== undefined && canonical(one) === canonical(other));
}

const MAXIMUM_LENGTH = 500;

function canonical(fileName: string): string | undefined {
  if (fileName.length > MAXIMUM_LENGTH) return undefined;
  if (fileName.endsWith('.whl')) return canonicalWheel(fileName.slice(0, -'.whl'.length));
  const archive = /^(.+)-([^-]+)\.(?:tar\.gz|zip)$/.exec(fileName);
  const version = canonicalVersion(archive?.[2] ?? '');
  return archive === null || version === undefined ? undefined : `${canonicalName(archive[1] ?? '')} ${version}`;
}

function canonicalWheel(stem: string): string | undefined {
  const parts = stem.split('-');
  const [name = '', versionText = ''] = parts;
  const version = canonicalVersion(versionText);
  const build = parts.length === 6 ? parts[2] : '';
  if ((parts.length !== 5 && parts.length !== 6) || version === undefined || build === undefined) return undefined;
  // Each of the three may be several tags, joined by dots in any order.
  const tags = parts.slice(-3).map((set) => set.toLowerCase().split('.').sort().join('.'));
  return [canonicalName(name), version, build, ...tags].join(' ');
}

/** @see https://packaging.python.org/en/latest/specifications/name-normalization/ */
function canonicalName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

const PHASES: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };

/** @see https://packaging.python.org/en/latest/specifications/version-specifiers/#normalization */
function canonicalVersion(text: string): string | undefined {
  const match = VERSION.exec(text.toLowerCase());
  if (match === null) return undefined;
  const [, epoch, release = '', phase, phaseNumber, barePost, post, postNumber, dev, devNumber, local] = match;
  const numbers = release
    .split('.')
    .map(bareNumber)
    .join('.')
    .replace(/(?:\.0)+$/, '');
  return [
    `${bareNumber(epoch)}!${numbers}`,
    phase === undefined ? '' : `${PHASES[phase] ?? phase}${bareNumber(phaseNumber)}`,
    barePost === undefined && post === undefined ? '' : `.post${bareNumber(barePost ?? postNumber)}`,
    dev === undefined ? '' : `.dev${bareNumber(devNumber)}`,
    local === undefined ? '' : `+${local.split(/[-_.]/).map(localPart).join('.')}`,
  ].join('');
}

/** Without leading zeros; what is left out is zero. */
function bareNumber(digits: string | undefined): string {
  return (digits ?? '').replace(/^0+(?=\d)/, '') || '0';
}

function localPart(part: string): string {
  return /^\d+$/.test(part) ? bareNumber(part) : part;
}

import type { Specifier } from '../../core/manifest.ts';
import type { Span } from '../../core/span.ts';
import { nameProblem } from './package-name.ts';
import { isPlainRange, npmVersions } from './version.ts';

/** What a line asks for, and the name that the registry knows it by. */
export interface ReadSpecifier {
  readonly packageName: string;
  readonly specifier: Specifier;
}

/**
 * Reads the value of a dependency by the rules of npm, and the protocols that pnpm, yarn and bun add to them.
 * `valueSpan` is the place of the value without its quotes.
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies
 */
export function parseSpecifier(name: string, value: string, valueSpan: Span): ReadSpecifier {
  const trouble = nameProblem(name);
  if (trouble !== undefined) return { packageName: name, specifier: { kind: 'invalid', reason: trouble } };
  const text = value.trim();
  const place = trimmedSpan(value, text, valueSpan);
  // Most lines, and each is read again at every keystroke.
  if (isPlainRange(text)) return { packageName: name, specifier: { kind: 'range', range: text, rangeSpan: place } };
  if (text.startsWith('npm:')) return aliasOf(name, text.slice('npm:'.length), place);
  if (text.startsWith('workspace:')) return workspaceOf(name, text.slice('workspace:'.length));
  return { packageName: name, specifier: plainSpecifier(text, place) };
}

/**
 * The place of a value without the white space around it. When the value is written with escapes, offsets inside it mean
 * nothing: the place is the whole value then, which is longer than the text.
 */
function trimmedSpan(value: string, text: string, valueSpan: Span): Span {
  if (valueSpan.end - valueSpan.start !== value.length) return valueSpan;
  const start = valueSpan.start + value.length - value.trimStart().length;
  return text === '' ? valueSpan : { start, end: start + text.length };
}

/** The place of the last characters of `span`, if it can be told. */
function endOf(span: Span, textLength: number, tailLength: number): Span {
  return span.end - span.start === textLength ? { start: span.end - tailLength, end: span.end } : span;
}

/** `npm:real-name@range`, `npm:real-name`, and the `npm:range` of bun and yarn, which names no other package. */
function aliasOf(name: string, target: string, span: Span): ReadSpecifier {
  const length = 'npm:'.length + target.length;
  if (npmVersions.isRange(target)) {
    return { packageName: name, specifier: rangeOrTag(target, endOf(span, length, target.length)) };
  }
  const at = target.indexOf('@', 1);
  const packageName = at === -1 ? target : target.slice(0, at);
  const range = at === -1 ? '' : target.slice(at + 1);
  const trouble = nameProblem(packageName);
  if (trouble !== undefined) return { packageName: name, specifier: { kind: 'invalid', reason: trouble } };
  // Without a range there is no place to write one: the whole value then is longer than the empty range.
  return { packageName, specifier: rangeOrTag(range, at === -1 ? span : endOf(span, length, range.length)) };
}

/** `workspace:^`, `workspace:../path`, and the alias `workspace:name@range`. */
function workspaceOf(name: string, target: string): ReadSpecifier {
  const at = target.indexOf('@', 1);
  const aliased = at > 0 && nameProblem(target.slice(0, at)) === undefined;
  return {
    packageName: aliased ? target.slice(0, at) : name,
    specifier: { kind: 'workspace', range: aliased ? target.slice(at + 1) : target },
  };
}

function plainSpecifier(text: string, span: Span): Specifier {
  const protocol = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (isPath(text)) return { kind: 'file', path: text };
  if (protocol !== undefined) return byProtocol(protocol, text.slice(protocol.length + 1), text);
  if (/^[\w.-]+@[\w.-]+:./.test(text)) return { kind: 'git', url: text };
  if (/^[\w-][\w.-]*\/[\w.-]+(?:#.*)?$/.test(text)) return { kind: 'git', url: `github:${text}` };
  if (/\.(?:tgz|tar\.gz|tar)$/i.test(text)) return { kind: 'file', path: text };
  return rangeOrTag(text, span);
}

function isPath(text: string): boolean {
  return /^(?:\.{1,2}(?:[/\\]|$)|~?\/|[a-z]:[/\\])/i.test(text);
}

function byProtocol(protocol: string, rest: string, text: string): Specifier {
  switch (protocol) {
    case 'file':
      return { kind: 'file', path: rest };
    case 'link':
    case 'portal':
      return { kind: 'link', path: rest };
    case 'catalog':
      return { kind: 'catalog', catalog: rest.trim() || 'default' };
    case 'github':
    case 'gitlab':
    case 'bitbucket':
    case 'gist':
    case 'sourcehut':
    case 'git':
    case 'ssh':
    case 'git+ssh':
    case 'git+https':
    case 'git+http':
    case 'git+file':
      return { kind: 'git', url: withoutCredentials(text) };
    case 'http':
    case 'https':
      return webAddress(withoutCredentials(text));
    default:
      return {
        kind: 'invalid',
        reason: `the protocol "${protocol}:" is not one that npm packages can be looked up by`,
      };
  }
}

/** A web address is a tarball, unless it is the page of a repository, which npm clones. */
function webAddress(url: string): Specifier {
  if (!URL.canParse(url)) return { kind: 'invalid', reason: 'it is not a web address' };
  const { hostname, pathname } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  const isForge = hostname === 'github.com' || hostname === 'gitlab.com' || hostname === 'bitbucket.org';
  if (pathname.endsWith('.git') || (isForge && (parts.length === 2 || parts[2] === 'tree')))
    return { kind: 'git', url };
  return { kind: 'tarball', url };
}

/** What a line shows of an address must not hold the token or password that was written into it. The user of SSH is neither. */
function withoutCredentials(url: string): string {
  return url.replace(/^((?:git\+)?https?:\/\/)[^/@\s]*@/i, '$1').replace(/^([a-z+]+:\/\/[^/@\s:]*):[^/@\s]*@/i, '$1@');
}

function rangeOrTag(text: string, rangeSpan: Span): Specifier {
  if (npmVersions.isRange(text)) return { kind: 'range', range: text, rangeSpan };
  if (/^[\w.~!*'()-]+$/.test(text)) return { kind: 'tag', tag: text, rangeSpan };
  const reason = `"${text.slice(0, 80)}" is neither a version range nor a tag`;
  return { kind: 'invalid', reason, range: text, rangeSpan };
}

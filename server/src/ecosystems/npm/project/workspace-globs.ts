/** Tells whether a folder, written relative to the workspace root with `/` between its parts, is a member. */
export type MemberMatcher = (folder: string) => boolean;

const MAX_PATTERNS = 2_000;
const MAX_PATTERN_LENGTH = 500;
const MAX_ALTERNATIVES = 64;

interface Pattern {
  readonly isNegated: boolean;
  readonly segments: readonly string[];
}

/**
 * The members that a list of patterns names: `*`, `?`, `**`, `{a,b}`, `!`, a leading `./`, trailing slashes.
 * For npm the last pattern that matches decides; for pnpm (`negation: 'always'`) a negated one always wins.
 * Nothing here becomes a regular expression, since the patterns come from the workspace.
 */
export function memberMatcher(patterns: readonly string[], negation: 'in-order' | 'always'): MemberMatcher {
  const parsed = patterns.slice(0, MAX_PATTERNS).flatMap(parsePattern);
  return (folder) => {
    const parts = folder.split('/');
    const matches = ({ isNegated, segments }: Pattern): boolean => matchesSegments(segments, parts, isNegated);
    if (negation === 'in-order') return parsed.findLast(matches)?.isNegated === false;
    return parsed.some((it) => !it.isNegated && matches(it)) && !parsed.some((it) => it.isNegated && matches(it));
  };
}

function parsePattern(text: string): Pattern[] {
  if (text.length > MAX_PATTERN_LENGTH) return [];
  const isNegated = text.startsWith('!');
  return alternatives(isNegated ? text.slice(1) : text).map((pattern) => ({
    isNegated,
    segments: pattern.split('/').filter((segment) => segment !== '' && segment !== '.'),
  }));
}

/** `a/{b,c}` as `a/b` and `a/c`. Braces inside braces are taken apart from the inside. */
function alternatives(pattern: string): string[] {
  const done: string[] = [];
  const waiting = [pattern];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const close = next.indexOf('}');
    const open = close === -1 ? -1 : next.lastIndexOf('{', close);
    if (open === -1 || done.length + waiting.length > MAX_ALTERNATIVES) {
      done.push(next);
      continue;
    }
    const choices = next.slice(open + 1, close).split(',');
    for (const choice of choices) waiting.push(next.slice(0, open) + choice + next.slice(close + 1));
  }
  return done;
}

/** Keeps only the last `**` to go back to, so the work is at most the product of both lengths. */
function matchesSegments(segments: readonly string[], parts: readonly string[], hidden: boolean): boolean {
  return matchWithStar(segments.length, parts.length, {
    isStar: (index) => segments[index] === '**',
    matches: (index, place) => matchesName(segments[index] ?? '', parts[place] ?? '', hidden),
    mayCover: (place) => hidden || parts[place]?.startsWith('.') !== true,
  });
}

function matchesName(segment: string, name: string, hidden: boolean): boolean {
  // A star does not stand for the dot of a hidden folder.
  if (name.startsWith('.') && !segment.startsWith('.') && !hidden) return false;
  return matchWithStar(segment.length, name.length, {
    isStar: (index) => segment[index] === '*',
    matches: (index, place) => segment[index] === '?' || segment[index] === name[place],
    mayCover: () => true,
  });
}

interface Wildcards {
  readonly isStar: (index: number) => boolean;
  readonly matches: (index: number, place: number) => boolean;
  readonly mayCover: (place: number) => boolean;
}

function matchWithStar(patternLength: number, textLength: number, { isStar, matches, mayCover }: Wildcards): boolean {
  let index = 0;
  let place = 0;
  let star = -1;
  let covered = 0;
  while (place < textLength) {
    if (index < patternLength && isStar(index)) {
      star = index++;
      covered = place;
    } else if (index < patternLength && matches(index, place)) {
      index++;
      place++;
    } else if (star !== -1 && mayCover(covered)) {
      index = star + 1;
      place = ++covered;
    } else return false;
  }
  while (index < patternLength && isStar(index)) index++;
  return index === patternLength;
}

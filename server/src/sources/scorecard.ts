import { SourceError, type Scorecard } from '../core/evidence.ts';
import type { HttpRequest } from '../core/ports.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { decodeJson } from './json-answer.ts';
import { field, recordsAt, textAt } from '../core/json-fields.ts';
import { plainLine } from './plain-text.ts';

/** `github.com/owner/name` in the form that Scorecard's addresses have; undefined for anything else. */
export function scorecardKey(repository: string): string | undefined {
  const match = /^github\.com\/([A-Za-z0-9-]{1,100})\/([A-Za-z0-9._-]{1,100})$/i.exec(repository);
  if (match === null) return undefined;
  const [, owner = '', name = ''] = match;
  const bare = name.replace(/\.git$/i, '');
  return bare === '' || bare === '.' || bare === '..' ? undefined : `github.com/${owner}/${bare}`.toLowerCase();
}

/**
 * @param key as {@link scorecardKey} makes it.
 * @see https://api.scorecard.dev
 */
export function scorecardRequest(base: string, key: string): HttpRequest {
  return {
    method: 'GET',
    url: `${base}projects/${key}`,
    headers: { accept: 'application/json' },
    timeoutMs: 10_000,
    maxBytes: 4_000_000,
  };
}

export function decodeScorecard(body: Uint8Array, key: string): Scorecard {
  const scorecard = scorecardOf(decodeJson(SOURCE_LABELS.scorecard, body), key);
  if (scorecard !== undefined) return scorecard;
  throw new SourceError('bad-answer', `${SOURCE_LABELS.scorecard} sent a document without a score`);
}

/** The same fields are stored as came, so one decoder reads both. Negative scores of checks mean "inconclusive". */
export function scorecardOf(value: unknown, key: string): Scorecard | undefined {
  const score = field(value, 'score');
  const date = /^\d{4}-\d{2}-\d{2}/.exec(textAt(value, 'date') ?? '')?.[0];
  if (typeof score !== 'number' || score < 0 || score > 10 || date === undefined) return undefined;
  const checks = recordsAt(value, 'checks')
    .slice(0, 50)
    .flatMap((check) => {
      const name = textAt(check, 'name');
      const points = field(check, 'score');
      if (name === undefined || typeof points !== 'number') return [];
      return [{ name: plainLine(name, 60), score: points, reason: plainLine(textAt(check, 'reason') ?? '', 300) }];
    });
  return { score: Math.round(score * 10) / 10, date, repository: key, checks };
}

import { SourceError } from '../core/evidence.ts';
import { hostOf } from './connection-error.ts';

/** What a request is refused with whose answer is longer than it may be. */
export function tooLarge(request: { readonly url: string; readonly maxBytes: number }): SourceError {
  const megabytes = Math.round((request.maxBytes / 1_000_000) * 10) / 10;
  return new SourceError('too-large', `${hostOf(request.url)} sent more than ${megabytes} MB`);
}

import { SourceError, type UnknownCode } from '../core/evidence.ts';

const NAME_ERRORS: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);

const TIME_ERRORS: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const ANSWER_ERRORS: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'Z_DATA_ERROR',
  'Z_BUF_ERROR',
]);

/** What Node and OpenSSL call a certificate that does not convince them, and a handshake that failed. */
const TLS_ERROR =
  /CERT|^ERR_TLS_|^ERR_SSL_|^UNABLE_TO_|^EPROTO$|SELF_SIGNED|^HOSTNAME_MISMATCH$|^INVALID_(CA|PURPOSE)$/;

/**
 * The failure of a connection as a {@link SourceError}: the cause is kept, the code is one of ours, the message names
 * the host but never the path, which may hold what the user would not want in a log.
 */
export function connectionError(error: unknown, url: string): SourceError {
  if (error instanceof SourceError) return error;
  const systemCode = systemCodeOf(error);
  const code = sourceCodeOf(systemCode);
  return new SourceError(code, connectionSentence(code, url, systemCode), { cause: error });
}

/** What happened to a connection, for people; `detail` is what the system calls it and may be empty. */
export function connectionSentence(code: UnknownCode, url: string, detail: string): string {
  return `${hostOf(url)} ${SENTENCES[code] ?? 'could not be reached'}${suffix(detail)}`;
}

/** Our code for a code of Node, undici or OpenSSL. */
export function sourceCodeOf(systemCode: string): UnknownCode {
  if (NAME_ERRORS.has(systemCode)) return 'dns';
  if (TIME_ERRORS.has(systemCode)) return 'timeout';
  if (TLS_ERROR.test(systemCode)) return 'tls';
  if (ANSWER_ERRORS.has(systemCode) || systemCode.startsWith('HPE_') || systemCode.startsWith('ERR__ERROR_FORMAT')) {
    return 'bad-answer';
  }
  return 'connection';
}

/** The host of a URL for messages; the whole text is never shown, since it may carry a secret. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the host';
}

const SENTENCES: Readonly<Partial<Record<UnknownCode, string>>> = {
  dns: 'was not found by name',
  timeout: 'did not answer in time',
  tls: 'showed a certificate that is not trusted here',
  connection: 'could not be reached',
  'bad-answer': 'sent an answer that cannot be read',
  'too-large': 'sent a longer answer than is read',
  refused: 'refused the request',
  offline: 'cannot be reached offline',
};

function suffix(systemCode: string): string {
  return systemCode === '' ? '' : ` (${systemCode})`;
}

/** The code of an error, or of the first error in its chain of causes that has one. */
function systemCodeOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5; depth++) {
    if (typeof current !== 'object' || current === null) return '';
    if ('code' in current && typeof current.code === 'string') return current.code;
    if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0];
    else current = 'cause' in current ? current.cause : undefined;
  }
  return '';
}

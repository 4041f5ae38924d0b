/** A mark below a line: what is said of the characters that its carets stand under. Offsets are in the text without marks. */
export interface Annotation {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

export interface Marked {
  /** Texts by path, all marks removed. */
  readonly files: Readonly<Record<string, string>>;
  readonly cursor: { readonly path: string; readonly offset: number } | undefined;
  readonly annotations: readonly Annotation[];
}

/** The path of a text that names none. */
export const DEFAULT_PATH = 'package.json';

const CURSOR = '$0';
const HEADER = /^-- (.+) --$/;
const CARETS = /^( *)(\^+) (\S+) (\S+): (.*)$/;

/**
 * Reads files with marks: `-- path --` begins a file, `$0` is the cursor, and a line of carets annotates the line above
 * it with `severity code: message`. The columns of carets count without the cursor mark.
 */
export function parseMarked(text: string): Marked {
  const files: Record<string, string> = {};
  const annotations: Annotation[] = [];
  let cursor: Marked['cursor'];
  let path = DEFAULT_PATH;
  let lines: string[] = [];
  let length = 0;
  const finish = (): void => {
    if (lines.length > 0) files[path] = lines.join('\n');
    lines = [];
    length = 0;
  };
  for (const raw of text.split('\n')) {
    const header = HEADER.exec(raw)?.[1];
    const carets = CARETS.exec(raw);
    if (header !== undefined) {
      // A file ends with a line break, which the header's own line took.
      if (lines.length > 0) lines.push('');
      finish();
      path = header;
    } else if (carets) {
      const [, indent = '', marks = '', severity = '', code = '', message = ''] = carets;
      const start = length - 1 - (lines.at(-1)?.length ?? 0) + indent.length;
      annotations.push({ path, start, end: start + marks.length, severity, code, message });
    } else {
      const column = raw.indexOf(CURSOR);
      if (column !== -1 && cursor) throw new Error('a marked text has one cursor at most');
      if (column !== -1) cursor = { path, offset: length + column };
      const line = column === -1 ? raw : raw.slice(0, column) + raw.slice(column + CURSOR.length);
      lines.push(line);
      length += line.length + 1;
    }
  }
  finish();
  return { files, cursor, annotations };
}

/** The text of {@link parseMarked} for these files and annotations, to be shown where a check fails. */
export function renderMarked({ files, cursor, annotations }: Marked): string {
  const paths = Object.keys(files);
  const withHeaders = paths.length !== 1 || paths[0] !== DEFAULT_PATH;
  return paths
    .map((path) => (withHeaders ? `-- ${path} --\n` : '') + renderFile(path, files, cursor, annotations))
    .join('');
}

function renderFile(
  path: string,
  files: Marked['files'],
  cursor: Marked['cursor'],
  annotations: Marked['annotations'],
): string {
  const out: string[] = [];
  let start = 0;
  for (const line of (files[path] ?? '').split('\n')) {
    const end = start + line.length;
    const column = cursor?.path === path && cursor.offset >= start && cursor.offset <= end ? cursor.offset - start : -1;
    out.push(column === -1 ? line : line.slice(0, column) + CURSOR + line.slice(column));
    for (const mark of annotations) {
      if (mark.path !== path || mark.start < start || mark.start > end) continue;
      const carets = '^'.repeat(Math.max(1, Math.min(mark.end, end) - mark.start));
      out.push(`${' '.repeat(mark.start - start)}${carets} ${mark.severity} ${mark.code}: ${mark.message}`);
    }
    start = end + 1;
  }
  return out.join('\n');
}

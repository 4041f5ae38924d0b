/**
 * Remote text as one line without anything that moves a cursor or turns the reading direction: control characters,
 * line separators, bidirectional marks, zero-width characters. Longer text ends with an ellipsis.
 */
export function plainLine(text: string, maxLength: number): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text;
  const line = text
    .slice(0, maxLength * 4)
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')
    .trim();
  const cut = line.length > maxLength || (line !== '' && text.length > maxLength * 4);
  return (cut ? `${line.slice(0, maxLength - 1)}…` : line).toWellFormed();
}

/** The first line of a Markdown text that says something: headings are skipped, unless there is nothing else. */
export function firstLine(markdown: string, maxLength: number): string {
  let heading = '';
  for (const raw of markdown.slice(0, 20_000).split(/\r\n|\r|\n/, 200)) {
    const line = plainLine(raw, maxLength);
    if (!line.startsWith('#')) {
      if (line !== '' && !/^[-=*_]{3,}$/.test(line)) return line;
    } else if (heading === '') {
      heading = line.replace(/^#+ */, '');
    }
  }
  return heading;
}

/** Words of ASCII with one space between them: nothing to do. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

const SPACES = /[\s\u0085]+/g;

const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

/** C1 controls, line separators and what turns the reading direction. They stand inside strings only. */
const UNPRINTABLE = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu;

/** One JSON object with a line end, without a character that a terminal would act on: those are written as `\uXXXX`. */
export function jsonText(value: object): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(UNPRINTABLE, escapeUnits)}\n`;
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let at = 0; at < character.length; at++) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

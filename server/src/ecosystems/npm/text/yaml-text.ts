/** Names and versions stand as they are; three numbers are none to YAML. */
export function yamlText(text: string): string {
  const isPlain = /^(?:[A-Za-z]|\d+\.\d+\.\d)[\w./+-]*$/.test(text) && !YAML_WORD.test(text);
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`;
}

/** Words that are no text to YAML 1.1 or 1.2. */
const YAML_WORD = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

import { oneLine } from './words.ts';

/** Remote text as Markdown that shows exactly that text: no markup, HTML, entities, or links by themselves. */
export function escapeMarkdown(text: string, limit = 300): string {
  return oneLine(text, limit)
    .replace(/[\\`*_{}[\]()#+\-.!|~$^=>]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/:\/\//g, '&#58;//')
    .replace(/@/g, '&#64;')
    .replace(/www\\\./gi, 'www&#46;');
}

/** Remote text inside of HTML within Markdown, where no markup but HTML's own is read. */
export function escapeHtml(text: string, limit = 300): string {
  return oneLine(text, limit).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/@/g, '&#64;');
}

/** A link to a page that we chose, with remote text as its label. The address may hold remote text as well. */
export function link(label: string, url: string): string {
  return `[${escapeMarkdown(label)}](${url.replace(/[^\w\-.~:/?#@!$&*+,;=%]/gu, percentEncoded)})`;
}

/** Parentheses and quotes too, which `encodeURI` leaves and which would end a link's address. */
function percentEncoded(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

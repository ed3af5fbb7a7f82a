/**
 * What a terminal obeys, or what makes a text look like another one: control characters of both ranges, line and
 * paragraph separators, and marks of direction (Boucher, Anderson 2021, Trojan Source).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant.
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/g;

/** A text with such characters as escapes, \u001b, which JSON reads back; line ends stay where `kept` says so. */
export function printable(text: string, kept: 'lines' | 'none' = 'none'): string {
  return text.replace(OBEYED, (sign) => {
    if (sign === '\n' && kept === 'lines') return sign;
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

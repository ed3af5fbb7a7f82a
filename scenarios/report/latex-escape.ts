const SPECIAL: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '–': '--',
  '—': '---',
  '…': '\\dots{}',
  '“': '``',
  '”': "''",
};

/**
 * Text that LaTeX sets as it stands. Other characters than ASCII and accented Latin letters are named by their numbers:
 * LaTeX stops at them.
 */
export function escapeText(text: string): string {
  return text.replace(/[\\~^<>–—…“”]|[&%$#_{}]|[^\x20-\x7eÀ-ÖØ-öø-ÿ]/gu, (character) => {
    if (character in SPECIAL) return SPECIAL[character];
    return /[&%$#_{}]/.test(character) ? `\\${character}` : `[U+${codeOf(character)}]`;
  });
}

function codeOf(character: string): string {
  return (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
}

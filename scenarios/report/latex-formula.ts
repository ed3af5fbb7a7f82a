/** Unicode mathematics as the inside of a LaTeX formula, and text that LaTeX sets as it stands. */

/** Commands by their characters. */
const COMMANDS = table(`α alpha β beta γ gamma δ delta ε varepsilon ζ zeta η eta θ theta κ kappa λ lambda μ mu ν nu ξ xi
  π pi ρ rho σ sigma τ tau φ varphi χ chi ψ psi ω omega Γ Gamma Δ Delta Λ Lambda Π Pi Σ Sigma Φ Phi Ψ Psi Ω Omega
  · cdot × times ± pm ≤ le ≥ ge ≠ ne ≈ approx ≲ lesssim ∼ sim → to ⇒ Rightarrow ↦ mapsto ∞ infty ∂ partial ∇ nabla ∈ in
  ⊂ subset ∝ propto √ surd ∫ int ⟨ langle ⟩ rangle ½ tfrac12 ℓ ell`);

const SYMBOLS: Record<string, string> = { '−': '-', '‖': '\\|', ℝ: '\\mathbb{R}', 𝒱: '\\mathcal{V}' };

const RAISED: Record<string, string> = {
  ...table('⁰ 0 ¹ 1 ² 2 ³ 3 ⁴ 4 ⁵ 5 ⁶ 6 ⁷ 7 ⁸ 8 ⁹ 9 ⁺ + ⁻ - ⁿ n ᵐ m ᵀ T ᵏ k'),
  ᵉ: '\\varepsilon ',
};

const LOWERED: Record<string, string> = {
  ...table('₀ 0 ₁ 1 ₂ 2 ₃ 3 ₄ 4 ₅ 5 ₆ 6 ₇ 7 ₈ 8 ₉ 9 ₊ + ₋ - ₓ x ₜ t ₙ n ₘ m ₕ h ₚ p ᵢ i ⱼ j'),
  ᵧ: '\\gamma ',
};

/** Words in pairs: characters and what stands for them. */
function table(words: string): Record<string, string> {
  return Object.fromEntries([...words.matchAll(/(\S+)\s+(\S+)/g)].map(([, character, name]) => [character, name]));
}

/** Words that LaTeX sets upright by a command of their own. */
const OPERATORS = new Set(['sup', 'inf', 'min', 'max', 'log', 'exp', 'lim', 'sin', 'cos', 'det']);

const BAR = '\u0304';
const HAT = '\u0302';
const MARKS = [COMMANDS, SYMBOLS, RAISED, LOWERED].flatMap(Object.keys);
const ACCENTS = new RegExp(`[${BAR}${HAT}]`, 'u');

/** Whether a word has a character that only mathematics has. */
export function isMathematics(word: string): boolean {
  return ACCENTS.test(word) || word.includes('|') || [...word].some((character) => MARKS.includes(character));
}

const raised = Object.keys(RAISED).join('');
const lowered = Object.keys(LOWERED).join('');

const LETTERS = `A-Za-zα-ωΑ-Ω0-9${BAR}${HAT}`;
/** What a script holds without braces: digits with their decimals, letters, and scripts of its own. */
const unbraced = (marks: string) => `(?:\\d+\\.\\d+)?[${LETTERS}${marks}]*`;
const BRACKETS = '\\((?:[^()]|\\([^()]*\\))*\\)';
const BRACES = '\\{(?:[^{}]|\\{[^{}]*\\})*\\}';

/** Runs of raised or lowered characters share one exponent: two in a row are an error in LaTeX. */
const PIECES = new RegExp(
  [
    `\\p{L}[${BAR}${HAT}]`,
    `[${raised}]+`,
    `[${lowered}]+`,
    `[\\^_]${BRACES}`,
    `[\\^_][−+-]?(?:${BRACKETS}|∞)`,
    `\\^[−+-]?(?=[${LETTERS}])${unbraced(raised + lowered)}`,
    `_[−+-]?(?=[${LETTERS}])${unbraced(lowered)}`,
    '\\*(?=$|\\()',
    'd[xyt](?![A-Za-z])',
    '(?<![A-Za-z])[pxyz][1-9](?!\\d)',
    '[A-Za-z]{2,}',
    '.',
  ].join('|'),
  'gsu',
);

/** "sup|Vᵉ−v|" → "\\sup|V^{\\varepsilon}-v|"; words of letters upright. */
export function formula(text: string): string {
  const pieces = (text.match(PIECES) ?? []).map(piece);
  return pieces
    .map((own, k) => (isSecond(pieces, k) ? `{}${own}` : own))
    .join('')
    .replace(/ +(?=[_^)|}]|$)/g, '');
}

/** Whether a script follows another one of its kind, with nothing but a script between: LaTeX stops at that. */
function isSecond(pieces: readonly string[], k: number): boolean {
  const [mark] = pieces[k];
  if (mark !== '^' && mark !== '_') return false;
  const start = pieces.slice(0, k).findLastIndex(([first]) => first !== '^' && first !== '_') + 1;
  const ofBase = mark === '_' && /^[pxyz]_/.test(pieces[start - 1] ?? '');
  return ofBase || pieces.slice(start, k).some(([first]) => first === mark);
}

function piece(text: string): string {
  const script = /^([\^_])(?:\{(.*)\}|(.+))$/su.exec(text);
  if (script !== null) return `${script[1]}{${formula(script[2] ?? script[3])}}`;
  if (text.length > 1 && text.endsWith(BAR)) return `\\bar{${formula(text.slice(0, -1))}}`;
  if (text.length > 1 && text.endsWith(HAT)) return `\\hat{${formula(text.slice(0, -1))}}`;
  const [first] = text;
  if (first in RAISED)
    return `^{${[...text]
      .map((character) => RAISED[character])
      .join('')
      .trim()}}`;
  if (first in LOWERED)
    return `_{${[...text]
      .map((character) => LOWERED[character])
      .join('')
      .trim()}}`;
  if (text === '*') return '^{*}';
  if (/^d[xyt]$/.test(text)) return text;
  if (/^[pxyz]\d$/.test(text)) return `${text[0]}_{${text[1]}}`;
  if (OPERATORS.has(text)) return `\\${text} `;
  if (text.length > 1 && /^[A-Za-z]+$/.test(text)) return `\\mathrm{${text}}`;
  if (text in COMMANDS) return `\\${COMMANDS[text]} `;
  return SYMBOLS[text] ?? escapeMath(text);
}

function escapeMath(text: string): string {
  if (text === '\\') return '\\backslash ';
  if (text === '^') return '\\hat{}';
  if (text === "'") return '\\prime ';
  if (text === '~') return '\\sim ';
  if (/[^\x20-\x7e]/u.test(text)) return `\\text{${escapeText(text)}}`;
  return /[&%$#_{}]/.test(text) ? `\\${text}` : text;
}

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

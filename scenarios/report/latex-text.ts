import { printable } from '../../src/input/printable.ts';

/**
 * Plain text with unicode mathematics as LaTeX: a word with a mathematical character in it becomes one $…$,
 * "sup|Vᵉ−v| on K" → "$\sup|V^{\varepsilon}-v|$ on K"; everything else is escaped.
 */
export function latexText(text: string): string {
  return printable(text.replace(/\s*[\n\r\t]\s*/g, ' '))
    .split(/(\s+|-(?=\p{L}{2,}))/u)
    .map((word) => (isMathematics(word) ? mathematics(word) : escapeText(word)))
    .join('');
}

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

function isMathematics(word: string): boolean {
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
    '[A-Za-z]{2,}',
    '.',
  ].join('|'),
  'gsu',
);

function mathematics(word: string): string {
  const [, core, tail] = /^(.*?)([.,;:]*)$/su.exec(word)!;
  return `$${latexSigns(core)}$${escapeText(tail)}`;
}

/** A row of mathematical signs and names as LaTeX in mathematics mode; everything else in it is escaped. */
export function latexSigns(text: string): string {
  return (text.match(PIECES) ?? [])
    .map(piece)
    .join('')
    .replace(/ +(?=[_^)|}]|$)/g, '');
}

function piece(text: string): string {
  const script = /^([\^_])(?:\{(.*)\}|(.+))$/su.exec(text);
  if (script !== null) return `${script[1]}{${latexSigns(script[2] ?? script[3])}}`;
  if (text.length > 1 && text.endsWith(BAR)) return `\\bar{${text.slice(0, -1)}}`;
  if (text.length > 1 && text.endsWith(HAT)) return `\\hat{${text.slice(0, -1)}}`;
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
  if (OPERATORS.has(text)) return `\\${text} `;
  if (text.length > 1 && /^[A-Za-z]+$/.test(text)) return `\\mathrm{${text}}`;
  if (text in COMMANDS) return `\\${COMMANDS[text]} `;
  return SYMBOLS[text] ?? escapeMath(text);
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
};

function escapeText(text: string): string {
  return text.replace(/[\\~^<>–—…]|[&%$#_{}]/gu, (character) => SPECIAL[character] ?? `\\${character}`);
}

function escapeMath(text: string): string {
  if (text === '\\') return '\\backslash ';
  if (text === '^') return '\\hat{}';
  if (text === '~') return '\\sim ';
  return /[&%$#_{}]/.test(text) ? `\\${text}` : text;
}

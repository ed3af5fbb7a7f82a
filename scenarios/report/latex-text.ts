import { printable } from '../../src/input/printable.ts';
import { escapeText, formula, isMathematics } from './latex-formula.ts';

/**
 * Plain text with unicode mathematics as LaTeX: what is mathematics becomes $…$, with the relations between its words,
 * "sup|Vᵉ − v exact| = 2e-3 on K" → "$\sup|V^{\varepsilon} - v\ \mathrm{exact}| = 2\cdot10^{-3}$ on $K$"; everything
 * else is escaped.
 */
export function latexText(text: string): string {
  const plain = printable(text.replace(/\s*[\n\r\t]\s*/g, ' ')).replace(/"([^"]*)"/g, '“$1”');
  const words = besideRelations(plain.split(/(\s+|-(?=\p{L}{2,}))/u).map(wordOf));
  let latex = '';
  for (let k = 0; k < words.length; ) {
    const end = formulaEnd(words, k);
    const [first, last] = [words[k], words[end]];
    latex += escapeText(first.before);
    const isPlain = first.kind === 'relation' || (first.kind === 'number' && !/^[-−]/.test(first.core));
    if (first.kind === 'text' || (isPlain && end === k)) latex += escapeText(first.core);
    else latex += `$${formulaOf(words.slice(k, end + 1))}$`;
    latex += escapeText(last.after);
    k = end + 1;
  }
  return latex;
}

/** A word with the punctuation around it. */
interface Word {
  readonly before: string;
  readonly core: string;
  readonly after: string;
  readonly kind: 'mathematics' | 'number' | 'relation' | 'text';
}

const NUMBER = /^[-−]?\d+(?:\.\d+)?$/;
/** 3.36e-3. */
const POWER = /^([-−]?\d+(?:\.\d+)?)e(-?\d+)$/;
const RELATION = /^[=<>≤≥≈≠≲∼→⇒↦·×±∈+−]$/;
/** Letters by themselves, but words and names of lists; x1; dx. */
const VARIABLE = /^(?:[B-HJ-Zb-hj-z]|[pxyz][1-9]|d[txy])\*?$/;
/** A function of variables, or the beginning of one. */
const FUNCTION = /^[A-Za-z]\*?\([a-z]\d?(?:,[a-z]\d?)*[,)]$/;

function wordOf(word: string): Word {
  const [, before, inner, after] = /^([(“]*)(.*?)([.,;:!?”]*)$/su.exec(word) as RegExpExecArray;
  // Brackets that the word does not open are closed behind it.
  const surplus = Math.min(/\)*$/.exec(inner)?.[0].length ?? 0, Math.max(0, -balance(inner)));
  const core = inner.slice(0, inner.length - surplus);
  const opened = balance(inner) > 0 && FUNCTION.test(inner + after[0]) ? after[0] : '';
  return {
    before,
    core: core + opened,
    after: inner.slice(inner.length - surplus) + after.slice(opened.length),
    kind: kindOf(core + opened),
  };
}

function kindOf(core: string): Word['kind'] {
  if (RELATION.test(core)) return 'relation';
  if (isMathematics(core) || VARIABLE.test(core) || FUNCTION.test(core) || POWER.test(core)) return 'mathematics';
  return NUMBER.test(core) ? 'number' : 'text';
}

/** Letters that are words too are variables beside a relation: a = 1. */
function besideRelations(words: readonly Word[]): Word[] {
  return words.map((word, k) => {
    const isBeside = [words[k - 2], words[k + 2]].some((other) => other?.kind === 'relation');
    return isBeside && /^[aAI]$/.test(word.core) ? { ...word, kind: 'mathematics' } : word;
  });
}

function balance(text: string): number {
  return [...text].reduce((open, character) => open + (character === '(' ? 1 : character === ')' ? -1 : 0), 0);
}

/** Whether what opens in a formula is closed. */
function isClosed(text: string): boolean {
  return balance(text) <= 0 && (text.match(/\|/g) ?? []).length % 2 === 0;
}

/** Most words and spaces that a bar or bracket waits for to be closed. */
const PATIENCE = 12;

/** Where the formula ends that begins with a word: at the word itself where there is none. */
function formulaEnd(words: Word[], start: number): number {
  const { kind } = words[start];
  if (kind === 'text' || kind === 'relation') return start;
  let end = kind === 'mathematics' ? closedAt(words, start) : start;
  for (;;) {
    const [space, relation, space2, next] = words.slice(end + 1, end + 5);
    const joins = words[end].after === '' && next !== undefined && isSpace(space) && isSpace(space2);
    if (!joins || relation.kind !== 'relation' || next.before + relation.before + relation.after !== '') return end;
    if (next.kind !== 'mathematics' && next.kind !== 'number') return end;
    end = next.kind === 'mathematics' ? closedAt(words, end + 4) : end + 4;
  }
}

function isSpace({ before, core, after }: Word): boolean {
  return before + core + after === ' ';
}

/** The word at which what a word opens is closed, a bracket behind it taken in; the word itself where that is far. */
function closedAt(words: Word[], start: number): number {
  let text = words[start].core;
  for (let end = start; end < Math.min(start + PATIENCE, words.length); end += 2) {
    if (end > start) text += words[end].core;
    if (isClosed(text)) return end;
    const { core, after } = words[end];
    if (after.startsWith(')') && isClosed(`${text})`)) {
      words[end] = { ...words[end], core: `${core})`, after: after.slice(1) };
      return end;
    }
    if (after !== '') return start;
    if (words[end + 1] === undefined || !isSpace(words[end + 1])) return start;
  }
  return start;
}

function formulaOf(words: readonly Word[]): string {
  return words
    .filter((word) => !isSpace(word))
    .map(({ core, kind }, k) => {
      const shown = latexOf(core);
      const [before, own] = [words[2 * k - 2]?.kind, kind];
      return k === 0 ? shown : `${own === 'relation' || before === 'relation' ? ' ' : '\\ '}${shown.trimStart()}`;
    })
    .join('');
}

/** 3.36e-3 as 3.36·10⁻³, 1e-4 as 10⁻⁴. */
function latexOf(core: string): string {
  const [, digits, power] = POWER.exec(core) ?? [];
  if (power === undefined) return formula(core);
  return `${digits === '1' ? '' : `${formula(digits)}\\cdot`}10^{${power}}`;
}

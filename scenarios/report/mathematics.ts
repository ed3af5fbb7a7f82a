/** Equations as LaTeX and MathML: formulas by their trees, what the program says of a problem by its signs. */
import temml from 'temml';
import { latexName, latexOf } from '../../src/formula/latex.ts';
import { parseFormula } from '../../src/formula/parser.ts';
import { InputError } from '../../src/input/input-error.ts';
import { type Html, html, joined, raw } from './html.ts';
import { formula } from './latex-formula.ts';

type Equations = readonly (readonly [string, string])[];

/** Names and formulas as mathematics; the same line is shown once. */
export function mathematicsList(equations: Equations): Html {
  // A parameter may have the letter of a coefficient.
  const shown = new Map(equations.map((row) => [`${nameLatex(row[0])}: ${row[1]}`, row]));
  const items = [...shown.values()].map(([name, text]) => {
    const latex = nameLatex(name);
    const parts = partsOf(text).map((part) => html`<span>${mathml(equationLatex(part))}</span>`);
    return html`<dt>${isWord(name) ? name : mathml(latex)}</dt><dd class="scroll" tabindex="0">${parts}</dd>`;
  });
  return html`<dl class="mathematics">\n${joined(items)}\n</dl>`;
}

/** Equations as an align* environment of amsmath. */
export function equationsLatex(equations: Equations): string {
  const lines = equations.map(([name, text]) => {
    return `  ${nameLatex(name)} &:\\; ${partsOf(text).map(equationLatex).join(',\\quad ')}`;
  });
  return `% requires \\usepackage{amsmath,amssymb}\n\\begin{align*}\n${lines.join(' \\\\\n')}\n\\end{align*}\n`;
}

/** Formulas in one line stand apart by a comma and two spaces. */
function partsOf(text: string): string[] {
  return text.split(/,\s{2,}/);
}

function isWord(name: string): boolean {
  return /^(?:ε-)?[A-Za-z]{3,}$/.test(name) && latexName(name.replace('ε-', '')).startsWith('\\mathrm');
}

function nameLatex(name: string): string {
  return isWord(name) ? `\\text{${name.replace('ε', '$\\varepsilon$')}}` : equationLatex(name);
}

/** MathML of LaTeX; what is no LaTeX stays as it is written. */
export function mathml(latex: string): Html {
  try {
    return raw(temml.renderToString(`\\displaystyle ${latex}`, { throwOnError: true }));
  } catch (error) {
    if (error instanceof Error) return html`<code>${latex}</code>`;
    throw error;
  }
}

/** A formula by its tree, everything else by its signs; no text gives a command that is not of this list. */
export function equationLatex(text: string): string {
  const names = text.match(/[A-Za-z]\w*/g) ?? [];
  // Words of a sentence are no product.
  if (names.every((name) => name.length <= LONGEST_NAME) && /^[\x20-\x7e]+$/.test(text)) {
    try {
      return latexOf(parseFormula(text, { names }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return signs(text);
}

/** Longer words are those of a sentence, but for functions and Greek letters. */
const LONGEST_NAME = 16;

/** What is set as more than a row of signs, with what it becomes; the groups are set in the same way. */
const STRUCTURES: readonly (readonly [RegExp, (...groups: string[]) => string])[] = [
  [/∂([a-zα-ω]?)\/∂([a-z]\d?)/u, (f, x) => `\\frac{\\partial ${f}}{\\partial ${x}}`],
  [/√\(([^()]*)\)/u, (inner) => `\\sqrt{${inner}}`],
  [/√(\d)/u, (inner) => `\\sqrt{${inner}}`],
  [/\((\d)\/([a-zα-ω])\)/u, (above, below) => `\\frac{${above}}{${below}}`],
  [/([a-zφ]\([^()]*\))\/(√?ε)/u, (above, below) => `\\frac{${above}}{${below}}`],
  [/√(ε)/u, (inner) => `\\sqrt{${inner}}`],
  [/½(s|r)\1ᵀ/u, (noise) => `\\tfrac12 ${noise}${noise}^{T}`],
  [/tr(?=\()/u, () => '\\operatorname{tr}'],
  [/([^\s+(−]*\|[^|\s]*\|[⁰-⁹²³]*|[a-zα-ω][²³]?)\/(\d+)/u, (above, below) => `\\frac{${above}}{${below}}`],
  [/(inf|min|max|sup) over (.*?) of /u, (of, over) => `\\${of}_{${over}} `],
  [/([DΔμ])_([a-z])/u, (of, by) => `${of}_{${by}}`],
  [/D²_([a-z])/u, (by) => `D^{2}_{${by}}`],
  [/D(?=v)/u, () => 'D'],
  [/e\^\(([^()]*)\)/u, (inner) => `e^{${inner}}`],
  [/(?<![A-Za-z\d])([A-Za-zα-ωφ])(\d+)(?![\w.])/u, (name, index) => `${name}_{${index}}`],
  [/(?<![A-Za-z])d(?=[XYWBtμ](?![A-Za-z]))/u, () => '\\,\\mathrm{d}'],
  [/(?<=∈ )R/u, () => '\\mathbb{R}'],
  [/E(?=\[)/u, () => '\\mathbb{E}'],
  [
    /(?<![A-Za-z\\])((?!(?:exp|inf|min|max|sup|log)\b)[A-Za-z]{2,}(?:[ -](?!d[XYWB])[A-Za-z]{2,})*)/u,
    (words) => `\\text{ ${words} }`,
  ],
];

/** A row of signs with the first structure in it, and what is beside and within it. */
function signs(text: string): string {
  const found = STRUCTURES.map(([pattern, set]) => ({ match: pattern.exec(text), set })).filter(
    (each): each is { match: RegExpExecArray; set: (...groups: string[]) => string } => each.match !== null,
  );
  if (found.length === 0) return formula(text);
  const { match, set } = found.reduce((first, each) => (each.match.index < first.match.index ? each : first));
  const groups = match.slice(1).map((group) => (/^[A-Za-z -]{2,}$/.test(group) ? group : signs(group)));
  const after = text.slice(match.index + match[0].length);
  // A command ends where a letter does.
  return [formula(text.slice(0, match.index)), set(...groups), signs(after)].reduce((left, right) =>
    /\\[A-Za-z]+$/.test(left) && /^[A-Za-z]/.test(right) ? `${left} ${right}` : left + right,
  );
}

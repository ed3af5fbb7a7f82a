import fc from 'fast-check';
import temml from 'temml';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../scenarios/report/html.ts';
import { equationLatex, equationsLatex, mathematicsList } from '../../scenarios/report/mathematics.ts';
import { latexName, latexOf } from '../../src/formula/latex.ts';
import { parseFormula } from '../../src/formula/parser.ts';
import { drawnTree } from '../drawn-formulas.ts';

const mathml = (latex: string) => temml.renderToString(latex, { throwOnError: true });

describe('formulas as LaTeX', () => {
  test.each([
    ['a*x1^2/2', '\\frac{a\\,x_{1}^{2}}{2}'],
    ['-(x-y)*gamma', '-(x - y)\\,\\gamma'],
    ['exp(-2*x^2)', 'e^{-2 x^{2}}'],
    ['exp(-x^2/2)', '\\exp\\left(-\\frac{x^{2}}{2}\\right)'],
    ['(x+1)^2*sqrt(abs(y))', '(x + 1)^{2}\\,\\sqrt{\\left|y\\right|}'],
    ['x*(-2)', 'x\\,(-2)'],
    ['x-(y-1)', 'x - (y - 1)'],
    ['2^(x/2)', '2^{x/2}'],
    ['log10(x)', '\\log_{10}(x)'],
    ['where(x <= 1, x, 1)', '\\begin{cases}x & x \\le 1\\\\1 & \\text{else}\\end{cases}'],
    ['2*where(x-1 <= 0, x, 1)', '2 \\begin{cases}x & x - 1 \\le 0\\\\1 & \\text{else}\\end{cases}'],
    ['learning_rate*1e-7', '\\mathrm{learning}_{\\mathrm{rate}}\\cdot 1\\cdot 10^{-7}'],
  ])('%s is %s', (text, latex) => {
    const names = text.match(/[A-Za-z]\w*/g) ?? [];
    expect(latexOf(parseFormula(text, { names }))).toBe(latex);
    mathml(latex);
  });

  test('every formula is LaTeX, with as many braces opened as closed', () => {
    fc.assert(
      fc.property(drawnTree(['x1', 'y', 'gamma', 'rate_max', 'a1_b']), (tree) => {
        const latex = latexOf(tree);
        expect(latex).toMatch(/^[\x20-\x7e]+$/);
        mathml(latex);
      }),
      { numRuns: 60 },
    );
  });

  test('a name is letters, digits and the commands of Greek letters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,12}$/), (name) => {
        expect(latexName(name).replace(/\\(?:mathrm|_|[a-z]+|[A-Z][a-z]+)/g, '')).toMatch(/^[A-Za-z0-9{}_]*$/);
        mathml(latexName(name));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the problem as mathematics', () => {
  test.each([
    ['∂f/∂x1', '\\frac{\\partial f}{\\partial x_{1}}'],
    ['dY = b(X,Y)/ε dt', '\\,\\mathrm{d}Y =\\frac{b(X,Y)}{\\varepsilon}\\,\\mathrm{d}t'],
    ['f(y) + γ|x−y|²/2', 'f(y) +\\frac{\\gamma|x-y|^{2}}{2}'],
    ['X ∈ R² slow', 'X \\in\\mathbb{R}^{2}\\text{ slow }'],
    ['inf over u of E[f(X_T)]', '\\inf_{u} \\mathbb{E}[f(X_{T})]'],
  ])('%s is %s', (text, latex) => {
    expect(equationLatex(text)).toBe(latex);
    mathml(latex);
  });

  test('no text of a scenario is a command or an element', () => {
    const attack = '\\href{javascript:x}{<img src=x>} \\input{a} $x$ </math><script>';
    const shown = textOf(mathematicsList([[attack, attack]]));
    expect(shown).not.toMatch(/<(?:img|script|a)\b/);
    expect(equationsLatex([['f', attack]])).not.toMatch(/\\(?:href|input)/);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        expect(textOf(mathematicsList([['f', text]]))).not.toMatch(/<(?:img|script|a|svg)\b/i);
      }),
      { numRuns: 60 },
    );
  });
});

import { ATOM, COMPARISON, POWER, PRODUCT, SIGN, SUM } from './binding.ts';
import type { Tree } from './tree.ts';

/**
 * A formula as LaTeX in mathematics mode: fractions, powers, roots and e^… as such, x1 as x_{1}, gamma as \gamma. Names
 * and numbers reach the text as letters and digits alone, so that nothing of a formula can be a command.
 */
export function latexOf(tree: Tree): string {
  return shown(tree, false).latex;
}

const GREEK = new Set(
  (
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi ' +
    'omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'
  ).split(' '),
);

/** A name of formulas: x1 and x_1 as x_{1}, gamma as \gamma, rate_max as \mathrm{rate}_{\mathrm{max}}. */
export function latexName(name: string): string {
  const [, base, index] = /^([^\W\d_]+)_?(\w*)$/.exec(name) ?? ['', name, ''];
  const body = word(base);
  return index === '' ? body : `${body}_{${/^\d+$/.test(index) ? index : word(index)}}`;
}

function word(letters: string): string {
  if (/^[A-Za-z0-9]$/.test(letters)) return letters;
  if (letters === 'epsilon' || letters === 'phi') return `\\var${letters}`;
  return GREEK.has(letters) ? `\\${letters}` : `\\mathrm{${letters.replace(/[^A-Za-z0-9]/g, '\\_')}}`;
}

interface Shown {
  readonly latex: string;
  /** How tightly its outermost operation binds. */
  readonly power: number;
}

/** Functions that LaTeX has a command for; others are set upright by their names. */
const COMMANDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['sin', 'cos', 'tan', 'sec', 'sinh', 'cosh', 'tanh', 'exp', 'log', 'min', 'max'].map((name) => [name, `\\${name}`]),
  ),
  ...{ asin: '\\arcsin', acos: '\\arccos', atan: '\\arctan', log10: '\\log_{10}' },
};

const RELATIONS = { '<': '<', '<=': '\\le', '>': '>', '>=': '\\ge' } as const;

function shown(tree: Tree, inScript: boolean): Shown {
  if (tree.kind === 'number') return shownNumber(tree.value);
  if (tree.kind === 'name') return { latex: latexName(tree.name), power: ATOM };
  const [a, b] = tree.operands;
  const within = (operand: Tree, least: number, script = inScript): string => {
    const { latex, power } = shown(operand, script);
    return power < least ? bracketed(latex) : latex;
  };
  /** What stands to the right of an operation does not begin with a sign. */
  const right = (operand: Tree, least: number): string => {
    const latex = within(operand, least);
    return latex.startsWith('-') ? bracketed(latex) : latex;
  };
  switch (tree.operation) {
    case 'negate':
      return { latex: `-${right(a, PRODUCT)}`, power: SIGN };
    case '+':
    case '-':
      return sum(tree.operation, within(a, SUM), b, right);
    case '*':
      return { latex: product(within(a, PRODUCT), right(b, PRODUCT)), power: PRODUCT };
    case '/':
      if (inScript) return { latex: `${within(a, PRODUCT)}/${right(b, ATOM)}`, power: PRODUCT };
      return fraction(shown(a, inScript), within(b, SUM));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { latex: `${within(a, SUM)} ${RELATIONS[tree.operation]} ${within(b, SUM)}`, power: COMPARISON };
    case '^':
    case 'pow':
      return { latex: `${within(a, ATOM)}^{${within(b, SUM, true)}}`, power: POWER };
    default:
      return called(tree.operation, tree.operands, inScript);
  }
}

function sum(operation: string, left: string, b: Tree, right: (operand: Tree, least: number) => string): Shown {
  if (b.kind === 'number' && b.value < 0) {
    return { latex: `${left} ${operation === '+' ? '-' : '+'} ${shownNumber(-b.value).latex}`, power: SUM };
  }
  return { latex: `${left} ${operation} ${right(b, operation === '-' ? PRODUCT : SUM)}`, power: SUM };
}

/** A sign stands before the fraction. */
function fraction({ latex, power }: Shown, below: string): Shown {
  const sign = latex.startsWith('-') && power > SUM ? '-' : '';
  return { latex: `${sign}\\frac{${latex.slice(sign.length)}}{${below}}`, power: sign === '' ? POWER : SIGN };
}

/** 2x, 2\cdot 3, a\,x: what is not plainly a product has a sign or a space of its own. */
function product(left: string, right: string): string {
  if (/^\d/.test(right)) return `${left}\\cdot ${right}`;
  return /^-?[\d.]+$/.test(left) ? `${left} ${right}` : `${left}\\,${right}`;
}

function called(operation: string, operands: readonly Tree[], inScript: boolean): Shown {
  const [first, ...others] = operands;
  const inner = shown(first, inScript).latex;
  if (operation === 'sqrt') return { latex: `\\sqrt{${inner}}`, power: ATOM };
  if (operation === 'where') {
    const [condition, then, other] = operands.map((operand) => shown(operand, inScript).latex);
    return { latex: `\\begin{cases}${then} & ${condition}\\\\${other} & \\text{else}\\end{cases}`, power: ATOM };
  }
  if (operation === 'abs') return { latex: `\\left|${inner}\\right|`, power: ATOM };
  // An exponent within an exponent, or with a fraction in it, is too small to read.
  if (operation === 'exp' && !inScript && !inner.includes('\\frac') && !inner.includes('e^{')) {
    return { latex: `e^{${shown(first, true).latex}}`, power: POWER };
  }
  const name = COMMANDS[operation] ?? `\\operatorname{${operation.replace(/[^A-Za-z0-9]/g, '')}}`;
  const list = [inner, ...others.map((operand) => shown(operand, inScript).latex)];
  return { latex: `${name}${bracketed(list.join(', '))}`, power: POWER };
}

/** Brackets grow only around what is taller than a line. */
function bracketed(latex: string): string {
  return latex.includes('\\frac') ? `\\left(${latex}\\right)` : `(${latex})`;
}

function shownNumber(value: number): Shown {
  if (value === Math.PI) return { latex: '\\pi', power: ATOM };
  if (value === Math.E) return { latex: 'e', power: ATOM };
  if (!Number.isFinite(value)) return { latex: `\\text{${value}}`, power: ATOM };
  const [digits, exponent] = String(Number(value.toPrecision(12))).split('e');
  if (exponent === undefined) return { latex: digits, power: digits.startsWith('-') ? SIGN : ATOM };
  return { latex: `${digits}\\cdot 10^{${Number(exponent)}}`, power: PRODUCT };
}

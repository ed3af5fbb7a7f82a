/**
 * Formulas of the user: text → checked tree → plain function.
 *
 * mathjs reads the text into a syntax tree and differentiates it; no text is ever evaluated. Every node must be on the
 * list of tree.ts, so a formula can do arithmetic and nothing else. Parameters become constants.
 */
import { derivative, type FunctionNode, type MathNode, parse, type SymbolNode, simplify } from 'mathjs/number';
import { InputError } from '../input/input-error.ts';
import { fromTrees, type PointNames, type WrittenFormula } from './formula.ts';
import { checkedTree, deepestNesting, shown, type Tree, tooDeep, type Vocabulary } from './tree.ts';

/** A checked formula; `text` is for display, `syntax` is what derivatives are taken of. */
export interface Expression {
  readonly text: string;
  readonly vocabulary: Vocabulary;
  readonly tree: Tree;
  readonly syntax: MathNode;
}

/** Longer formulas are refused; the longest of the library has 60 characters. */
const longestText = 2000;

/** Only the text of a derivative is simplified: in 0.1 s at this length, in minutes beyond ten times it. */
const longestSimplified = 250;

/** How formulas are shown: 0.3·3 as 0.9, not with the rounding of its last digit. */
const display = { parenthesis: 'auto', precision: 12 } as const;

/** The product and chain rules add up to four levels to every level of a formula. */
const derivativeLevels = 5 * deepestNesting;

/** Read a formula over the names and parameters of a vocabulary. Throws InputError. */
export function parseExpression(text: string, vocabulary: Vocabulary): Expression {
  if (text.length > longestText) {
    throw new InputError(
      `the formula has ${text.length} characters`,
      `at most ${longestText} are read`,
      'name its constant parts as parameters, or simplify it',
    );
  }
  const syntax = syntaxTree(text);
  return { text: text.trim(), vocabulary, tree: checkedTree(syntax, vocabulary), syntax };
}

/** The formula of a text as a function of points, by the names of their coordinates. Throws InputError. */
export function formula(text: string, ...names: PointNames): WrittenFormula {
  return compileExpression(parseExpression(text, { names: names.flat() }), ...names);
}

/** A function of points: coordinate i of the k-th is the value of names[k][i]. Does not allocate when called. */
export function compileExpression(expression: Expression, ...names: PointNames): WrittenFormula {
  return compileExpressions([expression], ...names)[0];
}

/**
 * Functions of the same points that compute what the formulas share once: asking one at new points computes all, so
 * they are for components that are wanted together.
 */
export function compileExpressions(
  expressions: readonly Expression[],
  ...names: PointNames
): readonly WrittenFormula[] {
  const gradientOf = (of: Expression) => (k: number) =>
    compileExpressions(
      names[k].map((name) => differentiate(of, name)),
      ...names,
    );
  const parts = expressions.map((each) => ({ tree: each.tree, text: each.text, gradient: gradientOf(each) }));
  return fromTrees(parts, ...names);
}

/** The names of variables that occur in a formula. */
export function namesIn(expression: Expression): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (tree: Tree): void => {
    if (tree.kind === 'name') found.add(tree.name);
    if (tree.kind === 'call') tree.operands.forEach(visit);
  };
  visit(expression.tree);
  return found;
}

/**
 * ∂/∂name of a formula, as a formula. d|a| = sign(a) da with sign(0) = 0, so kinks give the middle slope, not NaN.
 * Throws InputError for sign, min, max and atan2 of something that depends on the name.
 */
export function differentiate(expression: Expression, name: string): Expression {
  const { vocabulary } = expression;
  const syntax = derivativeOf(expression.syntax, name);
  const tree = checkedTree(syntax, vocabulary, derivativeLevels);
  const text = syntax.toString(display);
  if (text.length > longestSimplified) return { text: `d/d${name} (${expression.text})`, vocabulary, tree, syntax };
  const shorter = hasRoots(tree) ? text : simplify(syntax).toString(display);
  return { text: shorter, vocabulary, tree, syntax };
}

/** Powers that are not whole: simplification would turn (x^2)^(1/2) into x, which is wrong for x < 0. */
function hasRoots(tree: Tree): boolean {
  if (tree.kind !== 'call') return false;
  const [base, exponent] = tree.operands;
  const whole = exponent?.kind === 'number' && Number.isInteger(exponent.value);
  return (tree.operation === '^' && base.kind !== 'number' && !whole) || tree.operands.some(hasRoots);
}

function syntaxTree(text: string): MathNode {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    throw new InputError(
      `"${shown(text)}" is not a formula`,
      error instanceof Error ? error.message : String(error),
      'write it like a*x^2/2 + cos(3*x)',
    );
  }
}

/** Slopes of the functions for which mathjs has none, or one that is NaN at a kink; `inner` is the argument. */
const slopes: Readonly<Record<string, string>> = {
  abs: 'sign(inner)',
  erf: '2 / sqrt(pi) * exp(-inner^2)',
};

/**
 * Chain rule around abs and erf: each occurrence s = abs(inner) becomes a name of its own, then
 * dF = ∂F/∂x + Σ ∂F/∂s · slope(inner) · d inner.
 */
function derivativeOf(syntax: MathNode, name: string): MathNode {
  const replaced = new Map<string, FunctionNode>();
  const outer = syntax.transform((node) => {
    const head = functionName(node);
    if (head === undefined || !dependsOn(node, name)) return node;
    if (head === 'sign' || head === 'min' || head === 'max' || head === 'atan2') throw noDerivative(node, head);
    if (!(head in slopes)) return node;
    const symbol = `_${replaced.size}`;
    replaced.set(symbol, node as FunctionNode);
    return parse(symbol);
  });
  let sum = derivative(outer, name, { simplify: false });
  for (const [symbol, node] of replaced) {
    const inner = node.args[0];
    const slope = substituted(parse(slopes[functionName(node) ?? '']), { inner });
    const partial = derivative(outer, symbol, { simplify: false });
    const change = derivativeOf(inner, name);
    sum = substituted(parse('sum + partial * slope * change'), { sum, partial, slope, change });
  }
  return substituted(sum, Object.fromEntries(replaced));
}

function substituted(syntax: MathNode, parts: Readonly<Record<string, MathNode>>): MathNode {
  return syntax.transform((node) => {
    const name = node.type === 'SymbolNode' ? (node as SymbolNode).name : '';
    return Object.hasOwn(parts, name) ? parts[name] : node;
  });
}

function functionName(node: MathNode): string | undefined {
  return node.type === 'FunctionNode' ? ((node as FunctionNode).fn as unknown as SymbolNode).name : undefined;
}

function dependsOn(node: MathNode, name: string): boolean {
  return node.filter((inner) => inner.type === 'SymbolNode' && (inner as SymbolNode).name === name).length > 0;
}

function noDerivative(node: MathNode, head: string): InputError {
  return new InputError(
    `${shown(node)} cannot be differentiated`,
    `${head} has no derivative among formulas`,
    'write it with differentiable functions (abs, tanh and erf are), or give the drift itself',
  );
}

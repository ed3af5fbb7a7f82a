/**
 * Formulas of the user: text → tree → plain function. The parser knows numbers, declared names, + − * / ^ and a list of
 * functions, so a formula can do arithmetic and nothing else. Parameters become constants.
 */
import { InputError } from '../input/input-error.ts';
import { derivative } from './derivative.ts';
import { fromTrees, type PointNames, type WrittenFormula } from './formula.ts';
import { parseFormula } from './parser.ts';
import { printed } from './print.ts';
import { type Gap, gapAlong } from './switches.ts';
import { type Call, jumpsAlong, type Tree, type Vocabulary } from './tree.ts';

/** A checked formula; `text` is for display, `symbols` is the tree with its parameters as names, for display too. */
export interface Expression {
  readonly text: string;
  readonly vocabulary: Vocabulary;
  readonly tree: Tree;
  readonly symbols: Tree;
}

/** Longer derivatives are named, not shown. */
const longestShown = 250;

/** Read a formula over the names and parameters of a vocabulary. Throws InputError. */
export function parseExpression(text: string, vocabulary: Vocabulary): Expression {
  const { names, parameters = {} } = vocabulary;
  const tree = parseFormula(text, vocabulary);
  const symbols = parseFormula(text, { names: [...names, ...Object.keys(parameters)] });
  return { text: text.trim(), vocabulary, tree, symbols };
}

/**
 * The formula of a text as a function of points, by the names of their coordinates: formula('x*y', ['x'], ['y']) is a
 * function of two points. Throws InputError for a text that is no formula of these names.
 */
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
 * ∂/∂name of a formula, as a formula. At kinks (abs, min, max) it is the middle slope, not NaN; of where the slope
 * of the branch that is chosen. Throws InputError for sign and atan2 of something that depends on the name, which jump,
 * and for a where whose branches differ where its condition changes (switches.ts).
 */
export function differentiate(expression: Expression, name: string): Expression {
  const { vocabulary } = expression;
  refuseJumps(expression.tree, name);
  const symbols = derivative(expression.symbols, name);
  const shown = printed(symbols);
  const text = shown.length > longestShown ? `d/d${name} (${expression.text})` : shown;
  return { text, vocabulary, tree: derivative(expression.tree, name), symbols };
}

function refuseJumps(tree: Tree, name: string): void {
  for (const jump of jumpsAlong(tree, name)) {
    if (jump.operation !== 'where') throw refusedJump(jump);
    const gap = gapAlong(jump, name);
    if (gap !== null) throw refusedGap(jump, name, gap);
  }
}

function refusedGap(jump: Call, name: string, { at, sides }: Gap): InputError {
  const [first, second, place] = [...sides, at].map((value) => String(Number(value.toPrecision(6)) + 0));
  return new InputError(
    `${printed(jump)} cannot be differentiated`,
    `it jumps at ${name} = ${place}, where its branches are ${first} and ${second}`,
    'let the branches meet there, or give the drift itself',
  );
}

function refusedJump(jump: Call): InputError {
  return new InputError(
    `${printed(jump)} cannot be differentiated`,
    `${jump.operation} jumps, and has no derivative among formulas`,
    'write it with continuous functions (abs, min, max, tanh and erf are), or give the drift itself',
  );
}

import { InputError } from '../input/input-error.ts';
import { binaryFunctions, comparisons, functionNames, unaryFunctions, where } from './elementary-functions.ts';

/**
 * A checked formula: numbers, declared names, and calls of known operations ("+", "^", "negate", "sin", …). The first
 * operand of "where" is a comparison ("<", "<=", ">", ">="), which stands nowhere else; its operands are formulas.
 */
export type Tree =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly operation: string; readonly operands: readonly Tree[] };

/** What a formula may speak of: variables by name, and parameters with their values. */
export interface Vocabulary {
  readonly names: readonly string[];
  readonly parameters?: Readonly<Record<string, number>>;
}

/** Names with a fixed meaning in every formula. */
export const constants: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
]);

/** Words the grammar of formulas keeps for itself. */
const reservedWords = 'i mod to in and or xor not end true false null undefined NaN Infinity'.split(' ');

/** Operations inside operations; deeper formulas are refused so that no formula can exhaust the stack. */
export const deepestNesting = 200;

/** Why a name cannot be declared (as a variable, control or parameter), or undefined if it can. */
export function reasonAgainstName(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return 'a name is a letter followed by letters, digits or _';
  if (constants.has(name)) return `${name} is the constant ${constants.get(name)}`;
  if (functionNames.includes(name)) return `${name} is a function`;
  if (reservedWords.includes(name)) return `${name} is a reserved word of the formula language`;
  return undefined;
}

/**
 * A call with its operands. A call of numbers becomes a number; 1·a, a·1, a+0, a−0, 0+a and a¹ become a, and a where
 * whose condition is a number one of its branches.
 */
export function call(operation: string, ...operands: Tree[]): Tree {
  const [first, second] = operands;
  const is = (tree: Tree, value: number) => tree.kind === 'number' && tree.value === value;
  const values = operands.map((operand) => (operand.kind === 'number' ? operand.value : undefined));
  if (values.every((value) => value !== undefined)) return { kind: 'number', value: applied(operation, values) };
  if (operation === 'where' && first.kind === 'number' && !Number.isNaN(first.value)) {
    return first.value !== 0 ? second : operands[2];
  }
  if (operation === '*' && is(first, 1)) return second;
  if (operation === '+' && is(first, 0)) return second;
  const neutral: Readonly<Record<string, number>> = { '*': 1, '+': 0, '-': 0, '^': 1 };
  if (operation in neutral && is(second, neutral[operation])) return first;
  return { kind: 'call', operation, operands };
}

/** The formula with other formulas in the place of names. */
export function substituted(tree: Tree, parts: Readonly<Record<string, Tree>>): Tree {
  if (tree.kind === 'number') return tree;
  if (tree.kind === 'name') return Object.hasOwn(parts, tree.name) ? parts[tree.name] : tree;
  return call(tree.operation, ...tree.operands.map((operand) => substituted(operand, parts)));
}

/** Whether a name occurs in a formula. */
export function dependsOn(tree: Tree, name: string): boolean {
  return tree.kind === 'name'
    ? tree.name === name
    : tree.kind === 'call' && tree.operands.some((operand) => dependsOn(operand, name));
}

/** A call, as `jumpAlong` finds it. */
export type Call = Extract<Tree, { kind: 'call' }>;

/** Whether an operation jumps between values that it has on both sides: sign and atan2. */
export function isJump(operation: string): boolean {
  return operation === 'sign' || operation === 'atan2';
}

/** The first call in a formula that may jump as a variable moves: sign, atan2 or a comparison of what depends on it. */
export function jumpAlong(tree: Tree, name: string): Call | null {
  return jumpsAlong(tree, name)[0] ?? null;
}

/** All of them, outer ones first. */
export function jumpsAlong(tree: Tree, name: string): readonly Call[] {
  if (tree.kind !== 'call') return [];
  const moved = tree.operation === 'where' ? tree.operands[0] : isJump(tree.operation) ? tree : null;
  const inner = tree.operands.flatMap((operand) => jumpsAlong(operand, name));
  return moved !== null && dependsOn(moved, name) ? [tree, ...inner] : inner;
}

export function tooDeep(): InputError {
  return new InputError(
    'the formula is nested too deeply',
    `at most ${deepestNesting} operations may stand inside each other`,
    'split the formula with parameters or simplify it',
  );
}

function applied(operation: string, [a, b, c]: readonly number[]): number {
  switch (operation) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '^':
      return a ** b;
    case 'negate':
      return -a;
    case 'where':
      return where(a, b, c);
    default:
      return (
        (unaryFunctions.get(operation) ?? binaryFunctions.get(operation) ?? comparisons.get(operation))?.(a, b) ??
        Number.NaN
      );
  }
}

/**
 * Arithmetic on formulas with light simplification. Results equal the plain operation in exact arithmetic wherever that
 * is finite: 0·a is 0, a − a is 0 and 2a + 3a is 5a, whatever the domain of a. Numbers stand in front of products;
 * sums and products lean to the left, so that they are written without parentheses.
 */
import { call, type Tree } from './tree.ts';

export function numberTree(value: number): Tree {
  return { kind: 'number', value };
}

export function isNumber(tree: Tree, value: number): boolean {
  return tree.kind === 'number' && tree.value === value;
}

/** Whether two formulas are the same, operation by operation. */
export function sameTree(a: Tree, b: Tree): boolean {
  if (a === b) return true;
  if (a.kind === 'number') return b.kind === 'number' && Object.is(a.value, b.value);
  if (a.kind === 'name') return b.kind === 'name' && a.name === b.name;
  return (
    b.kind === 'call' &&
    a.operation === b.operation &&
    a.operands.length === b.operands.length &&
    a.operands.every((operand, k) => sameTree(operand, b.operands[k]))
  );
}

export function sum(a: Tree, b: Tree): Tree {
  if (isNumber(a, 0) || isNumber(b, 0) || bothNumbers(a, b)) return call('+', a, b);
  const [left, right] = [factored(a), factored(b)];
  if (sameTree(left.rest, right.rest)) return scaled(left.factor + right.factor, left.rest);
  if (right.factor < 0) return call('-', a, scaled(-right.factor, right.rest));
  if (left.factor < 0) return call('-', b, scaled(-left.factor, left.rest));
  if (b.kind === 'call' && (b.operation === '+' || b.operation === '-')) {
    const [first, second] = b.operands;
    return call(b.operation, sum(a, first), second);
  }
  return call('+', a, b);
}

export function difference(a: Tree, b: Tree): Tree {
  return sum(a, negated(b));
}

export function negated(a: Tree): Tree {
  if (a.kind === 'call' && a.operation === '-') return call('-', a.operands[1], a.operands[0]);
  const { factor, rest } = factored(a);
  return scaled(-factor, rest);
}

export function product(a: Tree, b: Tree): Tree {
  if (bothNumbers(a, b)) return call('*', a, b);
  const [left, right] = [factored(a), factored(b)];
  return scaled(left.factor * right.factor, plainProduct(left.rest, right.rest));
}

export function quotient(a: Tree, b: Tree): Tree {
  if (bothNumbers(a, b) || isNumber(b, 1)) return call('/', a, b);
  const { factor, rest } = factored(a);
  if (factor === 0) return zero;
  if (b.kind !== 'number') return negatedIf(factor < 0, call('/', scaled(Math.abs(factor), rest), b));
  const ratio = factor / b.value;
  // 2a/2 is a and 2a/4 is 0.5a; a/3 stays.
  if (isNumber(rest, 1) || (ratio * b.value === factor && Number.isInteger(ratio * 1024))) return scaled(ratio, rest);
  return negatedIf(factor < 0, call('/', scaled(Math.abs(factor), rest), b));
}

/** a^c for a number c; a^0 is 1. */
export function power(a: Tree, exponent: number): Tree {
  return exponent === 0 ? one : call('^', a, numberTree(exponent));
}

/** a² wherever a has a value: √b squared is b, and squares of products and quotients are those of their parts. */
export function squared(a: Tree): Tree {
  if (a.kind === 'number') return numberTree(squareOf(a.value));
  if (a.kind === 'name') return power(a, 2);
  const [first, second] = a.operands;
  if (a.operation === 'negate' || a.operation === 'abs') return squared(first);
  if (a.operation === 'sqrt' || (['^', 'pow'].includes(a.operation) && isNumber(second, 0.5))) return first;
  if (a.operation === '*') return product(squared(first), squared(second));
  if (a.operation === '/') return quotient(squared(first), squared(second));
  return power(a, 2);
}

/** The square of a number; of the rounded root of a whole number that number. */
function squareOf(value: number): number {
  const square = value * value;
  return Math.sqrt(Math.round(square)) === Math.abs(value) ? Math.round(square) : square;
}

export const zero = numberTree(0);
export const one = numberTree(1);

/** A formula as factor · rest; a number has the rest 1. */
function factored(tree: Tree): { readonly factor: number; readonly rest: Tree } {
  if (tree.kind === 'number') return { factor: tree.value, rest: one };
  if (tree.kind === 'call' && ['negate', '*', '/'].includes(tree.operation)) {
    const [first, second] = tree.operands;
    const { factor, rest } = factored(first);
    if (tree.operation === 'negate') return { factor: -factor, rest };
    if (factor !== 1) return { factor, rest: call(tree.operation, rest, second) };
  }
  return { factor: 1, rest: tree };
}

/** factor · rest, with the factor in front of the first factor of the rest. */
function scaled(factor: number, rest: Tree): Tree {
  if (factor === 0) return zero;
  if (factor === 1) return rest;
  if (rest.kind === 'call' && (rest.operation === '*' || rest.operation === '/')) {
    const [first, second] = rest.operands;
    return call(rest.operation, scaled(factor, first), second);
  }
  return factor === -1 && rest.kind !== 'number' ? call('negate', rest) : call('*', numberTree(factor), rest);
}

function plainProduct(a: Tree, b: Tree): Tree {
  if (isNumber(a, 1)) return b;
  if (sameTree(a, b)) return power(a, 2);
  if (b.kind === 'call' && b.operation === '*') return call('*', plainProduct(a, b.operands[0]), b.operands[1]);
  return call('*', a, b);
}

function negatedIf(condition: boolean, tree: Tree): Tree {
  return condition ? call('negate', tree) : tree;
}

function bothNumbers(a: Tree, b: Tree): boolean {
  return a.kind === 'number' && b.kind === 'number';
}

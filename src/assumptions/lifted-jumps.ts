/**
 * Formulas whose jumps are names: every sign(g) and atan2(g, h) is taken out and stands as a variable s. What is left
 * is continuous in s, and its slope by z is that of a formula with a jump,
 *
 *   d/dz b(z, s(z)) = ∂b/∂z + ∂b/∂s · ds/dz,   ds/dz = M · dg/dz,   M = 0 away from g = 0 and any number ≥ 0 there,
 *
 * so that slopes enclosed over a box that meets a jump contain all quotients of differences across it. For s = sign(g)
 * half the change of b from s = −1 to 1 takes the place of ∂b/∂s. Where that vanishes with g there is no impulse M:
 * g·sign(g) = |g| only has a kink. A comparison stands as s > 0.
 */
import { difference, isNumber, negated, numberTree, one, product, sameTree, sum, zero } from '../formula/algebra.ts';
import { derivative } from '../formula/derivative.ts';
import { call, dependsOn, isJump, substituted, type Tree } from '../formula/tree.ts';

/** sign(g), or atan2(g, h), which jumps where g changes its sign and h < 0. */
export interface Jump {
  /** The variable in its place. */
  readonly name: string;
  /** The name of M. */
  readonly impulse: string;
  /** sign(g) or atan2(g, h), inner jumps lifted. */
  readonly call: Tree;
  readonly argument: Tree;
  /** h. */
  readonly besides?: Tree;
}

/** Formulas in the variables and in the names of their jumps, inner jumps first. */
export interface Lifted {
  readonly trees: readonly Tree[];
  readonly jumps: readonly Jump[];
}

/** Takes every sign, atan2 and comparison out of formulas; the same one once, and beside those that are out already. */
export function lifted(trees: readonly Tree[], known: readonly Jump[] = []): Lifted {
  const jumps = [...known];
  const lift = (tree: Tree): Tree => {
    if (tree.kind !== 'call') return tree;
    if (tree.operation === 'where') {
      const [condition, a, b] = tree.operands;
      return call('where', call('>', lift(signOf(condition)), zero), lift(a), lift(b));
    }
    const inner = call(tree.operation, ...tree.operands.map(lift));
    if (inner.kind !== 'call' || !isJump(tree.operation)) return inner;
    const plain = tree.operation === 'sign' ? withoutFactor(inner.operands[0]) : null;
    if (plain !== null) return product(numberTree(plain.sign), lift(call('sign', plain.rest)));
    const same = jumps.find((jump) => sameTree(jump.call, inner));
    if (same !== undefined) return { kind: 'name', name: same.name };
    const [argument, besides] = inner.operands;
    const name = `jump ${jumps.length + 1}`;
    jumps.push({ name, impulse: `impulse ${jumps.length + 1}`, call: inner, argument, besides });
    return { kind: 'name', name };
  };
  return { trees: trees.map(lift), jumps };
}

/** sign(g) with g > 0 where the comparison holds. */
function signOf(comparison: Tree): Tree {
  if (comparison.kind !== 'call') return comparison;
  const [a, b] = comparison.operands;
  return call('sign', comparison.operation.startsWith('<') ? difference(b, a) : difference(a, b));
}

/** g of sign(k·g) and the sign of k, where k is a number: the same jump whatever k; null where there is none. */
function withoutFactor(tree: Tree): { readonly sign: number; readonly rest: Tree } | null {
  if (tree.kind !== 'call') return null;
  const [a, b] = tree.operands;
  if (tree.operation === 'negate') return { sign: -1, rest: a };
  if (tree.operation !== '*' && tree.operation !== '/') return null;
  const [factor, rest] = a.kind === 'number' && tree.operation === '*' ? [a, b] : [b, a];
  return factor.kind === 'number' && factor.value !== 0 ? { sign: Math.sign(factor.value), rest } : null;
}

/** d/dz of lifted formulas, with the impulses of their jumps. */
export function slopeOf(tree: Tree, name: string, jumps: readonly Jump[]): Tree {
  return jumps.reduce(
    (slope, jump) => {
      const share = shareOf(tree, jump);
      if (isNumber(share, 0)) return slope;
      return sum(slope, product(share, slopeOfJump(jump, name, jumps, !vanishesWith(share, jump.argument))));
    },
    derivative(tree, name),
  );
}

/** What a formula owes to a jump: half of its change as s = sign(g) goes from −1 to 1; ∂b/∂s for s = atan2(g, h). */
export function shareOf(tree: Tree, jump: Jump): Tree {
  if (!dependsOn(tree, jump.name)) return zero;
  if (jump.besides !== undefined) return derivative(tree, jump.name);
  const [above, below] = [one, numberTree(-1)].map((side) => substituted(tree, { [jump.name]: side }));
  const slope = derivative(tree, jump.name);
  return dependsOn(slope, jump.name) || isSwitched(tree, jump.name)
    ? product(numberTree(0.5), difference(above, below))
    : slope;
}

/** Whether a condition depends on a name: no slope by it tells what a formula owes to it. */
function isSwitched(tree: Tree, name: string): boolean {
  if (tree.kind !== 'call') return false;
  const isHere = tree.operation === 'where' && dependsOn(tree.operands[0], name);
  return isHere || tree.operands.some((operand) => isSwitched(operand, name));
}

function slopeOfJump(jump: Jump, name: string, jumps: readonly Jump[], withImpulse: boolean): Tree {
  const smooth = jump.besides === undefined ? zero : slopeOf(jump.call, name, jumps);
  if (!withImpulse) return smooth;
  return sum(smooth, product({ kind: 'name', name: jump.impulse }, slopeOf(jump.argument, name, jumps)));
}

/**
 * Whether a formula is 0 wherever g is, by its structure: k·g, |g|, sin g, max(0, g) … These vanish at least like g;
 * √|g| only vanishes somehow.
 */
export function vanishesWith(tree: Tree, g: Tree, order: 'like g' | 'somehow' = 'like g'): boolean {
  if (isNumber(tree, 0) || sameTree(tree, g) || sameTree(negated(tree), g)) return true;
  if (tree.kind !== 'call') return false;
  const [a, b] = tree.operands;
  const does = (part: Tree) => vanishesWith(part, g, order);
  if (tree.operation === '*') return (does(a) && !mayBeEndless(b)) || (does(b) && !mayBeEndless(a));
  if (['+', '-', 'min', 'max'].includes(tree.operation)) return does(a) && does(b);
  if (tree.operation === '^')
    return b.kind === 'number' && (order === 'somehow' ? b.value > 0 : b.value >= 1) && does(a);
  if (tree.operation === '/') return b.kind === 'number' && does(a);
  if (tree.operation === 'where') return does(b) && does(tree.operands[2]);
  if (tree.operation === 'huber') return does(a);
  return (ZERO_AT_ZERO.includes(tree.operation) || (order === 'somehow' && tree.operation === 'sqrt')) && does(a);
}

/** Whether a formula may be unbounded somewhere: a quotient, a power of no fixed sign, a logarithm, a pole. */
function mayBeEndless(tree: Tree): boolean {
  if (tree.kind !== 'call') return false;
  const [, b] = tree.operands;
  if (tree.operation === '/' && b.kind !== 'number') return true;
  if (['^', 'pow'].includes(tree.operation) && !(b.kind === 'number' && b.value >= 0)) return true;
  return ['log', 'log10', 'tan', 'sec'].includes(tree.operation) || tree.operands.some(mayBeEndless);
}

/** Functions with a slope at 0, where they are 0. */
const ZERO_AT_ZERO = ['negate', 'abs', 'sin', 'tan', 'sinh', 'tanh', 'asin', 'atan', 'erf', 'logcosh'];

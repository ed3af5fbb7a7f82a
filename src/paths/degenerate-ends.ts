/**
 * Ends of the state space of a fast variable at which its noise vanishes, such as r = ξ√y at y = 0 (Cox, Ingersoll,
 * Ross 1985). A step may overshoot such an end, where r has no value. Full truncation (Lord, Koekkoek, van Dijk 2010):
 * all coefficients are taken at the nearest point of the state space, so that b drives the path back, and states beyond
 * an end are kept as that end. The bias vanishes with the step, at an order that is not known to be 2.
 */
import { type Formula, fromTrees, type PointNames, treeIn } from '../formula/formula.ts';
import { polynomialIn } from '../formula/polynomial.ts';
import { call, dependsOn, substituted, type Tree } from '../formula/tree.ts';
import type { ControlledField, Coordinates, FastField, Interval, Problem } from '../model/problem.ts';
import { namesOf, treesIn } from '../model/trees.ts';

/** Largest |r| at an end, relative to 1, that is rounding of 0. */
const ROUNDING = 1e-7;

/** A problem whose coefficients are truncated, and the state space: infinite where nothing was. */
export interface Truncated {
  readonly problem: Problem;
  readonly states: readonly Interval[];
}

/**
 * The state spaces of the fast variables that hold y, found on the formulas of r: zeros of radicands that are
 * polynomials of degree 2 at most in one fast variable. Closures have none.
 */
export function truncatedAtEnds(problem: Problem, y: Coordinates): Truncated {
  const names = namesOf(problem);
  const [, ofY] = names;
  const { fast } = problem;
  const rows = fast.kind === 'drift' ? (fast.noise ?? []) : [];
  const states = ofY.map((name, k) => {
    const tree = rows[k] === undefined ? undefined : treeIn(rows[k], ...names);
    return tree === undefined ? EVERYWHERE : stateSpace(tree, name, y[k]);
  });
  const isEndless = states.every(({ lower, upper }) => lower === -Infinity && upper === Infinity);
  return isEndless ? { problem, states } : { problem: withTruncated(problem, ofY, states), states };
}

/** Whether the noise vanishes at an end of the state space of a fast variable. */
export function hasEnds(problem: Problem, y: Coordinates): boolean {
  return truncatedAtEnds(problem, y).problem !== problem;
}

/** States beyond an end, kept as that end: y stands at entries `first`, `first` + 1, … of every state. In place. */
export function keepWithin(
  states: Float64Array,
  ends: readonly Interval[],
  { first, dimension }: { readonly first: number; readonly dimension: number },
): void {
  for (let z = first; z < states.length; z += dimension) {
    ends.forEach(({ lower, upper }, k) => {
      if (states[z + k] < lower) states[z + k] = lower;
      if (states[z + k] > upper) states[z + k] = upper;
    });
  }
}

const EVERYWHERE: Interval = { lower: -Infinity, upper: Infinity };

/** The part of the line around y on which all radicands in y alone are ≥ 0, with ends where r is 0. */
function stateSpace(tree: Tree, name: string, y: number): Interval {
  const zeros = radicandsIn(tree).flatMap((radicand) => zerosOf(radicand, name));
  const isEnd = (at: number) => Math.abs(valueAt(tree, name, at)) <= ROUNDING;
  const ends = zeros.filter(isEnd);
  return {
    lower: Math.max(-Infinity, ...ends.filter((at) => at <= y && changesSign(tree, name, at, -1))),
    upper: Math.min(Infinity, ...ends.filter((at) => at >= y && changesSign(tree, name, at, 1))),
  };
}

/** What stands under square roots and powers that are not whole. */
function radicandsIn(tree: Tree): readonly Tree[] {
  if (tree.kind !== 'call') return [];
  const [base, exponent] = tree.operands;
  const isPower = tree.operation === '^' && exponent.kind === 'number' && !Number.isInteger(exponent.value);
  const inner = tree.operands.flatMap(radicandsIn);
  return tree.operation === 'sqrt' || isPower ? [base, ...inner] : inner;
}

/** Zeros of a polynomial of degree 2 at most in one name with numbers for coefficients; none of anything else. */
function zerosOf(tree: Tree, name: string): number[] {
  if (!dependsOn(tree, name)) return [];
  const polynomial = polynomialIn(tree, [name], 2);
  const [c, b, a] = ['0', '1', '2'].map((key) => polynomial?.get(key) ?? { kind: 'number' as const, value: 0 });
  if (polynomial === null || a.kind !== 'number' || b.kind !== 'number' || c.kind !== 'number') return [];
  if (a.value === 0) return b.value === 0 ? [] : [-c.value / b.value + 0];
  const root = Math.sqrt(b.value ** 2 - 4 * a.value * c.value);
  if (Number.isNaN(root)) return [];
  const q = -(b.value + (b.value < 0 ? -root : root)) / 2;
  return [q / a.value + 0, ...(q === 0 ? [] : [c.value / q + 0])];
}

/** Whether r has no value just beyond. */
function changesSign(tree: Tree, name: string, at: number, side: 1 | -1): boolean {
  return Number.isNaN(valueAt(tree, name, at + side * 1e-6 * Math.max(1, Math.abs(at))));
}

/** A formula of one name at a number; NaN where other names stand in it. */
function valueAt(tree: Tree, name: string, value: number): number {
  // A tree of other names as well has no value here.
  const numbers = substituted(tree, { [name]: { kind: 'number', value } });
  return numbers.kind === 'number' ? numbers.value : Number.NaN;
}

/** Every coefficient at the nearest point of the state space; formulas stay formulas. */
function withTruncated(problem: Problem, ofY: readonly string[], states: readonly Interval[]): Problem {
  const { slowDrift, slowNoise, fast, runningCost } = problem;
  const names = namesOf(problem);
  const parts = Object.fromEntries(ofY.map((name, k) => [name, within(name, states[k])]));
  const cut = <F extends ControlledField | FastField>(
    fields: readonly Formula<F>[],
    groups: PointNames,
  ): readonly Formula<F>[] => {
    const trees = treesIn(fields, names);
    if (trees === null) return fields.map((field) => beforeEnds(field, states));
    const moved = trees.map((tree) => ({ tree: substituted(tree, parts) }));
    return fromTrees(moved, ...groups) as unknown as readonly Formula<F>[];
  };
  const inPlane = names.slice(0, 2);
  const noise = fast.kind === 'drift' ? fast.noise : undefined;
  const cutFast = { drift: cut(fast.drift, inPlane), ...(noise && { noise: cut(noise, inPlane) }) };
  return {
    ...problem,
    slowDrift: cut(slowDrift, names),
    ...(slowNoise && { slowNoise: slowNoise.map((row) => cut(row, names)) }),
    fast: { kind: 'drift', ...cutFast },
    ...(runningCost && { runningCost: cut([runningCost], names)[0] }),
  };
}

/** A closure of (x, y, …) that sees the nearest y of the state space. */
function beforeEnds<F extends ControlledField | FastField>(field: F, states: readonly Interval[]): Formula<F> {
  const cut: ControlledField = (x, y, u) => {
    const inside = states.map(({ lower, upper }, k) => Math.min(Math.max(y[k], lower), upper));
    return (field as ControlledField)(x, inside, u);
  };
  return cut as Formula<F>;
}

function within(name: string, { lower, upper }: Interval): Tree {
  const y: Tree = { kind: 'name', name };
  const above = lower === -Infinity ? y : call('max', y, { kind: 'number', value: lower });
  return upper === Infinity ? above : call('min', above, { kind: 'number', value: upper });
}

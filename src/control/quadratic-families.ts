/**
 * Controls that fill a box, for φ and ℓ polynomials of degree ≤ 2 in u: on slow × fast nodes r_i(u) = φ_i/dx_i and ℓ(u)
 * as quadratics whose coefficients are fields. The minimum over the box is then exact, node by node
 * (least-quadratic.ts). With several controls φ must be affine in them.
 */

import { product } from '../formula/algebra.ts';
import { fromTrees, treeIn } from '../formula/formula.ts';
import { type Polynomial, polynomialIn } from '../formula/polynomial.ts';
import type { Tree } from '../formula/tree.ts';
import { diffusionTrees } from '../model/diffusion.ts';
import { type ControlBox, type Coordinates, controlledFields, dimensionsOf, type Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { leastOf } from './least-quadratic.ts';
import type { Box, NodeQuadratic } from './node-bracket.ts';
import { noiseSeesControl } from './noise-rates.ts';

/** A quadratic in u with a field for every coefficient, null where it is 0 everywhere; ordered as NodeQuadratic. */
export interface QuadraticField<Field = Float64Array> {
  readonly constant: Field | null;
  readonly slope: readonly (Field | null)[];
  readonly bend: readonly (Field | null)[];
}

/** The controls of a box: signed rates r_i(u) per moved axis and the running cost ℓ(u). */
export interface Family<Field = Float64Array> {
  /** The movable controls of the box; ends may be infinite. */
  readonly box: ControlBox;
  readonly rates: readonly QuadraticField<Field>[];
  readonly cost: QuadraticField<Field>;
  /** ν_i(u) = 2a_ii(u)/dx_i² per slow axis where controls move the noise of x (noise-rates.ts). */
  readonly noise?: readonly QuadraticField<Field>[];
}

const two: Tree = { kind: 'number', value: 2 };

/** A coefficient at (x,y), the controls without extent standing at u. */
export type Coefficient = (x: Coordinates, y: Coordinates, u: Coordinates) => number;

/** φ and ℓ in the movable controls of a box. */
export interface WrittenFamily {
  readonly box: ControlBox;
  /** The movable controls among all. */
  readonly movable: readonly number[];
  readonly drift: readonly QuadraticField<Coefficient>[];
  readonly cost: QuadraticField<Coefficient>;
  /** 2a_ii per slow variable where controls move the noise of x. */
  readonly noise?: readonly QuadraticField<Coefficient>[];
}

/** φ and ℓ as quadratics in the movable controls of a box, proved from their formulas; null where they are not. */
export function quadraticFamily(problem: Problem, box: ControlBox): WrittenFamily | null {
  const names = namesOf(problem);
  const isNoisy = noiseSeesControl(problem);
  // A value of U alone is a family of one control, whose noise belongs to the minimum as well.
  const between = box.lower.flatMap((low, c) => (low < box.upper[c] ? [c] : []));
  const movable = between.length === 0 && isNoisy ? [0] : between;
  const moved = movable.map((c) => names[2][c]);
  const { n } = dimensionsOf(problem);
  const polynomials = controlledFields(problem).map((field, k) => {
    const tree = treeIn(field, ...names);
    const degree = k < n && movable.length > 1 ? 1 : 2;
    return tree === undefined ? null : polynomialIn(tree, moved, degree);
  });
  const diffusion = isNoisy ? diffusionTrees(problem)?.slow : [];
  const diffusions = diffusion?.map((row, i) => polynomialIn(product(two, row[i]), moved, 2));
  const all = [...polynomials, ...(diffusions ?? [null])];
  if (!all.every((polynomial) => polynomial !== null)) return null;
  const compiled = compileAll(all, names);
  const quadratics = all.map((polynomial) => quadraticOf(polynomial, movable.length, compiled));
  const none = { constant: null, slope: movable.map(() => null), bend: pairsOf(movable.length).map(() => null) };
  const cost = problem.runningCost === undefined ? none : quadratics[n];
  const noise = isNoisy ? quadratics.slice(-n) : undefined;
  return { box, movable, drift: quadratics.slice(0, n), cost, noise };
}

function compileAll(polynomials: readonly Polynomial[], names: readonly (readonly string[])[]) {
  const trees = [...new Set(polynomials.flatMap((polynomial) => [...polynomial.values()]))];
  const compiled = fromTrees(
    trees.map((tree) => ({ tree })),
    ...names,
  );
  return new Map<Tree, Coefficient>(trees.map((tree, k) => [tree, compiled[k]]));
}

function quadraticOf(
  polynomial: Polynomial,
  controls: number,
  compiled: ReadonlyMap<Tree, Coefficient>,
): QuadraticField<Coefficient> {
  const of = (...at: number[]) => {
    const exponents = Array.from({ length: controls }, (_, c) => at.filter((each) => each === c).length);
    const tree = polynomial.get(exponents.join());
    const isZero = tree === undefined || (tree.kind === 'number' && tree.value === 0);
    return isZero ? null : (compiled.get(tree) as Coefficient);
  };
  const each = Array.from({ length: controls }, (_, c) => c);
  return { constant: of(), slope: each.map((c) => of(c)), bend: pairsOf(controls).map(([c, d]) => of(c, d)) };
}

/** The pairs c ≤ d in the order of `bend`. */
function pairsOf(controls: number): [number, number][] {
  const each = Array.from({ length: controls }, (_, c) => c);
  return each.flatMap((c) => each.slice(c).map((d): [number, number] => [c, d]));
}

/** The same of every coefficient that is there. */
export function eachCoefficient<From, To>(
  { constant, slope, bend }: QuadraticField<From>,
  make: (coefficient: From) => To,
): QuadraticField<To> {
  const of = (coefficient: From | null) => (coefficient === null ? null : make(coefficient));
  return { constant: of(constant), slope: slope.map(of), bend: bend.map(of) };
}

/** From the coefficients of several quadratics at every place those of one. */
export function combination<From, To>(
  quadratics: readonly QuadraticField<From>[],
  combine: (parts: readonly (From | null)[]) => To | null,
): QuadraticField<To> {
  const of = (pick: (quadratic: QuadraticField<From>) => From | null) => combine(quadratics.map(pick));
  return {
    constant: of(({ constant }) => constant),
    slope: quadratics[0].slope.map((_, c) => of(({ slope }) => slope[c])),
    bend: quadratics[0].bend.map((_, k) => of(({ bend }) => bend[k])),
  };
}

/** The quadratic at node k. */
export function quadraticAtNode({ constant, slope, bend }: QuadraticField, k: number): NodeQuadratic {
  const at = (field: Float64Array | null) => (field === null ? 0 : field[k]);
  return { constant: at(constant), slope: slope.map(at), bend: bend.map(at) };
}

/** A point of the slow and fast variables. */
interface Point {
  readonly x: Coordinates;
  readonly y: Coordinates;
}

/** The least φ_axis(u)·side of a family at a point. */
export function leastDrift(
  family: WrittenFamily,
  { axis, side, ...point }: { readonly axis: number; readonly side: number } & Point,
): number {
  return leastRate(quadraticAt(family.drift[axis], family, point), side, movableBox(family));
}

/** The least side·r(u) over a box. */
export function leastRate(rate: NodeQuadratic, side: number, box: Box): number {
  const one = [side];
  const cost = { constant: 0, slope: Array.from(rate.slope, () => 0), bend: Array.from(rate.bend, () => 0) };
  return leastOf({ rates: [rate], forward: one, backward: one, cost }, box).value;
}

/** The least ℓ(u) of a family at a point. */
export function leastCost(family: WrittenFamily, point: Point): number {
  const bracket = { rates: [], forward: [], backward: [], cost: quadraticAt(family.cost, family, point) };
  return leastOf(bracket, movableBox(family)).value;
}

/** The box of the movable controls alone. */
export function movableBox({ box, movable }: WrittenFamily): ControlBox {
  return { lower: movable.map((c) => box.lower[c]), upper: movable.map((c) => box.upper[c]) };
}

function quadraticAt(
  { constant, slope, bend }: QuadraticField<Coefficient>,
  { box }: WrittenFamily,
  { x, y }: Point,
): NodeQuadratic {
  const at = (coefficient: Coefficient | null) => (coefficient === null ? 0 : coefficient(x, y, box.lower));
  return { constant: at(constant), slope: slope.map(at), bend: bend.map(at) };
}

/**
 * Controls of a family (control/quadratic-families.ts) over an implicit step: the exact minimum of the bracket at a node
 * for given differences of V, as the cells it moves and its cost.
 */
import { leastOf, leastRate, quadraticAt } from '../control/least-quadratic.ts';
import { type Family, type QuadraticField, quadraticAtNode } from '../control/quadratic-families.ts';

/** dt·r_i(u) and dt·ℓ(u), lines contiguous. */
export interface StepFamily {
  readonly box: Family['box'];
  readonly moves: readonly QuadraticField[];
  readonly cost: QuadraticField;
}

/** One control at one node: the cells it moves per axis, and dt·ℓ. */
export interface FamilyControl {
  readonly moves: readonly Float64Array[];
  readonly cost: Float64Array;
}

/** Per axis V_{i+1} − V_i and V_i − V_{i−1}. */
export interface Differences {
  readonly forward: number[];
  readonly backward: number[];
}

/** A family over a step; `perStep` lays a field by lines and takes it times dt. */
export function stepFamily({ box, rates, cost }: Family, perStep: (field: Float64Array) => Float64Array): StepFamily {
  const of = (field: Float64Array | null) => (field === null ? null : perStep(field));
  const quadratic = ({ constant, slope, bend }: QuadraticField): QuadraticField => {
    return { constant: of(constant), slope: slope.map(of), bend: bend.map(of) };
  };
  return { box, moves: rates.map(quadratic), cost: quadratic(cost) };
}

/** The control of a family with the least dt·(Σ_i φ_i D_iV + ℓ) at node q; of cost −∞ where there is none. */
export function leastInFamily({ box, moves, cost }: StepFamily, q: number, seen: Differences): FamilyControl {
  const rates = moves.map((move) => quadraticAtNode(move, q));
  const price = quadraticAtNode(cost, q);
  const { value, control } = leastOf({ rates, ...seen, cost: price }, box);
  return {
    moves: rates.map((rate) => Float64Array.of(quadraticAt(rate, control))),
    cost: Float64Array.of(value === -Infinity ? value : quadraticAt(price, control)),
  };
}

/** Whether every control of a family moves towards this side of an axis at node q. */
export function allLeave({ box, moves }: StepFamily, q: number, axis: number, side: number): boolean {
  return leastRate(quadraticAtNode(moves[axis], q), side, box) > 0;
}

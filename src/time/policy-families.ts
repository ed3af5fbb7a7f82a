/**
 * Controls of a family (control/quadratic-families.ts) over an implicit step: the exact minimum of the bracket at a
 * node for given differences of V, as the cells it moves and its cost.
 */
import { leastOf } from '../control/least-quadratic.ts';
import { type NodeQuadratic, quadraticAt } from '../control/node-bracket.ts';
import { type Family, leastRate, type QuadraticField } from '../control/quadratic-families.ts';

/** dt·r_i(u) and dt·ℓ(u), lines contiguous. */
export interface StepFamily {
  readonly box: Family['box'];
  readonly moves: readonly QuadraticField[];
  readonly cost: QuadraticField;
  /** What the node looked at sees, and the control found there last: a node takes no memory. */
  readonly seen: SeenBracket;
  readonly found: FamilyControl;
}

/** One control at one node: the cells it moves per axis, and dt·ℓ. */
export interface FamilyControl {
  readonly moves: readonly Float64Array[];
  readonly cost: Float64Array;
}

interface SeenQuadratic extends NodeQuadratic {
  constant: number;
  readonly slope: Float64Array;
  readonly bend: Float64Array;
}

/** The bracket of a node; per axis V_{i+1} − V_i and V_i − V_{i−1}. */
export interface SeenBracket {
  readonly rates: readonly SeenQuadratic[];
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  readonly cost: SeenQuadratic;
}

/** A family over a step; `perStep` lays a field by lines and takes it times dt. */
export function stepFamily({ box, rates, cost }: Family, perStep: (field: Float64Array) => Float64Array): StepFamily {
  const of = (field: Float64Array | null) => (field === null ? null : perStep(field));
  const laid = ({ constant, slope, bend }: QuadraticField) => {
    return { constant: of(constant), slope: slope.map(of), bend: bend.map(of) };
  };
  const seen = ({ slope, bend }: QuadraticField) => {
    return { constant: 0, slope: new Float64Array(slope.length), bend: new Float64Array(bend.length) };
  };
  const [forward, backward] = [new Float64Array(rates.length), new Float64Array(rates.length)];
  return {
    box,
    moves: rates.map(laid),
    cost: laid(cost),
    seen: { rates: rates.map(seen), forward, backward, cost: seen(cost) },
    found: { moves: rates.map(() => new Float64Array(1)), cost: new Float64Array(1) },
  };
}

/**
 * The control of a family with the least dt·(Σ_i φ_i D_iV + ℓ) at node q for the differences in `seen`; of cost −∞
 * where there is none.
 */
export function leastInFamily({ box, moves, cost, seen, found }: StepFamily, q: number): FamilyControl {
  for (let i = 0; i < moves.length; i++) look(seen.rates[i], moves[i], q);
  look(seen.cost, cost, q);
  const { value, control } = leastOf(seen, box);
  for (let i = 0; i < moves.length; i++) found.moves[i][0] = quadraticAt(seen.rates[i], control);
  found.cost[0] = value === -Infinity ? value : quadraticAt(seen.cost, control);
  return found;
}

/** Whether every control of a family moves towards this side of an axis at node q. */
export function allLeave({ box, moves, seen }: StepFamily, q: number, axis: number, side: number): boolean {
  look(seen.rates[axis], moves[axis], q);
  return leastRate(seen.rates[axis], side, box) > 0;
}

function look(into: SeenQuadratic, { constant, slope, bend }: QuadraticField, q: number): void {
  into.constant = constant === null ? 0 : constant[q];
  for (let c = 0; c < slope.length; c++) into.slope[c] = slope[c]?.[q] ?? 0;
  for (let c = 0; c < bend.length; c++) into.bend[c] = bend[c]?.[q] ?? 0;
}

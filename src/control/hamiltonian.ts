/**
 * The Hamiltonian H(x,y,p) = −min_{u∈U} [φ(x,y,u)·p + ℓ(x,y,u)], pointwise and exact where φ, ℓ are affine in u:
 * a linear function of u is smallest at a corner of the box U.
 */
import { boxesOf, type ControlBox, type ControlSet, type Coordinates, type Problem } from '../model/problem.ts';
import { isAffineInControl } from '../model/structure.ts';

/** Samples per control when φ or ℓ is not affine in u. */
const SAMPLES = 129;

/** The controls at which a pointwise minimum of φ·p + ℓ over U is attained (sampled if φ or ℓ is not affine). */
export function extremalControls(problem: Problem): readonly (readonly number[])[] {
  return boxesOf(problem.controls).flatMap((box) => controlLattice(box, isAffineInControl(problem) ? 2 : SAMPLES));
}

/** The lattice with `levels` equidistant values per control, both ends included: 2 gives the corners of the box. */
export function controlLattice({ lower, upper }: ControlBox, levels: number): readonly (readonly number[])[] {
  const values = lower.map((low, c) => {
    const count = low === upper[c] ? 1 : levels;
    return Array.from({ length: count }, (_, i) =>
      i === count - 1 ? upper[c] : low + ((upper[c] - low) * i) / (count - 1),
    );
  });
  return product(values);
}

/** All ways to take one entry of every list, the last list varying fastest. */
export function product(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>((rows, values) => rows.flatMap((row) => values.map((v) => [...row, v])), [[]]);
}

/** Whether u is a point of U. */
export function isAdmissible(controls: ControlSet, u: Coordinates): boolean {
  if (u.length !== controls.names.length) return false;
  return boxesOf(controls).some(({ lower, upper }) => lower.every((low, i) => u[i] >= low && u[i] <= upper[i]));
}

/** φ(x,y,u)·p + ℓ(x,y,u). */
export function controlledRate(
  problem: Problem,
  x: Coordinates,
  y: Coordinates,
  p: Coordinates,
  u: Coordinates,
): number {
  let rate = problem.runningCost?.(x, y, u) ?? 0;
  for (let i = 0; i < problem.slowDrift.length; i++) rate += problem.slowDrift[i](x, y, u) * p[i];
  return rate;
}

/** The index in `controls` of a control attaining min_u [φ·p + ℓ]; the first one in a tie. */
export function minimizer(
  problem: Problem,
  controls: readonly (readonly number[])[],
  at: { readonly x: Coordinates; readonly y: Coordinates; readonly p: Coordinates },
): number {
  let best = 0;
  let smallest = Infinity;
  for (let c = 0; c < controls.length; c++) {
    const rate = controlledRate(problem, at.x, at.y, at.p, controls[c]);
    if (rate < smallest) {
      smallest = rate;
      best = c;
    }
  }
  return best;
}

/** y ↦ H(x,y,p). */
export function hamiltonianAt(problem: Problem, x: Coordinates, p: Coordinates): (y: Coordinates) => number {
  const controls = extremalControls(problem);
  return (y) => {
    let smallest = Infinity;
    for (const u of controls) smallest = Math.min(smallest, controlledRate(problem, x, y, p, u));
    return -smallest;
  };
}

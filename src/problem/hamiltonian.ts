/**
 * The Hamiltonian H(x,y,p) = −min_{u∈U} [φ(x,y,u)·p + ℓ(x,y,u)], pointwise and exact where φ, ℓ are affine in u:
 * a linear function of u is smallest at a corner of the box U.
 */
import type { Coordinates, Problem } from './problem.ts';

/** Samples per control when φ or ℓ is not affine in u. */
const SAMPLES = 129;

/** The controls at which a pointwise minimum of φ·p + ℓ over U is attained (sampled if φ or ℓ is not affine). */
export function extremalControls(problem: Problem): readonly (readonly number[])[] {
  const { controls } = problem;
  if (controls.kind === 'values') return controls.values;
  const levels = controls.lower.map((low, c) => {
    const high = controls.upper[c];
    if (low === high) return [low];
    if (controls.affine) return [low, high];
    return Array.from({ length: SAMPLES }, (_, i) => low + ((high - low) * i) / (SAMPLES - 1));
  });
  return levels.reduce<number[][]>((rows, values) => rows.flatMap((row) => values.map((v) => [...row, v])), [[]]);
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
  for (let i = 0; i < problem.slowDimension; i++) rate += problem.slowDrift[i](x, y, u) * p[i];
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
  return (y) => -controlledRate(problem, x, y, p, controls[minimizer(problem, controls, { x, y, p })]);
}

/**
 * Where μ_x lives when the fast drift contracts, (b(x,y₁) − b(x,y₂))·(y₁ − y₂) ≤ −κ|y₁ − y₂|²: with b(x,m) = 0
 *
 *   E|Y − m|² ≤ Σα_k/κ,   P(|Y − m| > √(Σα_k/κ) + t) ≤ e^{−κt²/2 max α_k},   α_k = 1 or r_k²/2, a number
 *
 * (Itô's formula for |Y − m|²; concentration of Lipschitz functions, Bakry, Émery 1985). No grid is needed, so that no
 * numerical diffusion of a fast rotation spreads it. κ is the least on sampled points.
 */

import { jacobian } from '../assumptions/jacobian.ts';
import { largestEigenvalue, symmetricPart } from '../assumptions/matrix-bounds.ts';
import { product } from '../control/control-set.ts';
import { coordinates, uniformAxis } from '../grid/axis.ts';
import { fastScale, hasConstantNoise, unitNoiseTwin } from '../model/fast-scale.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';

/** Half the side of the first cube that κ is sampled on. */
const REACH = 8;
const SAMPLES = 7;
/** t√κ at which the tail is 1e-12. */
const TAIL = Math.sqrt(2 * Math.log(1e12));
const STEPS = 20_000;

/**
 * The cube around the equilibrium outside which μ_x has mass below 1e-12. Null where b does not contract, and for a
 * noise that is no number, unless some drift with unit noise has the same measure: then its own cube.
 */
export function contractionBox(given: Problem, x: Coordinates): readonly Interval[] | null {
  const problem = unitNoiseTwin(given);
  if (!hasConstantNoise(problem)) return null;
  const alpha = problem.fast.drift.map((_, k) => fastScale(problem)?.alpha[k](x, [0]) ?? 1);
  const [total, largest] = [alpha.reduce((sum, value) => sum + value, 0), Math.max(...alpha)];
  const drift = (y: Coordinates) => problem.fast.drift.map((field) => field(x, y));
  let centre: number[] = problem.fast.drift.map(() => 0);
  let reach = REACH;
  for (let attempt = 0; attempt < 4; attempt++) {
    const { kappa, lipschitz } = rates(problem, x, cube(centre, reach));
    if (!(kappa > 1e-12 * lipschitz)) return null;
    const radius = (Math.sqrt(total) + TAIL * Math.sqrt(largest)) / Math.sqrt(kappa);
    const { found, distance } = equilibrium(drift, centre, { kappa, lipschitz, within: radius / 10 });
    const moved = Math.hypot(...found.map((value, a) => value - centre[a])) > reach;
    centre = found;
    if (!moved && distance <= radius / 10 && radius + distance <= reach) return cube(centre, radius + distance);
    reach = Math.max(REACH, 1.1 * (radius + distance));
  }
  return null;
}

function cube(centre: readonly number[], reach: number): Interval[] {
  return centre.map((middle) => ({ lower: middle - reach, upper: middle + reach }));
}

/** κ = −max λ_max(sym D_y b), and a Lipschitz constant of b, on points of the box. */
function rates(problem: Problem, x: Coordinates, box: readonly Interval[]) {
  const fields = problem.fast.drift.map((field) => (y: Coordinates) => field(x, y));
  const levels = box.map(({ lower, upper }) => Array.from(coordinates(uniformAxis('y', lower, upper, SAMPLES))));
  let [kappa, lipschitz] = [Infinity, 0];
  for (const y of product(levels)) {
    const derivative = jacobian(fields, y, box);
    kappa = Math.min(kappa, -largestEigenvalue(symmetricPart(derivative)));
    lipschitz = Math.max(lipschitz, Math.hypot(...derivative.flat()));
  }
  return { kappa, lipschitz };
}

/** A point at most `distance` = |b|/κ away from the zero of b, by y ← y + κb/L², a contraction of R^m. */
function equilibrium(
  drift: (y: Coordinates) => number[],
  start: readonly number[],
  { kappa, lipschitz, within }: { readonly kappa: number; readonly lipschitz: number; readonly within: number },
): { readonly found: number[]; readonly distance: number } {
  let found = [...start];
  let distance = Infinity;
  for (let k = 0; k < STEPS; k++) {
    const b = drift(found);
    distance = Math.hypot(...b) / kappa;
    if (!(distance > within)) break;
    found = found.map((value, a) => value + (kappa / lipschitz ** 2) * b[a]);
  }
  return { found, distance };
}

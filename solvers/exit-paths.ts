/** Monte Carlo of the truncated δ-cell problem (solvers/delta-cell.ts), by paths of the fast process frozen at x. */
import { discountedUntilExit, exitTimes } from '../src/paths/exit.ts';
import { type MeanEstimate, meanOf } from '../src/paths/statistics.ts';
import { hamiltonianAt } from '../src/problem/hamiltonian.ts';
import { InputError } from '../src/problem/input-error.ts';
import type { Coordinates, Problem } from '../src/problem/problem.ts';
import { requireOneByOne } from './dimensions.ts';

export interface CellPathsOptions {
  readonly x: Coordinates;
  readonly p: Coordinates;
  readonly y: Coordinates;
  readonly radius: number;
  readonly delta: number;
  readonly dt: number;
  readonly paths: number;
  readonly seed: number;
}

/** −δω(y) = δ E_y∫₀^{τ_n} H(x,Y_t,p) e^{−δt} dt and E_y e^{−δτ_n}, with standard errors (m = 1). */
export function simulateDeltaCell(
  problem: Problem,
  options: CellPathsOptions,
): { readonly minusDeltaOmega: MeanEstimate; readonly exitWeight: MeanEstimate } {
  const { x, p, delta } = options;
  const hamiltonian = hamiltonianAt(problem, x, p);
  const point = new Float64Array(1);
  const integrand = (y: number) => {
    point[0] = y;
    return hamiltonian(point);
  };
  const { integral, exitWeight } = discountedUntilExit({ ...frozen(problem, options), integrand, discount: delta });
  const scaled = (value: number) => delta * value;
  const minusDeltaOmega = {
    mean: scaled(integral.mean),
    standardError: scaled(integral.standardError),
    lower: scaled(integral.lower),
    upper: scaled(integral.upper),
  };
  return { minusDeltaOmega, exitWeight };
}

/** Exit times from the ball of radius n, sorted; those beyond `horizon` are ∞ and make the mean ∞. */
export function simulateExitTimes(
  problem: Problem,
  options: Omit<CellPathsOptions, 'p' | 'delta'> & { readonly horizon: number },
): { readonly times: Float64Array; readonly mean: MeanEstimate } {
  const times = exitTimes({ ...frozen(problem, options), horizon: options.horizon });
  return { times: times.slice().sort(), mean: meanOf(times) };
}

function frozen(problem: Problem, options: Omit<CellPathsOptions, 'p' | 'delta'>) {
  requireOneByOne(problem, 'the exit of the fast process');
  const { x, y, radius, dt, paths, seed } = options;
  if (!(radius > 0 && dt > 0 && Math.abs(y[0]) < radius)) {
    throw new InputError(
      `radius ${radius}, step ${dt} and start ${y[0]} do not go together`,
      'a path starts inside the ball and moves in positive steps',
      'choose |y| < radius and a step > 0',
    );
  }
  const point = new Float64Array(1);
  const drift = (at: number) => {
    point[0] = at;
    return problem.fastDrift[0](x, point);
  };
  return { drift, radius, initial: y[0], dt, paths, seed };
}

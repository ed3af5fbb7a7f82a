/**
 * Filtered schemes (Froese, Oberman 2013; Bokanowski, Falcone, Sahu 2016): from the same V with the same dt
 *
 *   S_F = S_M + c·dt·F((S_A − S_M)/(c·dt)),   F(z) = z for |z| ≤ 1, else 0,   c = C·dx,
 *
 * S_M monotone (upwind, IMEX Euler), S_A accurate (WENO). It lies within c·dt of a monotone scheme a step, so it
 * converges with it, with an error of at most c·T more; where V is smooth it is S_A. F jumps, hence near a kink values
 * may depend on the last bits.
 */
import type { Differencing, Phase } from '../kernel/kernel.ts';
import { averaged } from '../operator/differences.ts';
import type { SlowHamiltonian } from '../operator/slow-hamiltonian.ts';
import { typicalCurvature } from '../operator/weno.ts';
import type { Equation } from './equation.ts';
import type { Discretisation } from './field-slots.ts';
import { euler } from './imex-euler.ts';

/** A method in time for given differences: out = the value after one step. */
export type TimeStep = (equation: Equation, differencing: Differencing, dt: number, out: number) => Phase[];

/** `accurate` filtered against the monotone step; counts the nodes that fell back in `fallen`. `reach` = c·dt. */
export function filtered(accurate: TimeStep, filter: { readonly reach: number; readonly fallen: number }): TimeStep {
  return (equation, differencing, dt, out) => {
    const monotone = equation.work();
    return [
      ...euler(equation, { kind: 'upwind' }, dt, monotone),
      ...accurate(equation, differencing, dt, out),
      { kind: 'filter', out, accurate: out, monotone, ...filter },
    ];
  };
}

/**
 * c is this times the largest local error of the monotone scheme, ½ max|φ| dx |D²f|. In smooth regions the filter then
 * passes more than 98 % of the updates for every problem of the library at ε = 1 … 1e-8; only `separated`, whose noise
 * has no tails in φ, loses 5 % in the initial layer of ε = 0.1. At a tenth of it up to 14 % fall back.
 */
const REACH = 5;

/**
 * c in units of V per time, from the drift and f: 5·Σ_i ½ max|φ_i| dx_i |D_i²f|, |D²f| the 90 % quantile of its second
 * differences or, for f nearly affine or piecewise so, max|D_if| over the length of the axis; to |D²f| comes T·|D²ℓ|
 * of the averaged running cost. The maximum of |φ| is taken over the grid, tails in y included, so c errs on the large
 * side: too small a c silently returns the first-order scheme, one too large only weakens the bound c·T.
 */
export function filterRate(problem: Discretisation, terminal: Float64Array, horizon: number): number {
  const { grid, slow } = problem;
  const profiles = [terminal, ...averagedCosts(problem).map((cost) => cost.map((value) => value * horizon))];
  return grid.axes.reduce((sum, _, axis) => {
    const curvature = profiles.reduce((total, profile) => total + typicalCurvature(grid, profile, axis), 0);
    return sum + (REACH / 2) * fastestRate(slow, axis) * curvature;
  }, 0);
}

/** max |φ_i|/dx_i over the grid. */
function fastestRate(slow: SlowHamiltonian, axis: number): number {
  let fastest = 0;
  for (const { rates } of slow.candidates) for (const rate of rates[axis]) fastest = Math.max(fastest, Math.abs(rate));
  return fastest;
}

/** ℓ of every candidate averaged over y. */
function averagedCosts({ grid, slow, fast }: Discretisation): Float64Array[] {
  const costs = slow.candidates.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  if (costs.length === 0) return [];
  const measure = fast.stationary();
  return costs.map((cost) => averaged(cost, measure, grid.size));
}

/**
 * Filtered schemes (Froese, Oberman 2013; Bokanowski, Falcone, Sahu 2016): from the same V with the same dt
 *
 *   S_F = S_M + c·dt·F((S_A − S_M)/(c·dt)),   F(z) = z for |z| ≤ 1, else 0,   c = C·dx,
 *
 * S_M monotone (upwind, IMEX Euler), S_A accurate (WENO). It lies within c·dt of a monotone scheme a step, so it
 * converges with it, with an error of at most c·T more; where V is smooth it is S_A. F jumps, hence near a kink values
 * may depend on the last bits. Where S_A leaves the range of the exact value, S_A < min f − T max ℓ⁻ (value-floor.ts),
 * the step is S_M too, which does not.
 */

import { rarelyExceeded } from '../control/rare-values.ts';
import { averaged } from '../control/slow-hamiltonian.ts';
import { upwind } from '../differencing/upwind.ts';
import { typicalCurvature } from '../differencing/weno.ts';
import { applyDirections } from '../generator/apply-directions.ts';
import type { StepProgram } from '../kernel/kernel.ts';
import type { TimeStep } from './equation.ts';
import type { Discretisation } from './field-slots.ts';
import { averageSource } from './source.ts';
import { euler } from './time-methods.ts';

/** What a filter compares with: `reach` = c·dt, the least value, and the slot that counts what fell back. */
export interface Filter {
  readonly reach: number;
  readonly floor: number;
  readonly fallen: number;
}

/** `accurate` filtered against the monotone step. */
export function filtered(accurate: TimeStep, filter: Filter): TimeStep {
  return (equation, differencing, dt, out) => {
    const monotone = equation.work();
    const [sweep, ...relaxed] = euler.step(equation, { kind: upwind }, dt, monotone);
    const [first, ...stages] = accurate(equation, differencing, dt, out);
    // Both sweeps of V stand together: they share what they read.
    return [sweep, first, ...relaxed, ...stages, { kind: 'filter', out, accurate: out, monotone, ...filter }];
  };
}

/** The same step whose filters have no floor, for states that are no values of this problem: they may lie below it. */
export function withoutFloor(program: StepProgram): StepProgram {
  const phases = program.phases.map((phase) => (phase.kind === 'filter' ? { ...phase, floor: -Infinity } : phase));
  return { ...program, phases };
}

/**
 * c is this times the largest local error of the monotone scheme, ½ |φ| dx |D²f|. In smooth regions the filter then
 * passes more than 95 % of the updates for every problem of the library at ε = 1 … 1e-8.
 */
const REACH = 5;

/** |φ| is exceeded under no μ_x with more than this probability. */
const RARE = 0.01;

/** |φ| is told to the square of this part of its maximum. */
const PARTS = 64;

/**
 * c in units of V per time, C·max dx for a given constant C, else from the drift and f: 5·Σ_i ½ |φ_i| dx_i |D_i²f|.
 * |φ_i| is the largest 99 % quantile of max_u|φ_i| under the π(x); |D²f| the 90 % quantile of second differences or,
 * for f nearly affine or piecewise so, max|D_if| over the length of the axis. To it comes T·|D²ℓ| of the averaged
 * running cost, to c what Euler steps make of a source, 5·½ dt λ|s|, of noise in x, 5·½ dt a²|D⁴f|,
 * and of a discount. Too small a c silently returns the first-order
 * scheme, one too large only weakens the bound c·T.
 */
export function filterRate(
  problem: Discretisation,
  terminal: Float64Array,
  { horizon, dt, constant }: { readonly horizon: number; readonly dt: number; readonly constant?: number },
): number {
  const { grid, fast } = problem;
  if (constant !== undefined) return constant * Math.max(...grid.axes.map(({ spacing }) => spacing));
  const measure = fast.stationary();
  const profiles = [terminal, ...averagedCosts(problem, measure).map((cost) => cost.map((value) => value * horizon))];
  const source = averageSource(problem.source, measure, grid.size);
  const fading = source === null ? 0 : dt * source.decay * largest(source.values);
  const { discount } = problem;
  const worn = dt * discount * profiles.reduce((sum, profile) => sum + (discount + 1 / horizon) * largest(profile), 0);
  return grid.axes.reduce(
    (sum, _, axis) => {
      const curvature = profiles.reduce((total, profile) => total + typicalCurvature(grid, profile, axis), 0);
      const local = usualRate(problem, measure, axis) * curvature + spread(problem, profiles, { measure, axis, dt });
      return sum + (REACH / 2) * local;
    },
    (REACH / 2) * (fading + worn),
  );
}

/**
 * What Euler steps make of the initial layer of a terminal cost g(x,y), per time: ½ dt|L²g|/ε² while a step resolves
 * the layer, and at most all of g − ḡ at once; exceeded with probability RARE at most.
 */
export function layerRate(
  { fast, slow }: Discretisation,
  whole: Float64Array,
  { epsilon, dt }: { readonly epsilon: number; readonly dt: number },
): number {
  const weights = fast.stationary();
  const nodes = { lanes: slow.slowNodes, size: whole.length };
  const mean = averaged(whole, weights, slow.slowNodes);
  const twice = applyDirections(fast, applyDirections(fast, whole));
  const layer = whole.map((value, k) =>
    Math.min((dt * Math.abs(twice[k])) / (2 * epsilon * epsilon), Math.abs(value - mean[k % nodes.lanes]) / dt),
  );
  const row = (out: Float64Array, from: number) => out.set(layer.subarray(from, from + out.length));
  return REACH * rarelyExceeded(row, nodes, { weights, tail: RARE, parts: PARTS });
}

/** dt a² |D⁴f| of Euler steps under noise in x, along one axis. */
function spread(
  { slow, grid }: Discretisation,
  profiles: readonly Float64Array[],
  { measure, axis, dt }: { readonly measure: Float64Array; readonly axis: number; readonly dt: number },
): number {
  const { noise } = slow;
  if (noise === null) return 0;
  const nodes = { lanes: slow.slowNodes, size: measure.length };
  const { rates: ratesOf, directions } = noise.as('stencil');
  // 2a_ii/dx_i², with what diagonals have of it.
  const along = [...directions.keys()].filter((d) => directions[d][axis] !== 0);
  const rates = (out: Float64Array, from: number) => ratesOf(out, from, along);
  const rate = rarelyExceeded(rates, nodes, { weights: measure, tail: RARE, parts: PARTS }) / 2;
  const [stride, count] = [grid.strides[axis], grid.shape[axis]];
  return profiles.reduce((total, profile) => {
    const second = profile.map((value, s) => {
      const place = Math.floor(s / stride) % count;
      return place === 0 || place === count - 1 ? 0 : profile[s + stride] - 2 * value + profile[s - stride];
    });
    return total + dt * rate * rate * typicalCurvature(grid, second, axis);
  }, 0);
}

/** |φ_i|/dx_i, exceeded with probability RARE at most for every x: tails in y hold hardly a path, and fast ones. */
function usualRate({ slow }: Discretisation, weights: Float64Array, axis: number): number {
  const nodes = { lanes: slow.slowNodes, size: weights.length };
  return rarelyExceeded((out, from) => slow.used.rates(out, from, axis), nodes, { weights, tail: RARE, parts: PARTS });
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** ℓ of every candidate averaged over y, and the least one of families and formulas. */
function averagedCosts({ grid, slow }: Discretisation, measure: Float64Array): Float64Array[] {
  const costs = slow.candidates.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  if (slow.families.length + slow.formulas.length > 0) {
    const least = new Float64Array(measure.length);
    slow.used.leastCosts(least, 0);
    costs.push(least);
  }
  return costs.map((cost) => averaged(cost, measure, grid.size));
}

/**
 * Which controls of a family can be minimisers. What a control is worth follows from the differences of V, so these are
 * measured beforehand: the effective equation is solved by upwind Euler steps on a coarse grid, from f to the horizon,
 * and the range of D_iV on the way is taken for all nodes. Steps are repeated with the range found until it no longer
 * grows. Monotonicity with the feet of all controls does not rest on it: only the length of a step does.
 */

import type { CandidateRates } from '../control/candidate-rates.ts';
import { onSomeNodes } from '../control/formula-families.ts';
import type { QuadraticField } from '../control/quadratic-families.ts';
import { exceeds, hull, type Range, steepestOf } from '../control/ranges.ts';
import { averagedSpeed } from '../control/slow-hamiltonian.ts';
import { usedRates } from '../control/used-rates.ts';
import type { Minimum } from '../differencing/differencing.ts';
import { increments } from '../differencing/increments.ts';
import { upwind } from '../differencing/upwind.ts';
import { uniformAxis } from '../grid/axis.ts';
import { type Grid, tensorGrid } from '../grid/grid.ts';
import type { Discretisation } from './field-slots.ts';
import { stepsFor } from './march.ts';
import { minimumSlots } from './minimum-slots.ts';

/** Most nodes per slow axis, by n, and about as many per fast axis, by m. */
const SLOW_NODES = [33, 13];
const FAST_NODES = [33, 9, 5];
/** How often the steps are repeated at most. */
const REPEATS = 8;
/** Round-off of the steps, relative to V. */
const ROUND_OFF = 1e-14;
/** Where V depends on y it is steeper than its mean, for which steps are made; with exact feet nothing rests on it. */
const STEEPER = 1.25;

/** Upwind differences without long feet. */
const upwindIncrements = increments('never', (V, { at, stride }, forward) =>
  forward ? V[at + stride] - V[at] : V[at] - V[at - stride],
);

/** The operators with the controls that are used on [0, horizon] from the values `terminal` at the slow nodes. */
export function withUsedControls(operators: Discretisation, terminal: Float64Array, horizon: number): Discretisation {
  const { slow, grid } = operators;
  if (slow.families.length + slow.formulas.length === 0) return operators;
  const coarse = coarsened(operators, terminal);
  let slopes = rangesOf(coarse.grid, coarse.terminal);
  for (let k = 0; k < REPEATS; k++) {
    const found = march(coarse, slopes, horizon);
    const grows = found.some((range, i) => exceeds(range, slopes[i]));
    slopes = slopes.map((range, i) => hull(range, found[i]));
    if (!grows) break;
  }
  const margin = slow.longFeet === 'exact' ? 1 : STEEPER;
  const differences = differencesFor(slopes, grid).map(([least, most]): Range => [margin * least, margin * most]);
  // Along the fast axes of a moving frame V falls no faster than along x: z is carried at −M times the motion in x.
  const steepest = Math.max(...differences.map(steepestOf));
  const along = Array.from({ length: slow.movedAxes }, (_, i): Range => differences[i] ?? [-steepest, steepest]);
  return { ...operators, slow: slow.usedUnder(along) };
}

/** The differences of neighbours for these slopes. */
function differencesFor(slopes: readonly Range[], { axes }: Grid): Range[] {
  return slopes.map(([least, most], i): Range => [least * axes[i].spacing, most * axes[i].spacing]);
}

interface Coarse {
  readonly grid: Grid;
  readonly terminal: Float64Array;
  readonly rates: CandidateRates;
  /** π at the kept nodes, of sum 1 at every x. */
  readonly weights: Float64Array;
}

/** Every so many nodes of the grid, with the coefficients there. */
function coarsened({ grid, slow, fast }: Discretisation, terminal: Float64Array): Coarse {
  const n = grid.axes.length;
  const strides = grid.shape.map((nodes) => Math.max(1, Math.ceil((nodes - 1) / (SLOW_NODES[n - 1] - 1))));
  const axes = grid.axes.map(({ name, lower, spacing, nodes }, i) => {
    const count = Math.max(3, Math.floor((nodes - 1) / strides[i]) + 1);
    return uniformAxis(name, lower, lower + (count - 1) * strides[i] * spacing, count);
  });
  const small = tensorGrid(axes);
  const slowNodes = Array.from({ length: small.size }, (_, s) =>
    small.shape.reduce(
      (sum, nodes, i) => sum + (Math.floor(s / small.strides[i]) % nodes) * strides[i] * grid.strides[i],
      0,
    ),
  );
  const fastNodes = keptFast(fast.directions);
  const places = fastNodes.flatMap((j) => slowNodes.map((s) => j * grid.size + s));
  const pick = (field: Float64Array, divisor = 1) => Float64Array.from(places, (k) => field[k] / divisor);
  const pickQuadratic = ({ constant, slope, bend }: QuadraticField, divisor: number): QuadraticField => {
    const of = (field: Float64Array | null) => (field === null ? null : pick(field, divisor));
    return { constant: of(constant), slope: slope.map(of), bend: bend.map(of) };
  };
  const picked = pick(fast.stationary());
  const totals = new Float64Array(small.size);
  picked.forEach((weight, k) => {
    totals[k % small.size] += weight;
  });
  return {
    grid: small,
    terminal: Float64Array.from(slowNodes, (s) => terminal[s]),
    rates: {
      ...slow,
      candidates: slow.candidates.map(({ rates, cost }) => ({
        rates: strides.map((stride, i) => pick(rates[i], stride)),
        cost: cost === null ? null : pick(cost),
      })),
      families: slow.families.map(({ box, rates, cost }) => ({
        box,
        rates: strides.map((stride, i) => pickQuadratic(rates[i], stride)),
        cost: pickQuadratic(cost, 1),
      })),
      formulas: slow.formulas.map((family) => onSomeNodes(family, { slowNodes, fastNodes, strides })),
    },
    weights: picked.map((weight, k) => weight / totals[k % small.size]),
  };
}

/** Fast nodes in strides along every axis. */
function keptFast(directions: Discretisation['fast']['directions']): number[] {
  return directions.reduce<number[]>(
    (kept, { nodes, stride }) => {
      const every = Math.max(1, Math.floor(nodes / FAST_NODES[directions.length - 1]));
      const along = Array.from({ length: Math.ceil(nodes / every) }, (_, k) => k * every * stride);
      return along.flatMap((offset) => kept.map((j) => j + offset));
    },
    [0],
  );
}

/** The range of D_iV on the way, with steps that are stable for these slopes. */
function march({ grid, terminal, rates, weights }: Coarse, slopes: readonly Range[], horizon: number): Range[] {
  const differences = differencesFor(slopes, grid);
  const used = usedRates(rates, { size: weights.length, movedAxes: grid.axes.length, differences });
  const nodes = { lanes: grid.size, size: weights.length };
  const steps = stepsFor(horizon, 1 / averagedSpeed(used.speeds, nodes, weights));
  const slots: Float64Array[] = [];
  const controls = minimumSlots({ ...rates, edges: [] }, (field) => slots.push(field) - 1);
  const minimum: Minimum = { ...controls, speeds: null };
  const sweep = {
    minimum,
    slots,
    slow: grid,
    dt: horizon / steps,
    foot: horizon / steps,
    differencing: { kind: upwind },
  };
  let v = terminal;
  let found = rangesOf(grid, v);
  const row = new Float64Array(grid.size);
  for (let step = 0; step < steps; step++) {
    const next = v.slice();
    for (let node = 0; node < weights.length; node += grid.size) {
      upwindIncrements(row, sweep, v, { node, value: 0 });
      for (let s = 0; s < grid.size; s++) next[s] += weights[node + s] * row[s];
    }
    v = next;
    const now = rangesOf(grid, v);
    found = found.map((range, i) => hull(range, now[i]));
  }
  return found;
}

/**
 * The range of D_iV per axis, at the ends of the axis half a cell beyond the middle of the last one unless it changes
 * sign there. Differences within the rounding of V are none.
 */
function rangesOf({ axes, shape, strides, size }: Grid, values: Float64Array): Range[] {
  const rounding = ROUND_OFF * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return axes.map(({ spacing }, i): Range => {
    const [stride, last] = [strides[i], shape[i] - 1];
    const difference = (s: number) => {
      const own = values[s + stride] - values[s];
      return Math.abs(own) <= rounding ? 0 : own;
    };
    let [least, most] = [Infinity, -Infinity];
    for (let s = 0; s < size; s++) {
      const place = Math.floor(s / stride) % shape[i];
      if (place === last) continue;
      const own = difference(s);
      const toward = place === 0 ? stride : place === last - 1 ? -stride : 0;
      const beyond = own + (own - difference(s + toward)) / 2;
      const end = toward === 0 || beyond * own <= 0 ? own : beyond;
      [least, most] = [Math.min(least, own, end), Math.max(most, own, end)];
    }
    return [least / spacing, most / spacing];
  });
}

/** Exact Ornstein–Uhlenbeck steps of many paths of a two-scale system (src/paths/ornstein-uhlenbeck.ts). */
import { between, NODE } from './drift-table';
import { GROUP, keepReach, PAIRED, reached, startReach } from './path-noise';
import {
  DECAY,
  DT,
  HALF_DECAY,
  HALF_LAG,
  HALF_SPREAD,
  HALF_SUM_OF_FIRST,
  HALF_SUM_OF_SECOND,
  LAG,
  SEED_HIGH,
  SEED_LOW,
  SPREAD,
  SUM_OF_FIRST,
  SUM_OF_SECOND,
  X_LOWER,
  X_NODES,
  X_PER_SPACING,
} from './path-parameters';
import { even0, even2, normalPairs, odd0, odd2 } from './random';

/**
 * Exact Ornstein–Uhlenbeck steps in y with a trapezoidal rule in x, of paths [first, last), `first` a multiple of 4.
 * The table has (φ(x,0), m(x)) in its first row and (∂φ/∂y(x), 0) in its second.
 */
export function ornsteinUhlenbeckPaths(
  parameters: usize,
  states: usize,
  table: usize,
  first: i32,
  last: i32,
  firstStep: i32,
  steps: i32,
  noiseOf: i32,
  reach: usize,
): void {
  startReach();
  const seedLow = <u32>load<f64>(parameters + SEED_LOW);
  const seedHigh = <u32>load<f64>(parameters + SEED_HIGH);
  for (let path = first; path < last; path += GROUP) {
    const at = states + <usize>path * NODE;
    for (let step = firstStep; step < firstStep + steps; step++) {
      drawRelaxations(parameters, seedLow, seedHigh, path, step, noiseOf);
      relax(at, parameters, table, f64x2.extract_lane(kicks0, 0), f64x2.extract_lane(sums0, 0));
      relax(at + 16, parameters, table, f64x2.extract_lane(kicks0, 1), f64x2.extract_lane(sums0, 1));
      relax(at + 32, parameters, table, f64x2.extract_lane(kicks2, 0), f64x2.extract_lane(sums2, 0));
      relax(at + 48, parameters, table, f64x2.extract_lane(kicks2, 1), f64x2.extract_lane(sums2, 1));
    }
  }
  keepReach(reach);
}

/** ζ and I of four paths. */
let kicks0: v128 = f64x2.splat(0);
let kicks2: v128 = f64x2.splat(0);
let sums0: v128 = f64x2.splat(0);
let sums2: v128 = f64x2.splat(0);

/** (ζ, I) of a step of four paths: ζ = q½ζ₁ + ζ₂ and I = I₁ + I₂ + lag½ζ₁ of two steps half as long, or its own. */
// @ts-ignore: decorator of AssemblyScript
@inline
function drawRelaxations(
  parameters: usize,
  seedLow: u32,
  seedHigh: u32,
  path: i32,
  step: i32,
  noiseOf: i32,
): void {
  if (noiseOf != PAIRED) {
    normalPairs(seedLow, seedHigh, path, step, 0);
    relaxations(parameters, SPREAD, SUM_OF_FIRST, SUM_OF_SECOND);
    return;
  }
  const decay = f64x2.splat(load<f64>(parameters + HALF_DECAY));
  const lag = f64x2.splat(load<f64>(parameters + HALF_LAG));
  normalPairs(seedLow, seedHigh, path, 2 * step, 0);
  relaxations(parameters, HALF_SPREAD, HALF_SUM_OF_FIRST, HALF_SUM_OF_SECOND);
  const first0 = kicks0;
  const first2 = kicks2;
  const before0 = sums0;
  const before2 = sums2;
  normalPairs(seedLow, seedHigh, path, 2 * step + 1, 0);
  relaxations(parameters, HALF_SPREAD, HALF_SUM_OF_FIRST, HALF_SUM_OF_SECOND);
  kicks0 = f64x2.add(f64x2.mul(decay, first0), kicks0);
  kicks2 = f64x2.add(f64x2.mul(decay, first2), kicks2);
  sums0 = f64x2.add(f64x2.add(before0, sums0), f64x2.mul(lag, first0));
  sums2 = f64x2.add(f64x2.add(before2, sums2), f64x2.mul(lag, first2));
}

// @ts-ignore: decorator of AssemblyScript
@inline
function relaxations(parameters: usize, spreadAt: usize, firstAt: usize, secondAt: usize): void {
  const spread = f64x2.splat(load<f64>(parameters + spreadAt));
  const first = f64x2.splat(load<f64>(parameters + firstAt));
  const second = f64x2.splat(load<f64>(parameters + secondAt));
  sums0 = f64x2.add(f64x2.mul(first, even0), f64x2.mul(second, odd0));
  sums2 = f64x2.add(f64x2.mul(first, even2), f64x2.mul(second, odd2));
  kicks0 = f64x2.mul(spread, even0);
  kicks2 = f64x2.mul(spread, even2);
}

/** One step of one path, see src/paths/ornstein-uhlenbeck.ts. */
// @ts-ignore: decorator of AssemblyScript
@inline
function relax(at: usize, parameters: usize, table: usize, kick: f64, sum: f64): void {
  const x = load<f64>(at);
  const y = load<f64>(at, 8);
  const dt = load<f64>(parameters + DT);
  const lag = load<f64>(parameters + LAG);
  const row = <usize>load<f64>(parameters + X_NODES) * NODE;
  const here = along(parameters, table, x);
  const slopeHere = along(parameters, table + row, x);
  const mean = f64x2.extract_lane(here, 1);
  const moved =
    dt * f64x2.extract_lane(here, 0) + f64x2.extract_lane(slopeHere, 0) * (dt * mean + lag * (y - mean) + sum);
  const predicted = x + moved;
  const there = along(parameters, table, predicted);
  const slopeThere = along(parameters, table + row, predicted);
  const next = f64x2.extract_lane(there, 1);
  const movedThere =
    dt * f64x2.extract_lane(there, 0) + f64x2.extract_lane(slopeThere, 0) * (dt * next + lag * (y - next) + sum);
  const middle = 0.5 * (mean + next);
  const z = f64x2(
    x + 0.5 * (moved + movedThere),
    middle + load<f64>(parameters + DECAY) * (y - middle) + kick,
  );
  reached(z);
  v128.store(at, z);
}

/** The entries of one row of the table at x. */
// @ts-ignore: decorator of AssemblyScript
@inline
function along(parameters: usize, row: usize, x: f64): v128 {
  const position = (x - load<f64>(parameters + X_LOWER)) * load<f64>(parameters + X_PER_SPACING);
  const cell = min<f64>(load<f64>(parameters + X_NODES) - 2, max<f64>(0, floor<f64>(position)));
  // Saturating: a path without a finite value reads the first cell, and stays without one.
  const corner = row + <usize>i32x4.extract_lane(i32x4.trunc_sat_f64x2_s_zero(f64x2.splat(cell)), 0) * NODE;
  return between(v128.load(corner), v128.load(corner, 16), f64x2.splat(position - cell));
}

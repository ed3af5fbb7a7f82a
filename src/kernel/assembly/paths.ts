/**
 * Steps of many paths of a two-scale system (src/paths/heun.ts, src/paths/ornstein-uhlenbeck.ts) on a table of drifts.
 * A path is one f64x2, (x, y); a node of the table is one f64x2, (φ, b/ε).
 */
import { even0, even2, normalPairs, odd0, odd2 } from './random';

const NODE: usize = 16;

/** Doubles of a parameter block, see src/paths/wasm-paths.ts. */
const DT: usize = 0;
const NOISE: usize = 8;
/** The axes of a table: lower end, nodes per length and nodes, of x and of y. */
const AXES: usize = 16;
const X_LOWER: usize = AXES;
const X_PER_SPACING: usize = AXES + 8;
const X_NODES: usize = AXES + 16;
const SEED_LOW: usize = 64;
const SEED_HIGH: usize = 72;
const DECAY: usize = 80;
const LAG: usize = 88;
const SPREAD: usize = 96;
const SUM_OF_FIRST: usize = 104;
const SUM_OF_SECOND: usize = 112;
/** Of the feedback: axes and address of the drifts under the second control, and of the slopes. */
const OTHER: usize = 80;
const OTHER_TABLE: usize = 128;
const SLOPES: usize = 136;
const SLOPE_TABLE: usize = 184;

/** Paths that are stepped together. */
const GROUP = 4;

/** Stochastic Heun steps `firstStep`, …, `firstStep` + `steps` − 1 of paths [first, last), `first` a multiple of 4. */
export function heunPaths(
  parameters: usize,
  states: usize,
  table: usize,
  first: i32,
  last: i32,
  firstStep: i32,
  steps: i32,
): void {
  const seedLow = <u32>load<f64>(parameters + SEED_LOW);
  const seedHigh = <u32>load<f64>(parameters + SEED_HIGH);
  const noise = f64x2.splat(load<f64>(parameters + NOISE));
  const dt = f64x2.splat(load<f64>(parameters + DT));
  const nodes = nodesOf(parameters + AXES);
  const origin = originOf(parameters + AXES);
  const scale = scaleOf(parameters + AXES);
  const most = mostOf(parameters + AXES);
  const zero = f64x2.splat(0);
  for (let path = first; path < last; path += GROUP) {
    const at = states + <usize>path * NODE;
    let z0 = v128.load(at);
    let z1 = v128.load(at, 16);
    let z2 = v128.load(at, 32);
    let z3 = v128.load(at, 48);
    for (let step = firstStep; step < firstStep + steps; step++) {
      const isEven = (step & 1) == 0;
      if (isEven || step == firstStep) normalPairs(seedLow, seedHigh, path, step >> 1);
      const kick0 = f64x2.mul(noise, isEven ? even0 : odd0);
      const kick2 = f64x2.mul(noise, isEven ? even2 : odd2);
      z0 = heun(z0, v128.shuffle<f64>(zero, kick0, 0, 2), dt, table, origin, scale, most, nodes);
      z1 = heun(z1, v128.shuffle<f64>(zero, kick0, 0, 3), dt, table, origin, scale, most, nodes);
      z2 = heun(z2, v128.shuffle<f64>(zero, kick2, 0, 2), dt, table, origin, scale, most, nodes);
      z3 = heun(z3, v128.shuffle<f64>(zero, kick2, 0, 3), dt, table, origin, scale, most, nodes);
    }
    v128.store(at, z0);
    v128.store(at, z1, 16);
    v128.store(at, z2, 32);
    v128.store(at, z3, 48);
  }
}

/**
 * The same where the control is the one of two with the smaller φ·p (the first in a tie), p from a table of slopes
 * (p, 0) on axes of its own.
 */
export function feedbackPaths(
  parameters: usize,
  states: usize,
  table: usize,
  first: i32,
  last: i32,
  firstStep: i32,
  steps: i32,
): void {
  const seedLow = <u32>load<f64>(parameters + SEED_LOW);
  const seedHigh = <u32>load<f64>(parameters + SEED_HIGH);
  const noise = f64x2.splat(load<f64>(parameters + NOISE));
  const dt = f64x2.splat(load<f64>(parameters + DT));
  const zero = f64x2.splat(0);
  for (let path = first; path < last; path += GROUP) {
    const at = states + <usize>path * NODE;
    for (let step = firstStep; step < firstStep + steps; step++) {
      const isEven = (step & 1) == 0;
      if (isEven || step == firstStep) normalPairs(seedLow, seedHigh, path, step >> 1);
      const kick0 = f64x2.mul(noise, isEven ? even0 : odd0);
      const kick2 = f64x2.mul(noise, isEven ? even2 : odd2);
      chosenHeun(at, v128.shuffle<f64>(zero, kick0, 0, 2), dt, parameters, table);
      chosenHeun(at + 16, v128.shuffle<f64>(zero, kick0, 0, 3), dt, parameters, table);
      chosenHeun(at + 32, v128.shuffle<f64>(zero, kick2, 0, 2), dt, parameters, table);
      chosenHeun(at + 48, v128.shuffle<f64>(zero, kick2, 0, 3), dt, parameters, table);
    }
  }
}

// @ts-ignore: decorator of AssemblyScript
@inline
function chosenHeun(at: usize, kick: v128, dt: v128, parameters: usize, table: usize): void {
  const z = v128.load(at);
  const here = chosenDrift(z, parameters, table);
  const predicted = f64x2.add(f64x2.add(z, f64x2.mul(dt, here)), kick);
  const there = chosenDrift(predicted, parameters, table);
  const mean = f64x2.mul(f64x2.splat(0.5), f64x2.add(here, there));
  v128.store(at, f64x2.add(f64x2.add(z, f64x2.mul(dt, mean)), kick));
}

function chosenDrift(z: v128, parameters: usize, table: usize): v128 {
  const one = onAxes(z, parameters + AXES, table);
  const other = onAxes(z, parameters + OTHER, <usize>load<f64>(parameters + OTHER_TABLE));
  const slope = f64x2.extract_lane(onAxes(z, parameters + SLOPES, <usize>load<f64>(parameters + SLOPE_TABLE)), 0);
  const rate = f64x2.extract_lane(one, 0) * slope;
  return f64x2.extract_lane(other, 0) * slope < rate ? other : one;
}

/** A table on axes that stand at an address. */
// @ts-ignore: decorator of AssemblyScript
@inline
function onAxes(z: v128, axes: usize, table: usize): v128 {
  return drift(z, table, originOf(axes), scaleOf(axes), mostOf(axes), nodesOf(axes));
}

// @ts-ignore: decorator of AssemblyScript
@inline
function originOf(axes: usize): v128 {
  return f64x2(load<f64>(axes), load<f64>(axes, 24));
}

// @ts-ignore: decorator of AssemblyScript
@inline
function scaleOf(axes: usize): v128 {
  return f64x2(load<f64>(axes, 8), load<f64>(axes, 32));
}

/** The last cell along each axis. */
// @ts-ignore: decorator of AssemblyScript
@inline
function mostOf(axes: usize): v128 {
  return f64x2(load<f64>(axes, 16) - 2, load<f64>(axes, 40) - 2);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function nodesOf(axes: usize): usize {
  return <usize>load<f64>(axes, 16);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function heun(z: v128, kick: v128, dt: v128, table: usize, origin: v128, scale: v128, most: v128, nodes: usize): v128 {
  const here = drift(z, table, origin, scale, most, nodes);
  const predicted = f64x2.add(f64x2.add(z, f64x2.mul(dt, here)), kick);
  const there = drift(predicted, table, origin, scale, most, nodes);
  const mean = f64x2.mul(f64x2.splat(0.5), f64x2.add(here, there));
  return f64x2.add(f64x2.add(z, f64x2.mul(dt, mean)), kick);
}

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
): void {
  const seedLow = <u32>load<f64>(parameters + SEED_LOW);
  const seedHigh = <u32>load<f64>(parameters + SEED_HIGH);
  for (let path = first; path < last; path += GROUP) {
    const at = states + <usize>path * NODE;
    for (let step = firstStep; step < firstStep + steps; step++) {
      normalPairs(seedLow, seedHigh, path, step);
      relax(at, parameters, table, f64x2.extract_lane(even0, 0), f64x2.extract_lane(odd0, 0));
      relax(at + 16, parameters, table, f64x2.extract_lane(even0, 1), f64x2.extract_lane(odd0, 1));
      relax(at + 32, parameters, table, f64x2.extract_lane(even2, 0), f64x2.extract_lane(odd2, 0));
      relax(at + 48, parameters, table, f64x2.extract_lane(even2, 1), f64x2.extract_lane(odd2, 1));
    }
  }
}

/** One step of one path, see src/paths/ornstein-uhlenbeck.ts. */
// @ts-ignore: decorator of AssemblyScript
@inline
function relax(at: usize, parameters: usize, table: usize, first: f64, second: f64): void {
  const x = load<f64>(at);
  const y = load<f64>(at, 8);
  const dt = load<f64>(parameters + DT);
  const lag = load<f64>(parameters + LAG);
  const sum = load<f64>(parameters + SUM_OF_FIRST) * first + load<f64>(parameters + SUM_OF_SECOND) * second;
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
  store<f64>(at, x + 0.5 * (moved + movedThere));
  const kick = load<f64>(parameters + SPREAD) * first;
  store<f64>(at, middle + load<f64>(parameters + DECAY) * (y - middle) + kick, 8);
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

/** (φ, b/ε) at a point: linear along each axis, continued linearly outside the table. */
// @ts-ignore: decorator of AssemblyScript
@inline
function drift(z: v128, table: usize, origin: v128, scale: v128, most: v128, nodes: usize): v128 {
  const position = f64x2.mul(f64x2.sub(z, origin), scale);
  const cell = f64x2.pmin(most, f64x2.pmax(f64x2.splat(0), f64x2.floor(position)));
  const share = f64x2.sub(position, cell);
  const index = i32x4.trunc_sat_f64x2_s_zero(cell);
  const corner = table + (<usize>i32x4.extract_lane(index, 1) * nodes + <usize>i32x4.extract_lane(index, 0)) * NODE;
  const across = corner + nodes * NODE;
  const right = v128.shuffle<f64>(share, share, 0, 0);
  const lower = between(v128.load(corner), v128.load(corner, 16), right);
  const upper = between(v128.load(across), v128.load(across, 16), right);
  return between(lower, upper, v128.shuffle<f64>(share, share, 1, 1));
}

// @ts-ignore: decorator of AssemblyScript
@inline
function between(a: v128, b: v128, share: v128): v128 {
  return f64x2.add(a, f64x2.mul(share, f64x2.sub(b, a)));
}

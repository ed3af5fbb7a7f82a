/**
 * Stochastic Heun steps of many paths of a two-scale system (src/paths/heun.ts) on tables of drifts, under one control
 * or the better one of two.
 */
import { drift, inCell, mostOf, NODE, nodesOf, originOf, scaleOf } from './drift-table';
import { drawKicks, GROUP, keepReach, kicks0, kicks2, reached, startReach } from './path-noise';
import { AXES, DT, NOISE, OTHER_TABLE, SEED_HIGH, SEED_LOW, SLOPE_TABLE, SLOPES } from './path-parameters';

/**
 * Stochastic Heun steps `firstStep`, …, `firstStep` + `steps` − 1 of paths [first, last), `first` a multiple of 4. The
 * box at `reach` is widened until it holds their states.
 */
export function heunPaths(
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
      drawKicks(noise, seedLow, seedHigh, path, step, noiseOf, step == firstStep);
      z0 = heun(z0, v128.shuffle<f64>(zero, kicks0, 0, 2), dt, table, origin, scale, most, nodes);
      z1 = heun(z1, v128.shuffle<f64>(zero, kicks0, 0, 3), dt, table, origin, scale, most, nodes);
      z2 = heun(z2, v128.shuffle<f64>(zero, kicks2, 0, 2), dt, table, origin, scale, most, nodes);
      z3 = heun(z3, v128.shuffle<f64>(zero, kicks2, 0, 3), dt, table, origin, scale, most, nodes);
      reached(f64x2.pmin(f64x2.pmin(z0, z1), f64x2.pmin(z2, z3)));
      reached(f64x2.pmax(f64x2.pmax(z0, z1), f64x2.pmax(z2, z3)));
    }
    v128.store(at, z0);
    v128.store(at, z1, 16);
    v128.store(at, z2, 32);
    v128.store(at, z3, 48);
  }
  keepReach(reach);
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
  noiseOf: i32,
  reach: usize,
): void {
  startReach();
  const seedLow = <u32>load<f64>(parameters + SEED_LOW);
  const seedHigh = <u32>load<f64>(parameters + SEED_HIGH);
  const noise = f64x2.splat(load<f64>(parameters + NOISE));
  const dt = f64x2.splat(load<f64>(parameters + DT));
  const zero = f64x2.splat(0);
  readTables(parameters, table);
  for (let path = first; path < last; path += GROUP) {
    const at = states + <usize>path * NODE;
    for (let step = firstStep; step < firstStep + steps; step++) {
      drawKicks(noise, seedLow, seedHigh, path, step, noiseOf, step == firstStep);
      chosenHeun(at, v128.shuffle<f64>(zero, kicks0, 0, 2), dt);
      chosenHeun(at + 16, v128.shuffle<f64>(zero, kicks0, 0, 3), dt);
      chosenHeun(at + 32, v128.shuffle<f64>(zero, kicks2, 0, 2), dt);
      chosenHeun(at + 48, v128.shuffle<f64>(zero, kicks2, 0, 3), dt);
    }
  }
  keepReach(reach);
}

/** The tables of a call: two of drifts on the same axes, and one of slopes. */
let drifts: usize = 0;
let others: usize = 0;
let slopes: usize = 0;
let origin: v128 = f64x2.splat(0);
let scale: v128 = f64x2.splat(0);
let most: v128 = f64x2.splat(0);
let nodes: usize = 0;
let slopeOrigin: v128 = f64x2.splat(0);
let slopeScale: v128 = f64x2.splat(0);
let slopeMost: v128 = f64x2.splat(0);
let slopeNodes: usize = 0;

function readTables(parameters: usize, table: usize): void {
  drifts = table;
  others = <usize>load<f64>(parameters + OTHER_TABLE);
  slopes = <usize>load<f64>(parameters + SLOPE_TABLE);
  origin = originOf(parameters + AXES);
  scale = scaleOf(parameters + AXES);
  most = mostOf(parameters + AXES);
  nodes = nodesOf(parameters + AXES);
  slopeOrigin = originOf(parameters + SLOPES);
  slopeScale = scaleOf(parameters + SLOPES);
  slopeMost = mostOf(parameters + SLOPES);
  slopeNodes = nodesOf(parameters + SLOPES);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function chosenHeun(at: usize, kick: v128, dt: v128): void {
  const z = v128.load(at);
  const here = chosenDrift(z);
  const predicted = f64x2.add(f64x2.add(z, f64x2.mul(dt, here)), kick);
  const there = chosenDrift(predicted);
  const mean = f64x2.mul(f64x2.splat(0.5), f64x2.add(here, there));
  const moved = f64x2.add(f64x2.add(z, f64x2.mul(dt, mean)), kick);
  reached(moved);
  v128.store(at, moved);
}

/** The drift with the smaller φ·p, without a branch. */
// @ts-ignore: decorator of AssemblyScript
@inline
function chosenDrift(z: v128): v128 {
  const position = f64x2.mul(f64x2.sub(z, origin), scale);
  const cell = f64x2.pmin(most, f64x2.pmax(f64x2.splat(0), f64x2.floor(position)));
  const share = f64x2.sub(position, cell);
  const index = i32x4.trunc_sat_f64x2_s_zero(cell);
  const row = nodes * NODE;
  const node = <usize>i32x4.extract_lane(index, 1) * row + <usize>i32x4.extract_lane(index, 0) * NODE;
  const right = v128.shuffle<f64>(share, share, 0, 0);
  const up = v128.shuffle<f64>(share, share, 1, 1);
  const one = inCell(drifts + node, row, right, up);
  const other = inCell(others + node, row, right, up);
  const slope = drift(z, slopes, slopeOrigin, slopeScale, slopeMost, slopeNodes);
  const smaller = f64x2.lt(f64x2.mul(other, slope), f64x2.mul(one, slope));
  return v128.bitselect(other, one, v128.shuffle<f64>(smaller, smaller, 0, 0));
}

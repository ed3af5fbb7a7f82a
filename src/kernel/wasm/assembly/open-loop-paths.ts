/**
 * Stochastic Heun steps of many paths (src/paths/heun.ts) under a control u(t) between two, in which the drift is
 * affine: F = F₀ + w(t)(F₁ − F₀), F₀ and F₁ tables on the same axes, w one weight per time k·dt.
 */
import { between, inCell, mostOf, NODE, nodesOf, originOf, scaleOf } from './drift-table';
import { drawKicks, GROUP, keepReach, kicks0, kicks2, reached, startReach } from './path-noise';
import { AXES, DT, NOISE, OTHER_TABLE, SEED_HIGH, SEED_LOW, WEIGHTS } from './path-parameters';

/** Steps `firstStep`, …, `firstStep` + `steps` − 1 of paths [first, last), and their reach, as `heunPaths` has them. */
export function openLoopPaths(
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
  const other = <usize>load<f64>(parameters + OTHER_TABLE);
  const weights = <usize>load<f64>(parameters + WEIGHTS);
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
      const now = v128.load64_splat(weights + (<usize>step << 3));
      const then = v128.load64_splat(weights + (<usize>step << 3), 8);
      z0 = heun(z0, v128.shuffle<f64>(zero, kicks0, 0, 2), dt, now, then, table, other, origin, scale, most, nodes);
      z1 = heun(z1, v128.shuffle<f64>(zero, kicks0, 0, 3), dt, now, then, table, other, origin, scale, most, nodes);
      z2 = heun(z2, v128.shuffle<f64>(zero, kicks2, 0, 2), dt, now, then, table, other, origin, scale, most, nodes);
      z3 = heun(z3, v128.shuffle<f64>(zero, kicks2, 0, 3), dt, now, then, table, other, origin, scale, most, nodes);
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
function heun(
  z: v128,
  kick: v128,
  dt: v128,
  now: v128,
  then: v128,
  table: usize,
  other: usize,
  origin: v128,
  scale: v128,
  most: v128,
  nodes: usize,
): v128 {
  const here = blend(z, now, table, other, origin, scale, most, nodes);
  const predicted = f64x2.add(f64x2.add(z, f64x2.mul(dt, here)), kick);
  const there = blend(predicted, then, table, other, origin, scale, most, nodes);
  const mean = f64x2.mul(f64x2.splat(0.5), f64x2.add(here, there));
  return f64x2.add(f64x2.add(z, f64x2.mul(dt, mean)), kick);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function blend(
  z: v128,
  weight: v128,
  table: usize,
  other: usize,
  origin: v128,
  scale: v128,
  most: v128,
  nodes: usize,
): v128 {
  const position = f64x2.mul(f64x2.sub(z, origin), scale);
  const cell = f64x2.pmin(most, f64x2.pmax(f64x2.splat(0), f64x2.floor(position)));
  const share = f64x2.sub(position, cell);
  const index = i32x4.trunc_sat_f64x2_s_zero(cell);
  const row = nodes * NODE;
  const node = <usize>i32x4.extract_lane(index, 1) * row + <usize>i32x4.extract_lane(index, 0) * NODE;
  const right = v128.shuffle<f64>(share, share, 0, 0);
  const up = v128.shuffle<f64>(share, share, 1, 1);
  return between(inCell(table + node, row, right, up), inCell(other + node, row, right, up), weight);
}

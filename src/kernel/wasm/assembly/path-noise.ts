/** Noise of the steps of four paths, and the box that holds their states. */
import { even0, even2, normalPairs, odd0, odd2 } from './random';

/** Paths that are stepped together. */
export const GROUP = 4;

/** Noise of the steps of a call: their own, or the sum of that of two steps half as long. */
export const PAIRED = 1;

/** The corners of the smallest box that holds the states of a call. */
let lowest: v128 = f64x2.splat(Infinity);
let highest: v128 = f64x2.splat(-Infinity);

// @ts-ignore: decorator of AssemblyScript
@inline
export function reached(z: v128): void {
  lowest = f64x2.pmin(lowest, z);
  highest = f64x2.pmax(highest, z);
}

export function startReach(): void {
  lowest = f64x2.splat(Infinity);
  highest = f64x2.splat(-Infinity);
}

/** Widens the box that stands at an address. */
export function keepReach(reach: usize): void {
  v128.store(reach, f64x2.pmin(v128.load(reach), lowest));
  v128.store(reach, f64x2.pmax(v128.load(reach, 16), highest), 16);
}

/** The kicks of a step of four paths: its own, or the sum of those of two steps half as long. */
export let kicks0: v128 = f64x2.splat(0);
export let kicks2: v128 = f64x2.splat(0);

// @ts-ignore: decorator of AssemblyScript
@inline
export function drawKicks(
  noise: v128,
  seedLow: u32,
  seedHigh: u32,
  path: i32,
  step: i32,
  noiseOf: i32,
  isFirst: bool,
): void {
  if (noiseOf == PAIRED) {
    normalPairs(seedLow, seedHigh, path, step, 0);
    kicks0 = f64x2.mul(noise, f64x2.add(even0, odd0));
    kicks2 = f64x2.mul(noise, f64x2.add(even2, odd2));
    return;
  }
  const isEven = (step & 1) == 0;
  if (isEven || isFirst) normalPairs(seedLow, seedHigh, path, step >> 1, 0);
  kicks0 = f64x2.mul(noise, isEven ? even0 : odd0);
  kicks2 = f64x2.mul(noise, isEven ? even2 : odd2);
}

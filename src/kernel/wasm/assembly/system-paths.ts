/**
 * Stochastic Heun steps (src/paths/heun.ts) of a two-scale system of any dimension whose φ, ℓ and b are compiled
 * formulas, under controls that are known step by step or the argmin of a value function (src/paths/value-slopes.ts).
 * A state is (x, y) and, where there is a running cost, ∫ℓ dt. Operation by operation what the plain steps do.
 */
import { GROUP } from './path-noise';
import { even0, even2, normalPairs, odd0, odd2 } from './random';
import { COST, drift, FAST, NOISE, PAIRED, SEED_HIGH, SEED_LOW, SLOW, whole } from './system-drift';

/** Steps `firstStep`, …, `firstStep` + `steps` − 1 of paths [first, last), `first` a multiple of 4. */
export function systemPaths(
  parameters: usize,
  states: usize,
  scratch: usize,
  first: i32,
  last: i32,
  firstStep: i32,
  steps: i32,
): void {
  const n = whole(parameters, SLOW);
  const m = whole(parameters, FAST);
  const d = n + m + whole(parameters, COST);
  const paired = load<f64>(parameters + PAIRED) != 0;
  const seedLow = <u32>load<f64>(parameters + SEED_LOW);
  const seedHigh = <u32>load<f64>(parameters + SEED_HIGH);
  const noise = load<f64>(parameters + NOISE);
  const normals = scratch;
  const work = scratch + 64 * <usize>m;
  for (let path = first; path < last; path += GROUP) {
    for (let step = firstStep; step < firstStep + steps; step++) {
      const isOdd = !paired && (step & 1) == 1;
      if (!isOdd || step == firstStep) draw(normals, m, seedLow, seedHigh, path, paired ? step : step >> 1);
      for (let q = 0; q < GROUP; q++) {
        const z = states + (<usize>((path + q) * d) << 3);
        for (let c = 0; c < m; c++) {
          const at = normals + (<usize>(8 * c + q) << 3);
          const normal = paired ? load<f64>(at) + load<f64>(at, 32) : load<f64>(at + (isOdd ? 32 : 0));
          store<f64>(work + (<usize>c << 3), noise * normal);
        }
        heun(parameters, z, work, step, n, m, d);
      }
    }
  }
}

/** The normals of two steps of four paths for every fast component: four of the even step, then four of the odd one. */
function draw(normals: usize, m: i32, seedLow: u32, seedHigh: u32, path: i32, pair: i32): void {
  for (let c = 0; c < m; c++) {
    normalPairs(seedLow, seedHigh, path, pair, c);
    const at = normals + 64 * <usize>c;
    v128.store(at, even0);
    v128.store(at, even2, 16);
    v128.store(at, odd0, 32);
    v128.store(at, odd2, 48);
  }
}

/** One step of the state at z; the work space holds the kicks first. */
function heun(parameters: usize, z: usize, work: usize, step: i32, n: i32, m: i32, d: i32): void {
  const dt = load<f64>(parameters);
  const kicks = work;
  const here = kicks + (<usize>m << 3);
  const there = here + (<usize>d << 3);
  const predicted = there + (<usize>d << 3);
  const point = predicted + (<usize>d << 3);
  drift(parameters, here, z, point, step);
  for (let i = 0; i < d; i++) {
    const at = <usize>i << 3;
    const kick = i >= n && i < n + m ? load<f64>(kicks + (<usize>(i - n) << 3)) : 0;
    store<f64>(predicted + at, load<f64>(z + at) + dt * load<f64>(here + at) + kick);
  }
  drift(parameters, there, predicted, point, step + 1);
  for (let i = 0; i < d; i++) {
    const at = <usize>i << 3;
    const kick = i >= n && i < n + m ? load<f64>(kicks + (<usize>(i - n) << 3)) : 0;
    const mean = dt * (0.5 * (load<f64>(here + at) + load<f64>(there + at)));
    store<f64>(z + at, load<f64>(z + at) + mean + kick);
  }
}

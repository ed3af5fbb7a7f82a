/**
 * Stochastic Heun steps (src/paths/heun.ts) of a two-scale system of any dimension whose φ, ℓ and b are compiled
 * formulas, under controls that are known step by step or the argmin of a value function (src/paths/value-slopes.ts).
 * A state is (x, y) and, where there is a running cost, ∫ℓ dt. Operation by operation what the plain steps do.
 */
import { GROUP } from './path-noise';
import { even0, even2, normalPairs, odd0, odd2 } from './random';

/** φ and, where there is one, ℓ of the point (x, y, u, t). */
// @ts-ignore: decorator of AssemblyScript
@external('formulas', 'slow')
declare function slow(point: usize, out: usize): void;

/** b of the point (x, y, u, t). */
// @ts-ignore: decorator of AssemblyScript
@external('formulas', 'fast')
declare function fast(point: usize, out: usize): void;

/** Doubles of a parameter block, see src/paths/formula-paths.ts. */
const DT: usize = 0;
const EPSILON: usize = 8;
/** σ√dt of the fast components; of half a step where steps take the noise of two. */
const NOISE: usize = 16;
const SEED_LOW: usize = 24;
const SEED_HIGH: usize = 32;
const SLOW: usize = 40;
const FAST: usize = 48;
const CONTROLS: usize = 56;
const COST: usize = 64;
/** Rows of controls: their address, and how far rows of successive times stand apart, 0 where they do not change. */
const TABLE: usize = 72;
const ROW: usize = 80;
/** Of the argmin: candidates (0 for none), windows of time per length, axes of the value and their address. */
const CANDIDATES: usize = 88;
const HORIZON: usize = 96;
const WINDOWS: usize = 104;
const AXES: usize = 112;
const AXIS: usize = 120;
const SLOPES: usize = 128;
const NODES: usize = 136;
/** 1 where a step takes the noise of two steps half as long. */
const PAIRED: usize = 144;

// @ts-ignore: decorator of AssemblyScript
@inline
function whole(parameters: usize, offset: usize): i32 {
  return <i32>load<f64>(parameters + offset);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function address(parameters: usize, offset: usize): usize {
  return <usize>load<f64>(parameters + offset);
}

/** A few doubles; for so few a loop is faster than the instruction for blocks of memory. */
// @ts-ignore: decorator of AssemblyScript
@inline
function copy(to: usize, from: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<f64>(to + (<usize>i << 3), load<f64>(from + (<usize>i << 3)));
}

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

/** (φ, b/ε, ℓ) at a state and the time index·dt; the space at `point` holds (x, y, u, t), what was found, slopes. */
function drift(parameters: usize, out: usize, z: usize, point: usize, index: i32): void {
  const n = whole(parameters, SLOW);
  const m = whole(parameters, FAST);
  const controls = whole(parameters, CONTROLS);
  const cost = whole(parameters, COST);
  const u = point + (<usize>(n + m) << 3);
  const time = u + (<usize>controls << 3);
  const found = time + 8;
  copy(point, z, n + m);
  store<f64>(time, <f64>index * load<f64>(parameters + DT));
  const table = address(parameters, TABLE);
  const row = table + (<usize>(index * whole(parameters, ROW)) << 3);
  if (whole(parameters, CANDIDATES) > 0) {
    argmin(parameters, point, found, n, cost);
  } else {
    copy(u, row, controls);
    slow(point, found);
  }
  copy(out, found, n);
  if (cost > 0) copy(out + (<usize>(n + m) << 3), found + (<usize>n << 3), 1);
  fast(point, found);
  const epsilon = load<f64>(parameters + EPSILON);
  for (let i = 0; i < m; i++) {
    store<f64>(out + (<usize>(n + i) << 3), load<f64>(found + (<usize>i << 3)) / epsilon);
  }
}

/** (φ, ℓ) at the candidate with the smallest φ·p + ℓ, the first one in a tie; see `minimizer` of hamiltonian.ts. */
function argmin(parameters: usize, point: usize, found: usize, n: i32, cost: i32): void {
  const controls = whole(parameters, CONTROLS);
  const u = point + (<usize>(n + whole(parameters, FAST)) << 3);
  const bytes = <usize>(n + 1) << 3;
  const trial = found + bytes;
  const slope = trial + bytes;
  slopeAt(parameters, slope, point, load<f64>(u + (<usize>controls << 3)), n);
  const candidates = whole(parameters, CANDIDATES);
  let smallest = Infinity;
  for (let c = 0; c < candidates; c++) {
    copy(u, address(parameters, TABLE) + (<usize>(c * controls) << 3), controls);
    slow(point, trial);
    let rate: f64 = cost > 0 ? load<f64>(trial + (<usize>n << 3)) : 0;
    for (let i = 0; i < n; i++) rate += load<f64>(trial + (<usize>i << 3)) * load<f64>(slope + (<usize>i << 3));
    if (c == 0 || rate < smallest) copy(found, trial, n + 1);
    if (rate < smallest) smallest = rate;
  }
}

/** D_xV at (t, x, y): multilinear on the axes of the value, continued outside; see value-slopes.ts. */
function slopeAt(parameters: usize, slope: usize, point: usize, t: f64, n: i32): void {
  const axes = whole(parameters, AXES);
  const windows = load<f64>(parameters + WINDOWS);
  const share = slope + (<usize>n << 3);
  const position = floor<f64>((t / load<f64>(parameters + HORIZON)) * windows + 1e-9);
  const window = <i32>min<f64>(max<f64>(position, 0), windows - 1);
  const nodes = whole(parameters, NODES);
  let start = 0;
  for (let a = 0; a < axes; a++) {
    const axis = address(parameters, AXIS) + (<usize>a << 5);
    const at = (load<f64>(point + (<usize>a << 3)) - load<f64>(axis)) / load<f64>(axis, 8);
    const below = floor<f64>(at);
    const cell = below > 0 ? min<f64>(below, load<f64>(axis, 16) - 2) : 0;
    store<f64>(share + (<usize>a << 3), at - cell);
    start += <i32>cell * <i32>load<f64>(axis, 24);
  }
  const fields = address(parameters, SLOPES) + (<usize>(window * n * nodes) << 3);
  for (let i = 0; i < n; i++) store<f64>(slope + (<usize>i << 3), 0);
  for (let corner = 0; corner < 1 << axes; corner++) {
    let weight: f64 = 1;
    let k = start;
    for (let a = 0; a < axes; a++) {
      const upper = (corner >> a) & 1;
      const part = load<f64>(share + (<usize>a << 3));
      weight *= upper == 1 ? part : 1 - part;
      if (upper == 1) k += <i32>load<f64>(address(parameters, AXIS) + (<usize>a << 5), 24);
    }
    for (let i = 0; i < n; i++) {
      const at = slope + (<usize>i << 3);
      store<f64>(at, load<f64>(at) + weight * load<f64>(fields + (<usize>(i * nodes + k) << 3)));
    }
  }
}

/**
 * What steps of compiled formulas share: the parameter block, (φ, b/ε, ℓ) at a state, and the argmin of a value
 * function (src/paths/value-slopes.ts).
 */

/** φ and, where there is one, ℓ of the point (x, y, u, t). */
// @ts-ignore: decorator of AssemblyScript
@external('formulas', 'slow')
declare function slow(point: usize, out: usize): void;

/** b of the point (x, y, u, t). */
// @ts-ignore: decorator of AssemblyScript
@external('formulas', 'fast')
declare function fast(point: usize, out: usize): void;

/** Doubles of a parameter block, see src/paths/formula-paths.ts. */
export const DT: usize = 0;
export const EPSILON: usize = 8;
/** σ√dt of the fast components; of half a step where steps take the noise of two. */
export const NOISE: usize = 16;
export const SEED_LOW: usize = 24;
export const SEED_HIGH: usize = 32;
export const SLOW: usize = 40;
export const FAST: usize = 48;
export const CONTROLS: usize = 56;
export const COST: usize = 64;
/** Rows of controls: their address, and how far rows of successive times stand apart, 0 where they do not change. */
export const TABLE: usize = 72;
export const ROW: usize = 80;
/** Of the argmin: candidates (0 for none), windows of time per length, axes of the value and their address. */
export const CANDIDATES: usize = 88;
export const HORIZON: usize = 96;
export const WINDOWS: usize = 104;
export const AXES: usize = 112;
export const AXIS: usize = 120;
export const SLOPES: usize = 128;
export const NODES: usize = 136;
/** 1 where a step takes the noise of two steps half as long. */
export const PAIRED: usize = 144;

// @ts-ignore: decorator of AssemblyScript
@inline
export function whole(parameters: usize, offset: usize): i32 {
  return <i32>load<f64>(parameters + offset);
}

// @ts-ignore: decorator of AssemblyScript
@inline
export function address(parameters: usize, offset: usize): usize {
  return <usize>load<f64>(parameters + offset);
}

/** A few doubles; for so few a loop is faster than the instruction for blocks of memory. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function copy(to: usize, from: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<f64>(to + (<usize>i << 3), load<f64>(from + (<usize>i << 3)));
}

/** (φ, b/ε, ℓ) at a state and the time index·dt; the space at `point` holds (x, y, u, t), what was found, slopes. */
export function drift(parameters: usize, out: usize, z: usize, point: usize, index: i32): void {
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

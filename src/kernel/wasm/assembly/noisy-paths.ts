/**
 * Steps of Platen's scheme of weak order 2 (src/paths/platen.ts) of a two-scale system whose φ, ℓ, b, s and r are
 * compiled formulas, operation by operation what the plain steps do. A state is (x, y) and, where there is a running
 * cost, its integral.
 */
import { GROUP } from './path-noise';
import { even0, even2, normalPairs, odd0, odd2 } from './random';
import {
  address,
  CONTROLS,
  COST,
  copy,
  DT,
  drift,
  FAST,
  NOISE,
  PAIRED,
  ROW,
  SEED_HIGH,
  SEED_LOW,
  SLOW,
  TABLE,
  whole,
} from './system-drift';

/** s, row after row, then r, of the point (x, y, u, t). */
// @ts-ignore: decorator of AssemblyScript
@external('formulas', 'noise')
declare function noise(point: usize, out: usize): void;

/** Doubles of the parameter block after those of system-drift.ts, see src/paths/formula-paths.ts. */
const COLUMNS: usize = 152;
/** 1/√ε. */
const SCALE: usize = 160;
/** The streams of the Brownian motions and of the signs of their areas, and how many there are. */
const STREAMS: usize = 168;
const STREAM: usize = 176;
/** 1 where s and r are the same everywhere. */
const CONSTANT: usize = 184;
/** Per Brownian motion 1 where some coefficient sees what it moves. */
const SEEN: usize = 192;
/** The length of the steps that noise is drawn for. */
const DRAWN: usize = 200;

// @ts-ignore: decorator of AssemblyScript
@inline
function entry(base: usize, k: i32): usize {
  return base + (<usize>k << 3);
}

/** Where the parts of the work space begin. */
let moved: usize = 0;
let areas: usize = 0;
let here: usize = 0;
let there: usize = 0;
let predicted: usize = 0;
let fixed: usize = 0;
let plus: usize = 0;
let minus: usize = 0;
let point: usize = 0;

/** Steps `firstStep`, …, `firstStep` + `steps` − 1 of paths [first, last), `first` a multiple of 4. */
export function noisyPaths(
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
  const count = whole(parameters, COLUMNS) + m;
  const streams = whole(parameters, STREAM);
  const paired = load<f64>(parameters + PAIRED) != 0;
  const normals = scratch;
  moved = entry(normals, 8 * streams);
  areas = entry(moved, count);
  here = entry(areas, count * count);
  there = entry(here, d);
  predicted = entry(there, d);
  fixed = entry(predicted, d);
  plus = entry(fixed, d * count);
  minus = entry(plus, d * count);
  point = entry(minus, d * count);
  for (let path = first; path < last; path += GROUP) {
    for (let step = firstStep; step < firstStep + steps; step++) {
      const isOdd = !paired && (step & 1) == 1;
      if (!isOdd || step == firstStep) draw(parameters, normals, streams, path, paired ? step : step >> 1);
      for (let q = 0; q < GROUP; q++) {
        increments(parameters, normals, count, q, paired, isOdd);
        platen(parameters, entry(states, (path + q) * d), step, d, count);
      }
    }
  }
}

/** The normals of two steps of four paths for every stream: four of the even step, then four of the odd one. */
function draw(parameters: usize, normals: usize, streams: i32, path: i32, pair: i32): void {
  const seedLow = <u32>load<f64>(parameters + SEED_LOW);
  const seedHigh = <u32>load<f64>(parameters + SEED_HIGH);
  const numbers = address(parameters, STREAMS);
  for (let c = 0; c < streams; c++) {
    normalPairs(seedLow, seedHigh, path, pair, <i32>load<f64>(entry(numbers, c)));
    const at = entry(normals, 8 * c);
    v128.store(at, even0);
    v128.store(at, even2, 16);
    v128.store(at, odd0, 32);
    v128.store(at, odd2, 48);
  }
}

/** ΔW and V of path q of the group, as in src/paths/increments.ts. */
function increments(parameters: usize, normals: usize, count: i32, q: i32, paired: bool, isOdd: bool): void {
  const root = load<f64>(parameters + NOISE);
  for (let j = 0; j < count; j++) {
    const at = entry(normals, 8 * j + q);
    const normal = paired ? load<f64>(at) + load<f64>(at, 32) : load<f64>(at + (isOdd ? 32 : 0));
    store<f64>(entry(moved, j), root * normal);
  }
  if (load<f64>(parameters + CONSTANT) != 0) return;
  const drawn = load<f64>(parameters + DRAWN);
  let sign = count;
  for (let r = 0; r < count; r++) {
    for (let j = r + 1; j < count; j++) {
      const at = entry(normals, 8 * sign + q);
      sign++;
      let area: f64;
      if (paired) {
        const own = signed(load<f64>(at), drawn) + signed(load<f64>(at, 32), drawn);
        const rAt = entry(normals, 8 * r + q);
        const jAt = entry(normals, 8 * j + q);
        area = own + drawn * (load<f64>(rAt) * load<f64>(jAt, 32) - load<f64>(rAt, 32) * load<f64>(jAt));
      } else area = signed(load<f64>(at + (isOdd ? 32 : 0)), drawn);
      store<f64>(entry(areas, r * count + j), area);
      store<f64>(entry(areas, j * count + r), -area);
    }
  }
}

// @ts-ignore: decorator of AssemblyScript
@inline
function signed(normal: f64, size: f64): f64 {
  return normal > 0 ? size : -size;
}

/** One step of the state at z. */
function platen(parameters: usize, z: usize, step: i32, d: i32, count: i32): void {
  const dt = load<f64>(parameters + DT);
  const isConstant = load<f64>(parameters + CONSTANT) != 0;
  drift(parameters, here, z, point, step);
  noiseAt(parameters, fixed, z, step, d, count);
  for (let i = 0; i < d; i++) {
    const kick = kicked(i, count);
    store<f64>(entry(predicted, i), load<f64>(entry(z, i)) + dt * load<f64>(entry(here, i)) + kick);
  }
  drift(parameters, there, predicted, point, step + 1);
  for (let i = 0; i < d; i++) {
    const mean = dt * (0.5 * (load<f64>(entry(here, i)) + load<f64>(entry(there, i))));
    store<f64>(entry(there, i), mean + kicked(i, count));
  }
  if (!isConstant) {
    const root = sqrt<f64>(dt);
    for (let j = 0; j < count; j++) {
      around(parameters, z, step, d, count, j, dt, root);
      const own = load<f64>(entry(moved, j));
      correct(d, count, j, own, (own * own - dt) / root);
      if (count == 1 || load<f64>(entry(address(parameters, SEEN), j)) == 0) continue;
      around(parameters, z, step, d, count, j, 0, root);
      for (let other = 0; other < count; other++) {
        if (other == j) continue;
        const by = load<f64>(entry(moved, other));
        correct(d, count, other, by, (by * own + load<f64>(entry(areas, j * count + other))) / root);
      }
    }
  }
  for (let i = 0; i < d; i++) store<f64>(entry(z, i), load<f64>(entry(z, i)) + load<f64>(entry(there, i)));
}

/** Σ_j B_ij ΔW_j. */
// @ts-ignore: decorator of AssemblyScript
@inline
function kicked(i: i32, count: i32): f64 {
  let sum: f64 = 0;
  for (let j = 0; j < count; j++) sum += load<f64>(entry(fixed, i * count + j)) * load<f64>(entry(moved, j));
  return sum;
}

/** B at Z ± B_j √dt, from Z⁰ where `share` is dt and from Z where it is 0. */
function around(
  parameters: usize,
  z: usize,
  step: i32,
  d: i32,
  count: i32,
  j: i32,
  share: f64,
  root: f64,
): void {
  const index = share > 0 ? step + 1 : step;
  for (let i = 0; i < d; i++) {
    const by = root * load<f64>(entry(fixed, i * count + j));
    store<f64>(entry(predicted, i), load<f64>(entry(z, i)) + share * load<f64>(entry(here, i)) + by);
  }
  noiseAt(parameters, plus, predicted, index, d, count);
  for (let i = 0; i < d; i++) {
    const by = root * load<f64>(entry(fixed, i * count + j));
    store<f64>(entry(predicted, i), load<f64>(entry(z, i)) + share * load<f64>(entry(here, i)) - by);
  }
  noiseAt(parameters, minus, predicted, index, d, count);
}

/** What column k of B around Z adds to the step. */
function correct(d: i32, count: i32, k: i32, by: f64, product: f64): void {
  for (let i = 0; i < d; i++) {
    const at = i * count + k;
    const above = load<f64>(entry(plus, at));
    const below = load<f64>(entry(minus, at));
    const change = above + below - 2 * load<f64>(entry(fixed, at));
    const more = 0.25 * (change * by + (above - below) * product);
    store<f64>(entry(there, i), load<f64>(entry(there, i)) + more);
  }
}

/** B at a state and the time index·dt. */
function noiseAt(parameters: usize, out: usize, z: usize, index: i32, d: i32, count: i32): void {
  const n = whole(parameters, SLOW);
  const m = whole(parameters, FAST);
  const columns = count - m;
  const controls = whole(parameters, CONTROLS);
  const u = entry(point, n + m);
  const found = entry(u, controls + 1);
  copy(point, z, n + m);
  store<f64>(entry(u, controls), <f64>index * load<f64>(parameters + DT));
  copy(u, entry(address(parameters, TABLE), index * whole(parameters, ROW)), controls);
  noise(point, found);
  for (let k = 0; k < d * count; k++) store<f64>(entry(out, k), 0);
  for (let i = 0; i < n; i++) copy(entry(out, i * count), entry(found, i * columns), columns);
  const scale = load<f64>(parameters + SCALE);
  for (let k = 0; k < m; k++) {
    store<f64>(entry(out, (n + k) * count + columns + k), load<f64>(entry(found, n * columns + k)) * scale);
  }
}

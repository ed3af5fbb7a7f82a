/**
 * IMEX Euler with one moving candidate without cost, n = 1, in one pass over memory per step.
 *
 * Step k eliminates its line systems upwards in y where k is odd and downwards where it is even, so the substitution of
 * step k − 1 and the sweep and elimination of step k go the same way and share a pass:
 *
 *   V_j = V_b + killed_j (T_j − V_b)                   substitution of step k − 1, b the row before
 *   M_j = min(V_j, base + r_j (next − base), passed)    the explicit sweep: base is V_j, or V some cells away where the
 *                                                       foot is longer; runs of lanes share the distance
 *   T_j = T_b + share_j (M_j − T_b)                     elimination of step k, in the place of the old T_j
 *
 * V lives in two rows of scratch. Lanes next to the block of a thread belong to its neighbours, who overwrite their T
 * meanwhile: the `halo` columns of T at its edges are handed over through two sets of columns, taken in turn.
 */
import { SIZE, STRIP } from './difference';
import { blend, towards } from './lines';

/** What a pass works on; written by src/kernel/wasm/imex.ts word by word. Addresses of doubles unless said. */
// @ts-ignore: decorator
@unmanaged
export class ImexPass {
  field: u32;
  /** r_j, what is left of the cells moved behind the whole ones; < 0 where V goes on over an end. */
  rate: u32;
  /**
   * 32-bit words: where the runs of row j start, then per run the lane at which it ends and where `next` stands, in
   * cells: ±1 where base is the node itself.
   */
  runs: u32;
  /** Factors of the upward and the downward elimination. */
  shareUp: u32;
  killedUp: u32;
  shareDown: u32;
  killedDown: u32;
  /** Three rows: V, V of the row before, zeros. */
  rows: u32;
  lanes: i32;
  nodes: i32;
  first: i32;
  last: i32;
  /** `nodes` rows of `halo` doubles, those of odd steps after those of even steps; own ones and the neighbours'. */
  ownLeft: u32;
  ownRight: u32;
  left: u32;
  right: u32;
  /** 1 if a control can rest: then no slope is positive. 2 if all between rest and the foot are admissible too. */
  rest: u32;
  /** Lanes that a foot reaches at most. */
  halo: i32;
}

/** Puts the edge columns of the value where the neighbours read them in the next step. */
export function handOver(at: usize, step: i32): void {
  const p = changetype<ImexPass>(at);
  for (let j = 0; j < p.nodes; j++) keepEdges(p, step, j, <usize>p.field + (<usize>(j * p.lanes)) * SIZE);
}

/** The pass of step `step`; `opening` 1 where the field holds V and not the T of the step before. 1 if T is finite. */
export function imexPass(at: usize, step: i32, opening: i32): i32 {
  const p = changetype<ImexPass>(at);
  const pitch = (<usize>p.lanes) * SIZE;
  const up = step & 1;
  const killed = <usize>(up ? p.killedDown : p.killedUp);
  const share = <usize>(up ? p.shareUp : p.shareDown);
  const top = f64x2.splat(p.rest ? 0 : Infinity);
  const zeros = <usize>p.rows + 2 * pitch;
  let row = <usize>p.rows;
  let before = zeros;
  let fieldBefore = zeros;
  for (let k = 0; k < p.nodes; k++) {
    const j = up ? k : p.nodes - 1 - k;
    const offset = (<usize>j) * pitch;
    const field = <usize>p.field + offset;
    if (opening) memory.copy(row + (<usize>p.first) * SIZE, field + (<usize>p.first) * SIZE, width(p));
    else blend(row, field, killed + offset, before, p.first, p.last);
    if (p.first > 0) beside(p.left, p, step, j, row, killed + offset, before, p.first - p.halo, opening);
    if (p.last < p.lanes) beside(p.right, p, step, j, row, killed + offset, before, p.last, opening);
    sweepRow(p, j, field, fieldBefore, share + offset, <usize>p.rate + offset, row, top);
    keepEdges(p, step, j, field);
    fieldBefore = field;
    before = row;
    row = row == <usize>p.rows ? row + pitch : <usize>p.rows;
  }
  return finiteRow(fieldBefore, p.first, p.last);
}

/** The substitution of step `step` alone: the field then holds V. */
export function imexClose(at: usize, step: i32): void {
  const p = changetype<ImexPass>(at);
  const pitch = (<usize>p.lanes) * SIZE;
  const down = step & 1;
  const killed = <usize>(down ? p.killedUp : p.killedDown);
  let before = <usize>p.rows + 2 * pitch;
  for (let k = 0; k < p.nodes; k++) {
    const offset = (<usize>(down ? p.nodes - 1 - k : k)) * pitch;
    const field = <usize>p.field + offset;
    blend(field, field, killed + offset, before, p.first, p.last);
    before = field;
  }
}

// @ts-ignore: decorator
@inline
function width(p: ImexPass): usize {
  return (<usize>(p.last - p.first)) * SIZE;
}

/** V at the lanes beside the block, from `lane` on, from the columns their owner handed over in the step before. */
function beside(
  columns: u32, p: ImexPass, step: i32, j: i32, row: usize, killed: usize, before: usize, lane: i32, opening: i32,
): void {
  const handed = columnsOf(columns, p, step - 1, j);
  for (let h = 0; h < p.halo; h++) {
    const o = (<usize>(lane + h)) * SIZE;
    const there = load<f64>(handed + (<usize>h) * SIZE);
    const back = load<f64>(before + o);
    store<f64>(row + o, opening ? there : back + load<f64>(killed + o) * (there - back));
  }
}

// @ts-ignore: decorator
@inline
function columnsOf(columns: u32, p: ImexPass, step: i32, j: i32): usize {
  return <usize>columns + (<usize>(((step & 1) * p.nodes + j) * p.halo)) * SIZE;
}

/** Hands the edges of a row over to the next step of the neighbours. */
function keepEdges(p: ImexPass, step: i32, j: i32, field: usize): void {
  const bytes = (<usize>p.halo) * SIZE;
  if (p.first > 0) memory.copy(columnsOf(p.ownLeft, p, step, j), field + (<usize>p.first) * SIZE, bytes);
  if (p.last < p.lanes) {
    memory.copy(columnsOf(p.ownRight, p, step, j), field + (<usize>(p.last - p.halo)) * SIZE, bytes);
  }
}

function sweepRow(
  p: ImexPass, j: i32, T: usize, before: usize, share: usize, rate: usize, V: usize, top: v128,
): void {
  let run = <usize>p.runs + (<usize>load<u32>(<usize>p.runs + (<usize>j) * 4)) * 4;
  let from = 0;
  while (from < p.last) {
    const to = load<i32>(run);
    const reach = load<i32>(run, 4);
    const a = max(from, p.first);
    const b = min(to, p.last);
    if (a < b) {
      if (abs(reach) == 1) sweepRun(T, before, share, rate, V, <isize>reach * <isize>SIZE, a, b, top);
      else sweepFar(T, before, share, rate, V, reach, a, b, p.rest);
    }
    from = to;
    run += 8;
  }
}

/** Sweep and elimination on a run of lanes whose feet lie between the nodes `reach` ∓ 1 and `reach` cells away. */
function sweepFar(
  T: usize, before: usize, share: usize, rate: usize, V: usize, reach: i32, first: i32, last: i32, rest: u32,
): void {
  const toward = reach > 0 ? <isize>SIZE : -(<isize>SIZE);
  const whole = abs(reach) - 1;
  const top = f64x2.splat(rest ? 0 : Infinity);
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  const near = <isize>whole * toward;
  const passes = rest == 2 ? near : 0;
  for (; o + 32 <= end; o += 32) {
    const a = V + o;
    const b = a + 16;
    let leastA = f64x2.splat(Infinity);
    let leastB = f64x2.splat(Infinity);
    for (let t: isize = 0; t != passes; ) {
      t += toward;
      leastA = f64x2.pmin(v128.load(a + t), leastA);
      leastB = f64x2.pmin(v128.load(b + t), leastB);
    }
    const goalA = lowered(v128.load(a), f64x2.pmin(footAt(a + near, toward, rate + o), leastA), top);
    const goalB = lowered(v128.load(b), f64x2.pmin(footAt(b + near, toward, rate + o + 16), leastB), top);
    v128.store(T + o, towards(before + o, share + o, goalA));
    v128.store(T + o, towards(before + o + 16, share + o + 16, goalB), 16);
  }
  for (; o < end; o += SIZE) {
    const at = V + o;
    const here = load<f64>(at);
    let least: f64 = Infinity;
    for (let t: isize = 0; t != passes; ) {
      t += toward;
      least = lesser(load<f64>(at + t), least);
    }
    const base = load<f64>(at + near);
    const slope = lesser(least, base + load<f64>(rate + o) * (load<f64>(at + near + toward) - base)) - here;
    const back = load<f64>(before + o);
    store<f64>(T + o, back + load<f64>(share + o) * (here + (rest && 0 < slope ? 0 : slope) - back));
  }
}

/** here + min(goal − here, top), NaN where one of them is. */
// @ts-ignore: decorator
@inline
function lowered(here: v128, goal: v128, top: v128): v128 {
  return f64x2.add(here, f64x2.pmin(f64x2.sub(goal, here), top));
}

/** V at the foot between two nodes. */
// @ts-ignore: decorator
@inline
function footAt(at: usize, toward: isize, rate: usize): v128 {
  const base = v128.load(at);
  return f64x2.add(base, f64x2.mul(v128.load(rate), f64x2.sub(v128.load(at + toward), base)));
}

/** b < a ? b : a, as pmin: keeps a NaN in b. */
// @ts-ignore: decorator
@inline
function lesser(a: f64, b: f64): f64 {
  return a < b ? a : b;
}

/** Sweep and elimination on a run of lanes whose differences look the same way. */
function sweepRun(
  T: usize, before: usize, share: usize, rate: usize, V: usize, reach: isize, first: i32, last: i32, top: v128,
): void {
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  const W = V + reach;
  for (; o + STRIP <= end; o += STRIP) {
    v128.store(T + o, towards(before + o, share + o, moved(rate + o, V + o, W + o, top)), 0);
    v128.store(T + o, towards(before + o + 16, share + o + 16, moved(rate + o + 16, V + o + 16, W + o + 16, top)), 16);
    v128.store(T + o, towards(before + o + 32, share + o + 32, moved(rate + o + 32, V + o + 32, W + o + 32, top)), 32);
    v128.store(T + o, towards(before + o + 48, share + o + 48, moved(rate + o + 48, V + o + 48, W + o + 48, top)), 48);
  }
  const limit = f64x2.extract_lane(top, 0);
  for (; o < end; o += SIZE) {
    const here = load<f64>(V + o);
    const slope = load<f64>(rate + o) * (load<f64>(W + o) - here);
    const back = load<f64>(before + o);
    const goal = here + (limit < slope ? limit : slope);
    store<f64>(T + o, back + load<f64>(share + o) * (goal - back));
  }
}

// @ts-ignore: decorator
@inline
function moved(rate: usize, V: usize, W: usize, top: v128): v128 {
  const here = v128.load(V);
  // pmin(a, b) is b < a ? b : a, which keeps a NaN slope.
  return f64x2.add(here, f64x2.pmin(f64x2.mul(v128.load(rate), f64x2.sub(v128.load(W), here)), top));
}

function finiteRow(row: usize, first: i32, last: i32): i32 {
  for (let i = first; i < last; i++) {
    const value = load<f64>(row + (<usize>i) * SIZE);
    if (value - value != 0) return 0;
  }
  return 1;
}

/** Long feet along the only axis there is, in runs of lanes whose feet reach equally far (src/kernel/wasm/reach.ts). */
import { SIZE } from './difference';
import { Sweep } from './sweep-list';

/** A run of lanes, as words. */
// @ts-ignore: decorator
@unmanaged
export class Run {
  first: i32;
  last: i32;
  /** Cells to the node behind the foot, signed; 0 where the foot stays. */
  reach: i32;
  isCut: i32;
}

/** Run k of a row. */
// @ts-ignore: decorator
@inline
export function runAt(runs: usize, k: i32): Run {
  return changetype<Run>(runs + 4 + (<usize>k) * 16);
}

/** dest = (V(foot) − V)/foot + ℓ of candidate c at the lanes of a row whose foot is long. */
export function feetOnLine(
  sweep: Sweep, dest: usize, c: i32, v: usize, row: usize, j: i32, first: i32, last: i32,
): void {
  const runs = sweep.runs(c, j);
  const count = load<i32>(runs);
  const cost = sweep.cost(c);
  for (let k = 0; k < count; k++) {
    const run = runAt(runs, k);
    const a = max(run.first, first);
    const b = min(run.last, last);
    if (a < b) footRun(dest, sweep.rate(c, 0) + row, cost == 0 ? 0 : cost + row, v, run, a, b, sweep.foot());
  }
}

function footRun(
  dest: usize, rate: usize, cost: usize, v: usize, run: Run, first: i32, last: i32, foot: f64,
): void {
  const whole = abs(run.reach) - 1;
  const toward = run.reach > 0 ? <isize>SIZE : run.reach < 0 ? -(<isize>SIZE) : 0;
  const near = <isize>(run.reach == 0 ? 0 : whole) * toward;
  const far = near + toward;
  const cells = f64x2.splat(<f64>whole);
  const time = f64x2.splat(foot);
  const cut = run.isCut != 0;
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  for (; o + 16 <= end; o += 16) {
    const here = v128.load(v + o);
    const base = v128.load(v + o + near);
    const rest = cut ? f64x2.splat(1) : f64x2.sub(f64x2.mul(time, f64x2.abs(v128.load(rate + o))), cells);
    const there = f64x2.add(base, f64x2.mul(rest, f64x2.sub(v128.load(v + o + far), base)));
    const change = f64x2.div(f64x2.sub(there, here), time);
    v128.store(dest + o, cost == 0 ? change : f64x2.add(change, v128.load(cost + o)));
  }
  if (o < end) {
    const base = load<f64>(v + o + near);
    const rest = cut ? 1 : foot * abs(load<f64>(rate + o)) - <f64>whole;
    const there = base + rest * (load<f64>(v + o + far) - base);
    const change = (there - load<f64>(v + o)) / foot;
    store<f64>(dest + o, cost == 0 ? change : change + load<f64>(cost + o));
  }
}

/** target = min(target, the least between the ends of edge e, where one of them is long), in units of dt. */
export function lowerOnLine(
  sweep: Sweep, target: usize, e: i32, v: usize, row: usize, j: i32, first: i32, last: i32,
): void {
  const from = sweep.edgeEnd(e, 0);
  const to = sweep.edgeEnd(e, 1);
  const moving = from < 0 ? to : from;
  if ((from < 0 || to < 0) && sweep.cost(moving) == 0) passedOnLine(sweep, target, moving, v, j, first, last);
  else betweenOnLine(sweep, target, from, to, v, row, first, last);
}

/** The least over the nodes that candidate c passes on its way from rest, without costs. */
function passedOnLine(sweep: Sweep, target: usize, c: i32, v: usize, j: i32, first: i32, last: i32): void {
  const runs = sweep.runs(c, j);
  const count = load<i32>(runs);
  const time = f64x2.splat(sweep.foot());
  for (let k = 0; k < count; k++) {
    const run = runAt(runs, k);
    const whole = abs(run.reach) - 1;
    const toward = run.reach > 0 ? <isize>SIZE : -(<isize>SIZE);
    let o = (<usize>max(run.first, first)) * SIZE;
    const end = (<usize>min(run.last, last)) * SIZE;
    for (; o + 16 <= end; o += 16) {
      let least = v128.load(v + o);
      const here = least;
      for (let t = 1; t <= whole; t++) least = f64x2.min(least, v128.load(v + o + <isize>t * toward));
      const change = f64x2.div(f64x2.sub(least, here), time);
      v128.store(target + o, f64x2.min(v128.load(target + o), change));
    }
    for (; o < end; o += SIZE) {
      let least = load<f64>(v + o);
      for (let t = 1; t <= whole; t++) least = min(least, load<f64>(v + o + <isize>t * toward));
      store<f64>(target + o, min(load<f64>(target + o), (least - load<f64>(v + o)) / sweep.foot()));
    }
  }
}

/** The least over the nodes between the feet of two candidates (−1: rest), with the cost of the control between. */
function betweenOnLine(
  sweep: Sweep, target: usize, from: i32, to: i32, v: usize, row: usize, first: i32, last: i32,
): void {
  const foot = sweep.foot();
  const end = sweep.extent0 - 1;
  const rateFrom = from < 0 ? 0 : sweep.rate(from, 0) + row;
  const rateTo = to < 0 ? 0 : sweep.rate(to, 0) + row;
  const costFrom = from < 0 || sweep.cost(from) == 0 ? 0 : sweep.cost(from) + row;
  const costTo = to < 0 || sweep.cost(to) == 0 ? 0 : sweep.cost(to) + row;
  for (let s = first; s < last; s++) {
    const o = (<usize>s) * SIZE;
    const a = rateFrom == 0 ? 0 : foot * load<f64>(rateFrom + o);
    const b = rateTo == 0 ? 0 : foot * load<f64>(rateTo + o);
    if (sweep.feet == 1 && !(abs(a) > 1 || abs(b) > 1)) continue;
    const start = <i32>max<f64>(ceil(min(a, b)), <f64>-s);
    const stop = <i32>min<f64>(floor(max(a, b)), <f64>(end - s));
    const low = costFrom == 0 ? 0 : load<f64>(costFrom + o);
    const high = costTo == 0 ? 0 : load<f64>(costTo + o);
    const here = load<f64>(v + o);
    let least = load<f64>(target + o);
    for (let t = start; t <= stop; t++) {
      const cells = <f64>t;
      if (cells == a || cells == b) continue;
      const there = load<f64>(v + o + <isize>t * <isize>SIZE);
      least = min(least, (there - here) / foot + (low + ((cells - a) / (b - a)) * (high - low)));
    }
    store<f64>(target + o, least);
  }
}

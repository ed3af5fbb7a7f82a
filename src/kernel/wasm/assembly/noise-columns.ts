/** Second differences of V along the columns of noise with cross terms: src/differencing/noise-columns.ts. */
import { SIZE } from './difference';
import { axisOf, footDifference } from './feet';
import { stand } from './node';
import { Sweep } from './sweep-list';

const ROUND_OFF: f64 = 1e-12;

/** target += dt times the second differences along all columns, on lanes [first, last) of row j. */
export function addColumns(
  target: usize, sweep: Sweep, v: usize, row: usize, j: i32, first: i32, last: i32, dt: f64, axes: usize,
): void {
  if (sweep.columns == 0) return;
  const arm = sweep.arm();
  const factor = dt / (arm * arm);
  for (let s = first; s < last; s++) {
    const o = (<usize>s) * SIZE;
    stand(sweep, axes, s, j);
    for (let c = 0; c < sweep.columns; c++) {
      const ahead = insidePart(sweep, axes, c, row + o, 1);
      const back = insidePart(sweep, axes, c, row + o, -1);
      if (ahead == 0 || back == 0) continue;
      const up = back * reached(sweep, axes, c, v + o, row + o, ahead);
      const down = ahead * reached(sweep, axes, c, v + o, row + o, -back);
      store<f64>(target + o, load<f64>(target + o) + (factor * (up + down)) / (ahead + back));
    }
  }
}

/** The whole arm of column c along an axis, in cells. */
// @ts-ignore: decorator
@inline
function cellsAlong(sweep: Sweep, c: i32, i: i32, at: usize): f64 {
  const entry = sweep.columnEntry(c, i);
  return entry == 0 ? 0 : sweep.arm() * load<f64>(entry + at);
}

/** The part of an arm that stays in the box. */
function insidePart(sweep: Sweep, axes: usize, c: i32, at: usize, side: f64): f64 {
  let part: f64 = 1;
  for (let i = 0; i < sweep.axes; i++) {
    const axis = axisOf(axes, i);
    const cells = cellsAlong(sweep, c, i, at);
    const room = <f64>(side * cells > 0 ? axis.last - axis.place : axis.place);
    const length = abs(cells);
    if (part * length > room + ROUND_OFF) part = room / length;
  }
  return part;
}

/** V at the end of a part of an arm, less V at the node. */
function reached(sweep: Sweep, axes: usize, c: i32, v: usize, at: usize, part: f64): f64 {
  for (let i = 0; i < sweep.axes; i++) {
    const axis = axisOf(axes, i);
    axis.leaves = 0;
    axis.cells = part * cellsAlong(sweep, c, i, at);
  }
  return footDifference(axes, sweep.axes, v);
}

/** Values at feet longer than a cell: src/differencing/feet.ts, without its lists. V is addressed in bytes. */
import { SIZE } from './difference';

/** Most axes a sweep moves along: two slow and two fast ones. */
export const MOST_AXES: i32 = 4;

/**
 * What a node sees along its axes, in scratch memory: per axis 32-bit words and doubles. Filled by `stand` of node.ts.
 */
// @ts-ignore: decorator
@unmanaged
export class Axis {
  /** Bytes to the neighbour ahead. */
  reach: i32;
  place: i32;
  last: i32;
  /** 1 (2) if all controls leave over the lower (upper) end. */
  leaves: i32;
  /** Cells moved, signed; inside the box after `clip`. */
  cells: f64;
  /** Whole and rest of |d_1| + … + |d_i|. */
  whole: i32;
  unused: i32;
  part: f64;
}

export const AXIS_SIZE: usize = 40;

// @ts-ignore: decorator
@inline
export function axisOf(axes: usize, i: i32): Axis {
  return changetype<Axis>(axes + (<usize>i) * AXIS_SIZE);
}

/** V(foot) − V(node) for the cells that stand in the axes; v is the address of V at the node. */
export function footDifference(axes: usize, count: i32, v: usize): f64 {
  let beyond: f64 = 0;
  for (let i = 0; i < count; i++) beyond += clip(axisOf(axes, i), v);
  if (count == 1) return along(axisOf(axes, 0), v) - load<f64>(v) + beyond;
  let total: f64 = 0;
  for (let i = 0; i < count; i++) {
    const axis = axisOf(axes, i);
    total += abs(axis.cells);
    const whole = floor(total);
    axis.whole = <i32>whole;
    axis.part = total - whole;
  }
  // From the corner with all sums rounded down upwards: a sum is rounded up once the level falls to its part.
  let value: f64 = 0;
  let level: f64 = 1;
  let corner: f64 = Infinity;
  while (level > 0) {
    let next: f64 = 0;
    for (let i = 0; i < count; i++) {
      const part = axisOf(axes, i).part;
      if (part < corner && part > next) next = part;
    }
    if (level > next) value += (level - next) * load<f64>(v + cornerAt(axes, count, corner));
    level = next;
    corner = next;
  }
  return value - load<f64>(v) + beyond;
}

/** Cuts off what leads over an end; returns what goes on along the slope of the last cell. */
function clip(axis: Axis, v: usize): f64 {
  const ahead = axis.cells > 0;
  const room = <f64>(ahead ? axis.last - axis.place : axis.place);
  const over = abs(axis.cells) - room;
  if (!(over > 0)) return 0;
  axis.cells = ahead ? room : -room;
  if (!(axis.leaves & (ahead ? 2 : 1))) return 0;
  const toward = ahead ? axis.reach : -axis.reach;
  const end = <isize>v + <isize>(<i32>room) * <isize>toward;
  return over * (load<f64>(<usize>end) - load<f64>(<usize>(end - toward)));
}

function along(axis: Axis, v: usize): f64 {
  const length = abs(axis.cells);
  const toward = axis.cells > 0 ? axis.reach : -axis.reach;
  const whole = floor(length);
  const part = length - whole;
  const at = <usize>(<isize>v + <isize>(<i32>whole) * <isize>toward);
  if (part == 0) return load<f64>(at);
  return (1 - part) * load<f64>(at) + part * load<f64>(at + <usize>(<isize>toward));
}

/** Bytes from the node to the corner whose sums are rounded up where their part is ≥ `level`. */
function cornerAt(axes: usize, count: i32, level: f64): isize {
  let bytes: isize = 0;
  let before = 0;
  for (let i = 0; i < count; i++) {
    const axis = axisOf(axes, i);
    const sum = axis.whole + (axis.part >= level ? 1 : 0);
    const room = axis.cells > 0 ? axis.last - axis.place : axis.place;
    const steps = min(max(sum - before, 0), room);
    const toward = axis.cells > 0 ? axis.reach : axis.cells < 0 ? -axis.reach : 0;
    bytes += <isize>steps * <isize>toward;
    before = sum;
  }
  return bytes;
}

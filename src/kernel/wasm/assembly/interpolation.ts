import { SIZE } from './difference';
import { Sweep } from './sweep-list';

/** dest = dt·dest + I[V](x + dt·φ) − V for candidate c, I multilinear, feet moved into the box. */
export function feet(
  sweep: Sweep, dest: usize, c: i32, v: usize, row: usize, first: i32, last: i32, dt: f64,
): void {
  const r0 = sweep.rate(c, 0) + row;
  const r1 = sweep.axes > 1 ? sweep.rate(c, 1) + row : 0;
  for (let s = first; s < last; s++) {
    const o = (<usize>s) * SIZE;
    const i = s % sweep.extent0;
    const foot0 = inside(<f64>i + dt * load<f64>(r0 + o), sweep.extent0);
    const cell0 = min(<i32>foot0, sweep.extent0 - 2);
    const part0 = foot0 - <f64>cell0;
    let value: f64;
    if (sweep.axes == 1) value = along(v + (<usize>cell0) * SIZE, part0);
    else {
      const foot1 = inside(<f64>(s / sweep.extent0) + dt * load<f64>(r1 + o), sweep.extent1);
      const cell1 = min(<i32>foot1, sweep.extent1 - 2);
      const part1 = foot1 - <f64>cell1;
      const corner = v + (<usize>(cell1 * sweep.extent0 + cell0)) * SIZE;
      const across = (<usize>sweep.extent0) * SIZE;
      value = (1 - part1) * along(corner, part0) + part1 * along(corner + across, part0);
    }
    store<f64>(dest + o, value - load<f64>(v + o) + dt * load<f64>(dest + o));
  }
}

// @ts-ignore: decorator
@inline
function inside(foot: f64, extent: i32): f64 {
  return min<f64>(max<f64>(foot, 0), <f64>(extent - 1));
}

// @ts-ignore: decorator
@inline
function along(v: usize, part: f64): f64 {
  return (1 - part) * load<f64>(v) + part * load<f64>(v + SIZE);
}

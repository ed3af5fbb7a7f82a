/** target += one term of a sweep along a fast axis: all lanes of a row stand at the same `place` of `extent`. */
import { addAtEnd, addCurvature } from './along-axis';
import { addInside, addNearEnd } from './difference';

/** target += r·difference of a kind; neighbours along the axis are `reach` bytes apart. */
export function addRowSlopes(
  kind: i32, margin: i32, target: usize, rate: usize, v: usize, reach: usize, place: i32, extent: i32, floor: f64,
  first: i32, last: i32,
): void {
  if (place == 0 || place == extent - 1) {
    addAtEnd(target, rate, v, place == 0 ? <isize>reach : -(<isize>reach), first, last);
    return;
  }
  const edge = (place < margin ? 1 : 0) | (place >= extent - margin ? 2 : 0);
  if (edge != 0) addNearEnd(kind, target, rate, v, reach, floor, edge, first, last);
  else addInside(kind, target, rate, v, reach, floor, first, last);
}

/** target += dt·ν (V_{+} − 2V + V_{−})/2 but at the ends of the axis. */
export function addRowViscosity(
  target: usize, viscosity: usize, v: usize, reach: usize, place: i32, extent: i32, dt: f64, first: i32, last: i32,
): void {
  if (place != 0 && place != extent - 1) addCurvature(target, viscosity, v, reach, dt, first, last);
}

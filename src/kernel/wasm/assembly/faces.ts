/**
 * The least of a family of several controls with affine rates: stationary points on every face of the box, cut with
 * every set of hyperplanes r_i = 0, for every pattern of signs of the others (src/control/least-quadratic.ts).
 */
import { SIZE } from './difference';
import { backward, Family, forward, term } from './family';

/** Rows of a system: at most 3 controls and as many rates that vanish; one more column for the right side. */
const COLUMNS: i32 = 8;
const POINT: usize = 1280;
const SYSTEM: usize = 1344;

// @ts-ignore: decorator
@inline
function point(axes: usize, c: i32): usize {
  return axes + POINT + (<usize>c) * SIZE;
}

// @ts-ignore: decorator
@inline
function entry(axes: usize, row: i32, column: i32): usize {
  return axes + SYSTEM + (<usize>(row * COLUMNS + column)) * SIZE;
}

/** Powers of 3 number the faces: digit c is 0 at the lower end of control c, 1 at the upper one, 2 where it is free. */
export function leastOnFaces(family: Family, axes: usize, moved: i32): f64 {
  const controls = family.controls;
  let faces = 1;
  for (let c = 0; c < controls; c++) faces *= 3;
  let least: f64 = Infinity;
  for (let face = 0; face < faces; face++) {
    const free = freeOn(family, face);
    if (free < 0) continue;
    for (let zeros = 0; zeros < 1 << moved; zeros++) {
      const vanishing = popcnt(zeros);
      if (vanishing > free) continue;
      for (let signs = 0; signs < 1 << moved; signs++) {
        // Signs of rates that vanish say nothing; where all freedom is used up no sign does.
        if ((signs & zeros) != 0 || (vanishing == free && signs != 0)) continue;
        if (stationary(family, axes, moved, face, zeros, signs)) least = min(least, valueAt(family, axes, moved));
      }
    }
  }
  return least;
}

/** The number of free controls on a face; −1 if the face lies at an infinite end or repeats another one. */
function freeOn(family: Family, face: i32): i32 {
  let free = 0;
  let rest = face;
  for (let c = 0; c < family.controls; c++) {
    const digit = rest % 3;
    rest /= 3;
    if (digit == 2) {
      free++;
      continue;
    }
    const end = digit == 0 ? family.lower(c) : family.upper(c);
    if (end - end != 0) return -1;
  }
  return free;
}

// @ts-ignore: decorator
@inline
function digitOf(face: i32, c: i32): i32 {
  let rest = face;
  for (let k = 0; k < c; k++) rest /= 3;
  return rest % 3;
}

/** Puts the stationary point on a face into scratch memory, moved into the box; false where there is none. */
function stationary(family: Family, axes: usize, moved: i32, face: i32, zeros: i32, signs: i32): bool {
  const controls = family.controls;
  for (let c = 0; c < controls; c++) {
    const digit = digitOf(face, c);
    store<f64>(point(axes, c), digit == 2 ? 0 : digit == 0 ? family.lower(c) : family.upper(c));
  }
  const size = writeSystem(axes, controls, moved, face, zeros, signs);
  if (size == 0) return true;
  if (!eliminate(axes, size)) return false;
  let k = 0;
  for (let c = 0; c < controls; c++) {
    if (digitOf(face, c) != 2) continue;
    const u = load<f64>(entry(axes, k, size)) / load<f64>(entry(axes, k, k));
    if (u - u != 0) return false;
    store<f64>(point(axes, c), min(max(u, family.lower(c)), family.upper(c)));
    k++;
  }
  return true;
}

/** The equations of a stationary point under r_i = 0 for the vanishing i; returns their number. */
function writeSystem(axes: usize, controls: i32, moved: i32, face: i32, zeros: i32, signs: i32): i32 {
  const terms = 1 + controls + (controls * (controls + 1)) / 2;
  let free = 0;
  for (let c = 0; c < controls; c++) free += digitOf(face, c) == 2 ? 1 : 0;
  const size = free + <i32>popcnt(zeros);
  let row = 0;
  for (let c = 0; c < controls; c++) {
    if (digitOf(face, c) != 2) continue;
    let gradient = term(axes, terms, moved, 1 + c);
    for (let i = 0; i < moved; i++) {
      if ((zeros >> i) & 1) continue;
      const difference = load<f64>((signs >> i) & 1 ? forward(axes, i) : backward(axes, i));
      gradient += difference * term(axes, terms, i, 1 + c);
    }
    let column = 0;
    for (let d = 0; d < controls; d++) {
      const bend = curvature(axes, controls, moved, c, d);
      if (digitOf(face, d) == 2) store<f64>(entry(axes, row, column++), bend);
      else gradient += bend * load<f64>(point(axes, d));
    }
    for (let i = 0; i < moved; i++) {
      if ((zeros >> i) & 1) store<f64>(entry(axes, row, column++), term(axes, terms, i, 1 + c));
    }
    store<f64>(entry(axes, row++, size), -gradient);
  }
  for (let i = 0; i < moved; i++) {
    if (!((zeros >> i) & 1)) continue;
    let column = 0;
    let value = term(axes, terms, i, 0);
    for (let c = 0; c < controls; c++) {
      const slope = term(axes, terms, i, 1 + c);
      if (digitOf(face, c) == 2) store<f64>(entry(axes, row, column++), slope);
      else value += slope * load<f64>(point(axes, c));
    }
    while (column < size) store<f64>(entry(axes, row, column++), 0);
    store<f64>(entry(axes, row++, size), -value);
  }
  return size;
}

/** ∂²ℓ/∂u_c∂u_d. */
function curvature(axes: usize, controls: i32, moved: i32, c: i32, d: i32): f64 {
  const terms = 1 + controls + (controls * (controls + 1)) / 2;
  const first = min(c, d);
  const at = 1 + controls + first * controls - (first * (first - 1)) / 2 + (max(c, d) - first);
  const bend = term(axes, terms, moved, at);
  return c == d ? 2 * bend : bend;
}

/** Gauss–Jordan elimination with row exchanges; false where the system is singular. */
function eliminate(axes: usize, size: i32): bool {
  for (let p = 0; p < size; p++) {
    let best = p;
    for (let i = p + 1; i < size; i++) {
      if (abs(load<f64>(entry(axes, i, p))) > abs(load<f64>(entry(axes, best, p)))) best = i;
    }
    if (load<f64>(entry(axes, best, p)) == 0) return false;
    for (let k = p; k <= size; k++) {
      const upper = load<f64>(entry(axes, p, k));
      store<f64>(entry(axes, p, k), load<f64>(entry(axes, best, k)));
      store<f64>(entry(axes, best, k), upper);
    }
    for (let i = 0; i < size; i++) {
      if (i == p) continue;
      const factor = load<f64>(entry(axes, i, p)) / load<f64>(entry(axes, p, p));
      for (let k = p; k <= size; k++) {
        store<f64>(entry(axes, i, k), load<f64>(entry(axes, i, k)) - factor * load<f64>(entry(axes, p, k)));
      }
    }
  }
  return true;
}

/** q at the point. */
function valueAt(family: Family, axes: usize, moved: i32): f64 {
  const terms = family.terms();
  let value = quadraticAt(family, axes, terms, moved);
  for (let i = 0; i < moved; i++) {
    const rate = quadraticAt(family, axes, terms, i);
    value += rate * load<f64>(rate > 0 ? forward(axes, i) : backward(axes, i));
  }
  return value;
}

function quadraticAt(family: Family, axes: usize, terms: i32, q: i32): f64 {
  let value = term(axes, terms, q, 0);
  let k = 1 + family.controls;
  for (let c = 0; c < family.controls; c++) {
    const u = load<f64>(point(axes, c));
    value += term(axes, terms, q, 1 + c) * u;
    for (let d = c; d < family.controls; d++) value += term(axes, terms, q, k++) * (u * load<f64>(point(axes, d)));
  }
  return value;
}

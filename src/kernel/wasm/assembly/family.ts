/**
 * The least increment of the controls of a family at a node (src/differencing/family-increment.ts): of
 * q(u) = Σ_i [r_i⁺D_i⁺ + r_i⁻D_i⁻] + ℓ with quadratics r_i, ℓ, and for one control along one axis the
 * value at feet of any length.
 */
import { SIZE } from './difference';
import { leastOnFaces } from './faces';
import { leastOnFeet } from './long-family';
import { differenceMet, FAMILY } from './node';
import { halfCurvature } from './noise';
import { Sweep } from './sweep-list';

/** A family as words in memory, written by src/kernel/wasm/sweep-words.ts. */
// @ts-ignore: decorator
@unmanaged
export class Family {
  controls: i32;
  /** Doubles: the lower ends, then the upper ones. */
  ends: u32;
  /** 32-bit words: per axis, then for the cost, the addresses of the coefficient fields (0: none). */
  coefficients: u32;
  /** 1 where ν_i(u) of the slow axes follow the cost. */
  isNoisy: i32;

  // @ts-ignore: decorator
  @inline
  lower(c: i32): f64 {
    return load<f64>(<usize>this.ends + (<usize>c) * SIZE);
  }

  // @ts-ignore: decorator
  @inline
  upper(c: i32): f64 {
    return load<f64>(<usize>this.ends + (<usize>(this.controls + c)) * SIZE);
  }

  /** Coefficients of a quadratic: constant, slopes, products c ≤ d. */
  // @ts-ignore: decorator
  @inline
  terms(): i32 {
    return 1 + this.controls + (this.controls * (this.controls + 1)) / 2;
  }

  /** Coefficient k of quadratic q at byte `at` of the fields; those of the cost follow the rates. */
  // @ts-ignore: decorator
  @inline
  coefficient(q: i32, k: i32, at: usize): f64 {
    const field = <usize>load<u32>(<usize>this.coefficients + (<usize>(q * this.terms() + k)) * 4);
    return field == 0 ? 0 : load<f64>(field + at);
  }
}

/** What a node sees of a family, in scratch memory: differences, then quadratics. */
// @ts-ignore: decorator
@inline
export function forward(axes: usize, i: i32): usize {
  return axes + FAMILY + (<usize>i) * SIZE;
}

// @ts-ignore: decorator
@inline
export function backward(axes: usize, i: i32): usize {
  return axes + FAMILY + (<usize>(4 + i)) * SIZE;
}

/** Coefficient k of quadratic q. */
// @ts-ignore: decorator
@inline
export function term(axes: usize, terms: i32, q: i32, k: i32): f64 {
  return load<f64>(axes + FAMILY + (<usize>(8 + q * terms + k)) * SIZE);
}

/** The least of family f at lane s of a row, in units of dt; its axes stand in scratch memory. */
export function leastOfFamily(sweep: Sweep, f: i32, axes: usize, v: usize, at: usize, j: i32, steepest: v128): f64 {
  const family = sweep.family(f);
  const moved = sweep.moved();
  const terms = family.terms();
  const atFeet = sweep.feet != 0 && moved == 1 && family.controls == 1 && sweep.noiseReaches == 0;
  const cells = atFeet ? 1 : sweep.cells(at);
  for (let i = 0; i < moved; i++) {
    store<f64>(forward(axes, i), differenceMet(sweep, axes, i, 1, v, at, cells));
    store<f64>(backward(axes, i), differenceMet(sweep, axes, i, -1, v, at, cells));
  }
  for (let q = 0; q <= moved; q++) {
    for (let k = 0; k < terms; k++) {
      store<f64>(axes + FAMILY + (<usize>(8 + q * terms + k)) * SIZE, family.coefficient(q, k, at));
    }
  }
  if (family.isNoisy != 0) addNoise(sweep, family, axes, v, at, j);
  if (family.controls > 1) return leastOnFaces(family, axes, moved);
  const lower = family.lower(0);
  const upper = family.upper(0);
  if (!atFeet) return leastOnLine(axes, moved, lower, upper);
  return leastOnFeet(sweep, axes, v, at, lower, upper, steepest);
}

/** The noise that controls move is a part of the cost: ℓ(u) += Σ_i ν_i(u) D_i²V/2; ν_i follow the cost in the words. */
function addNoise(sweep: Sweep, family: Family, axes: usize, v: usize, at: usize, j: i32): void {
  const moved = sweep.moved();
  const terms = family.terms();
  for (let i = 0; i < sweep.axes; i++) {
    const curvature = halfCurvature(sweep, axes, i, v, j);
    for (let k = 0; k < terms; k++) {
      const place = axes + FAMILY + (<usize>(8 + moved * terms + k)) * SIZE;
      store<f64>(place, load<f64>(place) + family.coefficient(moved + 1 + i, k, at) * curvature);
    }
  }
}

/** Whether every control of a family has a rate along an axis of the sign of `side`. */
export function allLeave(family: Family, i: i32, side: f64, at: usize): bool {
  let least = family.coefficient(i, 0, at) * side;
  for (let c = 0; c < family.controls; c++) {
    const slope = family.coefficient(i, 1 + c, at) * side;
    if (family.controls == 1) {
      const bend = family.coefficient(i, 2, at) * side;
      return leastQuadratic(least, slope, bend, family.lower(0), family.upper(0)) > 0;
    }
    if (slope != 0) least += slope * (slope > 0 ? family.lower(c) : family.upper(c));
  }
  return least > 0;
}

/** min of a + b u + c u² over an interval whose ends may be infinite. */
export function leastQuadratic(a: f64, b: f64, c: f64, lower: f64, upper: f64): f64 {
  let least = min(quadraticAt(a, b, c, lower), quadraticAt(a, b, c, upper));
  if (c > 0) {
    const turn = -b / (2 * c);
    if (turn > lower && turn < upper) least = min(least, quadraticAt(a, b, c, turn));
  }
  return least;
}

function quadraticAt(a: f64, b: f64, c: f64, u: f64): f64 {
  if (u - u == 0) return a + b * u + c * (u * u);
  // At an infinite end the highest power decides.
  if (c != 0) return c > 0 ? Infinity : -Infinity;
  return b == 0 ? a : b * u;
}

/** The least over an interval of one control: ends, zeros of rates and stationary points of every pattern of signs. */
export function leastOnLine(axes: usize, moved: i32, lower: f64, upper: f64): f64 {
  let least = min(bracketAt(axes, moved, lower), bracketAt(axes, moved, upper));
  for (let i = 0; i < moved; i++) {
    const low = rootOf(term(axes, 3, i, 0), term(axes, 3, i, 1), term(axes, 3, i, 2), 0);
    const high = rootOf(term(axes, 3, i, 0), term(axes, 3, i, 1), term(axes, 3, i, 2), 1);
    least = min(least, bracketWithin(axes, moved, low, lower, upper));
    least = min(least, bracketWithin(axes, moved, high, lower, upper));
  }
  for (let signs = 0; signs < 1 << moved; signs++) {
    let slope = term(axes, 3, moved, 1);
    let bend = term(axes, 3, moved, 2);
    for (let i = 0; i < moved; i++) {
      const difference = load<f64>((signs >> i) & 1 ? forward(axes, i) : backward(axes, i));
      slope += term(axes, 3, i, 1) * difference;
      bend += term(axes, 3, i, 2) * difference;
    }
    if (bend > 0) least = min(least, bracketWithin(axes, moved, -slope / (2 * bend), lower, upper));
  }
  return least;
}

function bracketWithin(axes: usize, moved: i32, u: f64, lower: f64, upper: f64): f64 {
  return u > lower && u < upper ? bracketAt(axes, moved, u) : Infinity;
}

/** q(u) of one control; ∞ at an infinite end and where u is no number. */
function bracketAt(axes: usize, moved: i32, u: f64): f64 {
  if (u - u != 0) return Infinity;
  let value = term(axes, 3, moved, 0) + term(axes, 3, moved, 1) * u + term(axes, 3, moved, 2) * (u * u);
  for (let i = 0; i < moved; i++) {
    const rate = term(axes, 3, i, 0) + term(axes, 3, i, 1) * u + term(axes, 3, i, 2) * (u * u);
    value += rate * load<f64>(rate > 0 ? forward(axes, i) : backward(axes, i));
  }
  return value;
}

/** A root of a + b u + c u² = 0, the first or the second one, without cancellation; NaN where there is none. */
export function rootOf(a: f64, b: f64, c: f64, second: i32): f64 {
  if (c == 0) return b == 0 || second ? NaN : -a / b;
  const discriminant = b * b - 4 * c * a;
  if (discriminant < 0) return NaN;
  const half = -(b + (b < 0 ? -1 : 1) * sqrt(discriminant)) / 2;
  if (half == 0) return second ? NaN : 0;
  return second ? a / half : half / c;
}

/**
 * The minimum over a box of one term g(u; z) of φ·p + ℓ, z everything else: in closed form where g is quadratic in its
 * controls, enclosed by branch and bound (formula/global-minimum.ts) for any other formula of one or two controls, and
 * sampled, without a bound of the error, for what is left.
 */
import { globalMinimiser } from '../formula/global-minimum.ts';
import { polynomialIn } from '../formula/polynomial.ts';
import { compileTogether } from '../formula/program.ts';
import { dependsOn, type Tree } from '../formula/tree.ts';
import { leastOf } from './least-quadratic.ts';
import type { Box } from './node-bracket.ts';
import type { SeparateTerm } from './separate-terms.ts';

/** What was found: the controls of the term, how far the value there may lie above the minimum, and what is active. */
export interface TermLeast {
  /** finite: there is a minimum; unbounded: no lower bound was found; empty: the term has no value on the box. */
  readonly status: 'finite' | 'unbounded' | 'empty';
  readonly control: ArrayLike<number>;
  /** 0 in closed form; ∞ for samples. */
  readonly error: number;
  /** Ends of the box that hold the minimiser, as digits: where it does not change the minimum varies smoothly. */
  readonly face: number;
}

/** The minimum of a term for these values of all names over the box of its controls. */
export interface TermMinimum {
  readonly kind: 'quadratic' | 'enclosed' | 'sampled';
  readonly least: (values: ArrayLike<number>, box: Box) => TermLeast;
}

/** Compiles the search; the names that are no controls of the term are parameters, in the order of `values`. */
export function termMinimum({ tree, controls }: SeparateTerm, names: readonly string[]): TermMinimum {
  return quadraticMinimum(tree, controls, names) ?? otherMinimum(tree, controls, names);
}

/** The closed form for a polynomial of degree 2 at most; else null. */
export function quadraticMinimum(
  tree: Tree,
  controls: readonly string[],
  names: readonly string[],
): TermMinimum | null {
  const polynomial = polynomialIn(tree, controls, 2);
  if (polynomial === null) return null;
  const ones = controls.map((_, c) => [c]);
  const pairs = controls.flatMap((_, c) => controls.slice(c).map((_, k) => [c, c + k]));
  const coefficient = (factors: readonly number[]): Tree =>
    polynomial.get(controls.map((_, c) => factors.filter((factor) => factor === c).length).join()) ?? nothing;
  const compiled = compileTogether([...ones, ...pairs].map(coefficient), names);
  const slope = new Float64Array(ones.length);
  const bend = new Float64Array(pairs.length);
  const bracket = { rates: [], forward: [], backward: [], cost: { constant: 0, slope, bend } };
  if (controls.length === 1) {
    const [linear, square] = compiled;
    return { kind: 'quadratic', least: (values, box) => leastOfParabola(linear(values), square(values), box) };
  }
  const bottom = new Float64Array(2);
  const least = (values: ArrayLike<number>, box: Box): TermLeast => {
    for (let k = 0; k < slope.length; k++) slope[k] = compiled[k](values);
    for (let k = 0; k < bend.length; k++) bend[k] = compiled[slope.length + k](values);
    if (controls.length === 2 && isBottomInside(slope, bend, box, bottom)) {
      return { status: 'finite', control: [...bottom], error: 0, face: faceOf(bottom, box) };
    }
    const { value, control } = leastOf(bracket, box);
    return { status: value === -Infinity ? 'unbounded' : 'finite', control, error: 0, face: faceOf(control, box) };
  };
  return { kind: 'quadratic', least };
}

/** Flatter valleys are left to the search over faces. */
const FLAT = 1e-6;

/** Whether a quadratic of two controls has its bottom strictly inside the box, which is then its minimum. */
function isBottomInside(
  [s, t]: Float64Array,
  [a, b, c]: Float64Array,
  { lower, upper }: Box,
  bottom: Float64Array,
): boolean {
  const determinant = 4 * a * c - b * b;
  if (!(a > 0 && determinant > FLAT * 4 * a * c)) return false;
  bottom[0] = (b * t - 2 * c * s) / determinant;
  bottom[1] = (b * s - 2 * a * t) / determinant;
  return bottom[0] > lower[0] && bottom[0] < upper[0] && bottom[1] > lower[1] && bottom[1] < upper[1];
}

/** The minimum of su + bu² on an interval; where every u is as good, the one nearest to 0. */
function leastOfParabola(s: number, b: number, box: Box): TermLeast {
  const [lower, upper] = [box.lower[0], box.upper[0]];
  const inside = (u: number) => Math.min(Math.max(u, lower), upper);
  let u = b > 0 ? inside(-s / (2 * b)) : s > 0 ? lower : s < 0 ? upper : inside(0);
  if (b < 0) u = s * lower + b * lower * lower < s * upper + b * upper * upper ? lower : upper;
  const falls = (b < 0 && upper - lower === Infinity) || !Number.isFinite(u);
  const control = [u];
  return { status: falls ? 'unbounded' : 'finite', control, error: 0, face: faceOf(control, box) };
}

const nothing: Tree = { kind: 'number', value: 0 };

/** Per control a digit: 0 at its lower end, 1 at its upper end, 2 between. */
function faceOf(control: ArrayLike<number>, { lower, upper }: Box): number {
  let face = 0;
  for (let c = 0; c < control.length; c++) {
    face = 3 * face + (control[c] === lower[c] ? 0 : control[c] === upper[c] ? 1 : 2);
  }
  return face;
}

function otherMinimum(tree: Tree, controls: readonly string[], names: readonly string[]): TermMinimum {
  const used = names.flatMap((name, k) => (!controls.includes(name) && dependsOn(tree, name) ? [k] : []));
  const parameters = used.map((k) => names[k]);
  const find = controls.length > 2 ? sampled(tree, controls, parameters) : enclosed(tree, controls, parameters);
  // A term that does not see y has one minimum for all y.
  const known = { given: new Float64Array(used.length).fill(Number.NaN), box: null as Box | null, least: none };
  const least = (values: ArrayLike<number>, box: Box): TermLeast => {
    const isKnown = known.box === box && used.every((k, i) => values[k] === known.given[i]);
    if (isKnown) return known.least;
    used.forEach((k, i) => {
      known.given[i] = values[k];
    });
    known.box = box;
    known.least = find(known.given, box);
    return known.least;
  };
  return { kind: controls.length > 2 ? 'sampled' : 'enclosed', least };
}

const none: TermLeast = { status: 'empty', control: [], error: 0, face: 0 };

type Find = (given: Float64Array, box: Box) => TermLeast;

function enclosed(tree: Tree, controls: readonly string[], parameters: readonly string[]): Find {
  const minimise = globalMinimiser(tree, controls, parameters);
  return (given, box) => {
    const { status, at, error } = minimise(given, box.lower, box.upper);
    if (status === 'empty') return none;
    const isUnbounded = status === 'unbounded' || error === Infinity;
    return { status: isUnbounded ? 'unbounded' : 'finite', control: at, error, face: faceOf(at, box) };
  };
}

/** Samples of a box at most. */
const MOST_SAMPLES = 16641;

function sampled(tree: Tree, controls: readonly string[], parameters: readonly string[]): Find {
  const [value] = compileTogether([tree], controls, parameters);
  return (given, box) => leastSample((u) => value(u, given), box);
}

/** The least of equidistant samples, ends included; an endless box has none. */
export function leastSample(value: (u: Float64Array) => number, box: Box): TermLeast {
  const { lower, upper } = box;
  const count = lower.length;
  const levels = Math.min(129, Math.floor(MOST_SAMPLES ** (1 / count)));
  const u = new Float64Array(count);
  const control = new Float64Array(count);
  let least = Infinity;
  for (let k = 0; k < levels ** count; k++) {
    let rest = k;
    for (let c = 0; c < count; c++) {
      const step = rest % levels;
      u[c] = step === levels - 1 ? upper[c] : lower[c] + ((upper[c] - lower[c]) * step) / (levels - 1);
      rest = Math.floor(rest / levels);
    }
    const found = value(u);
    if (found < least) {
      least = found;
      control.set(u);
    }
  }
  const isEndless =
    !control.every(Number.isFinite) ||
    Array.from(lower)
      .concat(Array.from(upper))
      .some((end) => !Number.isFinite(end));
  const status = isEndless ? 'unbounded' : least === Infinity ? 'empty' : 'finite';
  return { status, control, error: Infinity, face: faceOf(control, box) };
}

/**
 * The pointwise minimum over U, a union of boxes whose ends may be infinite,
 *
 *   min_{u∈U} [φ(x,y,u)·p + ℓ(x,y,u)] = −H(x,y,p),
 *
 * with a control that attains it and a bound of the error: at a corner where φ, ℓ are affine in u; in closed form where
 * they are quadratic; enclosed for any other formula of one or two controls, and of more where they enter separately.
 * Only closures, and formulas that couple three controls, are sampled: their error is unknown, and said to be infinite.
 */
import { product, sum, zero } from '../formula/algebra.ts';
import type { Tree } from '../formula/tree.ts';
import { InputError } from '../input/input-error.ts';
import { boxesOf, type ControlBox, type Coordinates, type Problem } from '../model/problem.ts';
import { isAffineInControl } from '../model/structure.ts';
import { controlTrees } from '../model/trees.ts';
import { controlLattice, controlledRate } from './control-set.ts';
import { separateTerms } from './separate-terms.ts';
import { leastSample, quadraticMinimum, type TermLeast, type TermMinimum, termMinimum } from './term-minimum.ts';

export interface PointwiseLeast {
  /** φ·p + ℓ at the control. */
  readonly value: number;
  readonly control: readonly number[];
  /** value − error ≤ minimum ≤ value up to round-off; 0 at corners and for quadratics. */
  readonly error: number;
  /** Which box and which of its ends are active: where it does not change the minimum varies smoothly. */
  readonly branch: number;
}

export interface PointwiseMinimum {
  /** How the hardest box is minimised over. */
  readonly kind: 'corners' | 'quadratic' | 'enclosed' | 'sampled';
  /** Throws InputError where φ·p + ℓ falls without bound, or no lower bound is found, and where it has no value. */
  leastAt(x: Coordinates, y: Coordinates, p: Coordinates): PointwiseLeast;
}

const minima = new WeakMap<Problem, PointwiseMinimum>();

/** The minimum over the U of a problem; compiled once per problem. Throws InputError for a closure on an endless U. */
export function minimumOver(problem: Problem): PointwiseMinimum {
  const known = minima.get(problem) ?? made(problem);
  minima.set(problem, known);
  return known;
}

/** The finite set of controls among which every pointwise minimum is attained; null where there is none. */
export function finiteControls(problem: Problem): readonly (readonly number[])[] | null {
  const boxes = boxesOf(problem.controls);
  const areFew = boxes.every(isPoint) || (isAffineInControl(problem) && boxes.every(isBounded));
  return areFew ? boxes.flatMap((box) => controlLattice(box, 2)) : null;
}

interface Point {
  readonly x: Coordinates;
  readonly y: Coordinates;
  readonly p: Coordinates;
}

/** Minimises over one box; `status` as in term-minimum.ts. */
type BoxSearch = (x: Coordinates, y: Coordinates, p: Coordinates) => TermLeast;

interface BoxMinimum {
  readonly kind: PointwiseMinimum['kind'];
  readonly least: BoxSearch;
  /** How many faces the box has, to tell those of different boxes apart. */
  readonly faces: number;
}

function made(problem: Problem): PointwiseMinimum {
  const controls = finiteControls(problem);
  if (controls !== null) return amongCorners(problem, controls);
  const trees = controlTrees(problem);
  const boxes = boxesOf(problem.controls);
  const searches = trees === null ? boxes.map((box) => sampledBox(problem, box)) : formulaBoxes(trees, boxes);
  const kinds = ['corners', 'quadratic', 'enclosed', 'sampled'] as const;
  const kind = kinds[Math.max(...searches.map((search) => kinds.indexOf(search.kind)))];
  return { kind, leastAt: (x, y, p) => leastOfBoxes(problem, searches, { x, y, p }) };
}

function amongCorners(problem: Problem, controls: readonly (readonly number[])[]): PointwiseMinimum {
  const leastAt = (x: Coordinates, y: Coordinates, p: Coordinates): PointwiseLeast => {
    let [best, least] = [0, Infinity];
    for (let c = 0; c < controls.length; c++) {
      const rate = controlledRate(problem, x, y, p, controls[c]);
      // A rate without a value leaves the minimum without one.
      if (rate < least || Number.isNaN(rate)) [best, least] = [c, rate];
    }
    if (least === -Infinity) throw unbounded({ x, y, p });
    return { value: least, control: controls[best], error: 0, branch: best };
  };
  return { kind: 'corners', leastAt };
}

function leastOfBoxes(problem: Problem, searches: readonly BoxMinimum[], at: Point): PointwiseLeast {
  const { x, y, p } = at;
  let least: PointwiseLeast | null = null;
  let [lower, first] = [Infinity, 0];
  for (const search of searches) {
    const { status, control, error, face } = search.least(x, y, p);
    if (status === 'unbounded') throw unbounded(at);
    if (status === 'finite') {
      const own = Array.from(control);
      const value = controlledRate(problem, x, y, p, own);
      if (value === -Infinity) throw unbounded(at);
      lower = Math.min(lower, value - error);
      if (least === null || value < least.value) least = { value, control: own, error, branch: first + face };
    }
    first += search.faces;
  }
  if (least === null || Number.isNaN(least.value)) throw empty(problem, at);
  return { ...least, error: Math.max(0, least.value - lower) };
}

function sampledBox(problem: Problem, box: ControlBox): BoxMinimum {
  if (!isBounded(box)) {
    throw new InputError(
      `${problem.name} has an endless control, and its φ or ℓ is a function without a formula`,
      'a minimum over an endless set is proved from formulas',
      'give φ and ℓ as formulas, or bound the control',
      'control',
    );
  }
  const isAffine = isAffineInControl(problem) || isPoint(box);
  const corners = controlLattice(box, 2);
  const least: BoxSearch = (x, y, p) => {
    const rate = (u: Coordinates) => controlledRate(problem, x, y, p, u);
    if (!isAffine) return leastSample(rate, box);
    const rates = corners.map(rate);
    const best = rates.indexOf(Math.min(...rates));
    return { status: 'finite', control: corners[Math.max(best, 0)], error: 0, face: best };
  };
  return { kind: isAffine ? 'corners' : 'sampled', least, faces: 3 ** box.lower.length };
}

/** Boxes with the same free controls share what is compiled: the others are numbers on each of them. */
function formulaBoxes(
  { names, slowDrift, runningCost }: NonNullable<ReturnType<typeof controlTrees>>,
  boxes: readonly ControlBox[],
): BoxMinimum[] {
  const [x, y, u] = names;
  // No formula can use these names.
  const p = slowDrift.map((_, i) => `p ${i}`);
  const tree = slowDrift.reduce<Tree>(
    (whole, field, i) => sum(whole, product({ kind: 'name', name: p[i] }, field)),
    runningCost ?? zero,
  );
  const all = [...x, ...y, ...p, ...u];
  const values = new Float64Array(all.length);
  const compiled = new Map<string, readonly Part[]>();
  const take = (atX: Coordinates, atY: Coordinates, atP: Coordinates, box: ControlBox) => {
    let k = 0;
    for (let i = 0; i < x.length; i++) values[k++] = atX[i];
    for (let i = 0; i < y.length; i++) values[k++] = atY[i];
    for (let i = 0; i < p.length; i++) values[k++] = atP[i];
    for (let c = 0; c < u.length; c++) values[k++] = box.lower[c];
  };
  return boxes.map((box) => {
    const free = u.flatMap((_, c) => (box.lower[c] < box.upper[c] ? [c] : []));
    const parts = compiled.get(free.join()) ?? partsOf(tree, u, free, all);
    compiled.set(free.join(), parts);
    const sides = parts.map(({ controls }) => sideOf(box, controls));
    const least: BoxSearch = (atX, atY, atP) => {
      take(atX, atY, atP, box);
      return together(parts, sides, values, box);
    };
    const rank = (kind: TermMinimum['kind']) => ['quadratic', 'enclosed', 'sampled'].indexOf(kind);
    const hardest = parts.reduce<PointwiseMinimum['kind']>(
      (kind, { minimum }) => (kind === 'corners' || rank(minimum.kind) > rank(kind) ? minimum.kind : kind),
      'corners',
    );
    return { kind: hardest, least, faces: 3 ** free.length };
  });
}

/** A term with the places of its controls among those of U. */
interface Part {
  readonly controls: readonly number[];
  readonly minimum: TermMinimum;
}

function partsOf(tree: Tree, u: readonly string[], free: readonly number[], names: readonly string[]): Part[] {
  const named = free.map((c) => u[c]);
  const whole = quadraticMinimum(tree, named, names);
  if (whole !== null) return free.length === 0 ? [] : [{ controls: free, minimum: whole }];
  return separateTerms(tree, named).map((term) => ({
    controls: term.controls.map((name) => u.indexOf(name)),
    minimum: termMinimum(term, names),
  }));
}

function sideOf({ lower, upper }: ControlBox, controls: readonly number[]): ControlBox {
  return { lower: controls.map((c) => lower[c]), upper: controls.map((c) => upper[c]) };
}

/** The minima of separate terms put together; a control that no term speaks of rests at the point of U nearest to 0. */
function together(
  parts: readonly Part[],
  sides: readonly ControlBox[],
  values: Float64Array,
  { lower, upper }: ControlBox,
): TermLeast {
  const control = lower.map((low, c) => Math.min(Math.max(0, low), upper[c]));
  let [error, face] = [0, 0];
  for (let k = 0; k < parts.length; k++) {
    const { controls, minimum } = parts[k];
    const found = minimum.least(values, sides[k]);
    if (found.status !== 'finite') return found;
    for (let c = 0; c < controls.length; c++) control[controls[c]] = found.control[c];
    error += found.error;
    face = face * 3 ** controls.length + found.face;
  }
  return { status: 'finite', control, error, face };
}

function isPoint({ lower, upper }: ControlBox): boolean {
  return lower.every((low, c) => low === upper[c]);
}

function isBounded({ lower, upper }: ControlBox): boolean {
  return lower.every((low, c) => Number.isFinite(low) && Number.isFinite(upper[c]));
}

function unbounded(at: Point): InputError {
  return new InputError(
    `φ·p + ℓ has no lower bound over U that could be found at ${placeOf(at)}`,
    'it falls without bound in u there, or beyond the numbers of the machine, and H would be infinite',
    'let the running cost grow faster than linearly in u, or bound U',
    'control',
  );
}

function empty(problem: Problem, at: Point): InputError {
  return new InputError(
    `φ·p + ℓ has no value for any u at ${placeOf(at)}`,
    'the minimum over U needs one',
    'look for divisions by 0, roots and logarithms in the formulas of φ and ℓ',
    problem.runningCost === undefined ? 'slowDrift' : 'runningCost',
  );
}

function placeOf({ x, y, p }: Point): string {
  const shown = (point: Coordinates) => {
    const numbers = Array.from(point, (value) => Number(value.toPrecision(6)));
    return numbers.length === 1 ? String(numbers[0]) : `(${numbers.join(', ')})`;
  };
  return `x = ${shown(x)}, y = ${shown(y)}, p = ${shown(p)}`;
}

/**
 * The candidate controls of a problem evaluated once on slow × fast nodes: signed rates φ_i/dx_i and running costs.
 *
 * At the ends of an x-axis the outward part of φ is dropped wherever some control does not point outward (state
 * constraint, monotone); where all controls point outward it is kept (uncontrolled outflow: stable, not monotone,
 * pollutes from the boundary inward; docs/theory.md §3.3). In a moving frame z = y − m(x) the controls move z at −Mφ,
 * with rates −(Mφ)_a/dz_a; what points over an end in z is dropped, as the ends reflect.
 */
import { type Allocate, onHeap } from '../grid/allocate.ts';
import { coordinate } from '../grid/axis.ts';
import { forEachNode, type Grid, nodeCoordinates } from '../grid/grid.ts';
import { InputError, type Subject } from '../input/input-error.ts';
import type { Matrix } from '../linalg/small-matrix.ts';
import { type ControlledField, dimensionsOf, type Problem } from '../model/problem.ts';
import { type Crossing, candidateControls, type Edge, solveCrossing } from './candidate-controls.ts';
import { type FormulaFamily, formulasOn, pointAt } from './formula-families.ts';
import { type Family, movableBox, movedDrift, type QuadraticField, type WrittenFamily } from './quadratic-families.ts';

/** One candidate control at every node: signed rates φ_i/dx_i per slow axis and the running cost. */
export interface Candidate {
  /** rates[i][node] = φ_i/dx_i, in a moving frame then −(Mφ)_a/dz_a; node = j·slowSize + s. */
  readonly rates: readonly Float64Array[];
  /** ℓ at every node; null when the problem has none. */
  readonly cost: Float64Array | null;
}

/** The candidates of a problem on its nodes. */
export interface CandidateRates {
  readonly candidates: readonly Candidate[];
  readonly canRest: boolean;
  /** Pairs of candidates between which all controls are admissible; −1 is rest. */
  readonly edges: readonly Edge[];
  readonly families: readonly Family[];
  readonly formulas: readonly FormulaFamily[];
  readonly isSampled: boolean;
}

/** Where fields of coefficients come from, and M of a moving frame. */
export interface CandidateOptions {
  readonly allocate?: Allocate;
  readonly slope?: Matrix;
}

/** Evaluates φ and ℓ once on slow × fast nodes. Throws InputError where one of them is not finite. */
export function evaluateCandidates(
  problem: Problem,
  slow: Grid,
  fast: Grid,
  { allocate = onHeap, slope = [] }: CandidateOptions,
): CandidateRates {
  const { n } = dimensionsOf(problem);
  const axes = [...slow.axes, ...(slope.length === 0 ? [] : fast.axes)];
  const { fixed, edges, crossings, families, formulas, isSampled } = candidateControls(problem, axes.length);
  const field = () => lazyField(() => allocate(slow.size * fast.size));
  const slots = [...fixed, ...crossings].map(() => ({ rates: axes.map(field), cost: field() }));
  const used = slots.map((_, c) => c < fixed.length);
  const x = new Float64Array(n);
  forEachNode(fast, (j, y) => {
    for (let s = 0; s < slow.size && slots.length > 0; s++) {
      nodeCoordinates(x, slow, s);
      const k = j * slow.size + s;
      const evaluate = (f: ControlledField, u: readonly number[], subject: Subject) => {
        const value = f(x, y, u);
        if (Number.isFinite(value)) return value;
        throw notFinite(value, subject, { x, [slope.length === 0 ? 'y' : 'z']: y, u });
      };
      const drift = (u: readonly number[]) => {
        const phi = problem.slowDrift.map((f) => evaluate(f, u, 'slowDrift'));
        return slope.length === 0 ? phi : [...phi, ...slope.map((row) => carried(row, phi))];
      };
      const drifts = fixed.map(drift);
      const controlAt: (readonly number[])[] = [...fixed];
      for (const crossing of crossings) {
        const possible = crossing.axes.every((i) => changesSign(drifts, fixed.length, i));
        const solved = possible ? crossingAt(crossing, drift) : null;
        const slot = drifts.length;
        if (solved !== null && !used[slot]) startFrom(slots[slot], slots[0]);
        used[slot] ||= solved !== null;
        // Where a crossing has no solution the slot repeats the first candidate, which changes no minimum.
        drifts.push(solved?.drift ?? drifts[0]);
        controlAt.push(solved?.control ?? fixed[0]);
      }
      dropOutwardParts(drifts, { fixed: fixed.length, slow, slope }, x);
      if (slope.length > 0) reflectParts(drifts, fast, y, n);
      for (let c = 0; c < slots.length; c++) {
        if (!used[c]) continue;
        for (const [i, { spacing }] of axes.entries()) slots[c].rates[i].set(k, drifts[c][i] / spacing);
        const { runningCost } = problem;
        if (runningCost !== undefined) slots[c].cost.set(k, evaluate(runningCost, controlAt[c], 'runningCost'));
      }
    }
  });
  const present = slots.filter((_, c) => used[c]);
  const moving = present.filter(({ rates, cost }) => [...rates, cost].some((f) => f.array() !== null));
  const placeOf = (c: number) => moving.indexOf(slots[c]);
  return {
    candidates: moving.map(({ rates, cost }) => ({ rates: rates.map((f) => f.filled()), cost: cost.array() })),
    canRest: moving.length < present.length,
    edges: edges.map(({ from, to }) => ({ from: placeOf(from), to: placeOf(to) })),
    families: families.map((family) => evaluateFamily(family, { slow, fast, slope, allocate })),
    formulas: formulas.map((written) => finite(formulasOn(written, slow, fast))),
    isSampled,
  };
}

/** The family, whose φ and ℓ have values at the ends of U and between. */
function finite(family: FormulaFamily): FormulaFamily {
  const { lower, upper, control, isAffine, names } = family.written;
  const n = isAffine.length;
  for (let j = 0; j < family.fastBlock.length; j++) {
    for (let s = 0; s < family.slowBlock.length; s++) {
      const point = pointAt(family, s, j);
      for (const u of [lower, lower / 2 + upper / 2, upper]) {
        point[control] = u;
        for (let q = 0; q <= n; q++) {
          const value = family.values[q](point);
          if (Number.isFinite(value)) continue;
          const at = Object.fromEntries(names.map((name, k) => [name, [point[k]]]));
          throw notFinite(value, q < n ? 'slowDrift' : 'runningCost', at);
        }
      }
    }
  }
  return family;
}

/** A field that takes memory at its first value that is not 0: a control at rest needs none. */
interface LazyField {
  set(k: number, value: number): void;
  array(): Float64Array | null;
  filled(): Float64Array;
}

function lazyField(allocate: () => Float64Array): LazyField {
  let array: Float64Array | null = null;
  const filled = () => {
    array ??= allocate();
    return array;
  };
  return {
    set(k, value) {
      if (array !== null) array[k] = value;
      else if (value !== 0) filled()[k] = value;
    },
    array: () => array,
    filled,
  };
}

/** A crossing that appears first at this node has repeated the first candidate so far. */
function startFrom(
  slot: { readonly rates: readonly LazyField[]; readonly cost: LazyField },
  first: { readonly rates: readonly LazyField[]; readonly cost: LazyField },
): void {
  const copy = (to: LazyField, from: LazyField) => {
    const values = from.array();
    if (values !== null) to.filled().set(values);
  };
  slot.rates.forEach((to, i) => {
    copy(to, first.rates[i]);
  });
  copy(slot.cost, first.cost);
}

/** φ_i, affine in u, vanishes inside U only if it takes both signs at the corners of U, the first `corners` drifts. */
function changesSign(drifts: readonly number[][], corners: number, i: number): boolean {
  let [least, most] = [0, 0];
  for (let c = 0; c < corners; c++) {
    least = Math.min(least, drifts[c][i]);
    most = Math.max(most, drifts[c][i]);
  }
  return least < 0 && most > 0;
}

/** The control and drift of a crossing at one node, its crossed components exactly 0; null where it has none. */
function crossingAt(
  crossing: Crossing,
  drift: (u: readonly number[]) => number[],
): { control: number[]; drift: number[] } | null {
  const { lower, upper } = crossing.box;
  const offset = drift(crossing.corner);
  const slope = offset.map(() => lower.map(() => 0));
  for (const c of crossing.free) {
    const end = crossing.corner.map((value, k) => (k === c ? upper[c] : value));
    drift(end).forEach((value, i) => {
      slope[i][c] = (value - offset[i]) / (upper[c] - lower[c]);
    });
  }
  const control = solveCrossing(crossing, offset, slope);
  if (control === null) return null;
  return { control, drift: drift(control).map((value, i) => (crossing.axes.includes(i) ? 0 : value)) };
}

/** State constraint at the ends of each x-axis, wherever one of the first `fixed` candidates does not leave. */
function dropOutwardParts(
  drifts: number[][],
  { fixed, slow, slope }: { readonly fixed: number; readonly slow: Grid; readonly slope: Matrix },
  x: Float64Array,
): void {
  const n = slow.axes.length;
  for (let i = 0; i < n; i++) {
    const axis = slow.axes[i];
    const outward = x[i] === coordinate(axis, 0) ? -1 : x[i] === axis.upper ? 1 : 0;
    if (outward === 0) continue;
    if (!drifts.slice(0, fixed).some((drift) => drift[i] * outward <= 0)) continue;
    for (let c = 0; c < drifts.length; c++) {
      const part = drifts[c][i];
      if (part * outward <= 0) continue;
      drifts[c] = drifts[c].map((value, a) => (a === i ? 0 : a < n ? value : value + slope[a - n][i] * part));
    }
  }
}

/** −(Mφ)_a. */
function carried(row: readonly number[], phi: readonly number[]): number {
  return -row.reduce((sum, value, i) => sum + value * phi[i], 0);
}

/** The parts that point over an end of a fast axis, from component n on. */
function reflectParts(drifts: number[][], fast: Grid, z: Float64Array, n: number): void {
  for (const [a, axis] of fast.axes.entries()) {
    const outward = z[a] === coordinate(axis, 0) ? -1 : z[a] === axis.upper ? 1 : 0;
    if (outward === 0) continue;
    for (const drift of drifts) if (drift[n + a] * outward > 0) drift[n + a] = 0;
  }
}

/**
 * The coefficients of a family on all nodes. Which differences exist at the ends of an axis is left to the sweep; in a
 * moving frame a control that pushes against an end of the x-box still carries z there.
 */
function evaluateFamily(
  family: WrittenFamily,
  { slow, fast, slope, allocate }: { slow: Grid; fast: Grid; slope: Matrix; allocate: Allocate },
): Family {
  const axes = [...slow.axes, ...(slope.length === 0 ? [] : fast.axes)];
  const { box } = family;
  const x = new Float64Array(slow.axes.length);
  const evaluated = (
    { constant, slope: slopes, bend }: WrittenFamily['cost'],
    spacing: number,
    subject: Subject,
  ): QuadraticField => {
    const on = (coefficient: WrittenFamily['cost']['constant']) => {
      if (coefficient === null) return null;
      const field = allocate(slow.size * fast.size);
      forEachNode(fast, (j, y) => {
        for (let s = 0; s < slow.size; s++) {
          nodeCoordinates(x, slow, s);
          const value = coefficient(x, y, box.lower);
          if (!Number.isFinite(value)) throw notFinite(value, subject, { x, y });
          field[j * slow.size + s] = value / spacing;
        }
      });
      return field;
    };
    return { constant: on(constant), slope: slopes.map(on), bend: bend.map(on) };
  };
  return {
    box: movableBox(family),
    rates: movedDrift(family, slope).map((drift, i) => evaluated(drift, axes[i].spacing, 'slowDrift')),
    cost: evaluated(family.cost, 1, 'runningCost'),
  };
}

function notFinite(value: number, subject: Subject, at: Readonly<Record<string, ArrayLike<number>>>): InputError {
  const place = Object.entries(at).map(([name, point]) => `${name} = ${Array.from(point).join(', ')}`);
  const what = subject === 'runningCost' ? 'the running cost ℓ' : 'the slow drift φ';
  return new InputError(
    `${what} is ${value} at ${place.join(', ')}`,
    'the formula has no finite value at this node',
    'change the formula or choose a domain on which it is finite',
    subject,
  );
}

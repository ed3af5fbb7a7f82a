/**
 * Crossings on rows of nodes: where φ is affine in u, the controls at which some of its components vanish on a face of
 * the box, found from φ at the corners of the box.
 */
import type { Crossing } from './candidate-controls.ts';
import type { ControlRow } from './control-rows.ts';

/** Controls to be solved for on a row of nodes; where there is none, another one stands in. */
export interface CrossingRow {
  readonly control: readonly Float64Array[];
  /** Writes the controls at the nodes where there is one, φ at the fixed controls given; says whether there is any. */
  solve(fixed: readonly ControlRow[], signs: readonly Uint8Array[]): boolean;
  /** The components that vanish are exactly 0 where there is a solution. */
  vanish(drift: readonly Float64Array[]): void;
}

/** The crossing among these fixed controls, the first of which stands in, on rows of `size` nodes. */
export function crossingRow(crossing: Crossing, fixed: readonly (readonly number[])[], size: number): CrossingRow {
  const { box, corner, free, axes } = crossing;
  const placeOf = (control: readonly number[]) => fixed.findIndex((u) => u.every((value, c) => value === control[c]));
  const from = placeOf(corner);
  const ends = free.map((c) => placeOf(corner.map((value, k) => (k === c ? box.upper[c] : value))));
  const widths = free.map((c) => box.upper[c] - box.lower[c]);
  const steps = free.map(() => new Float64Array(size));
  const solved = new Uint8Array(size);
  let found = false;
  const control = corner.map(() => new Float64Array(size));
  return {
    control,
    solve(rows, signs) {
      found = axes.every((i) => signs[i].includes(BOTH));
      if (!found) return false;
      const drifts = { from: rows[from].drift, ends: ends.map((end) => rows[end].drift) };
      (axes.length === 1 ? solveOne : solveTwo)(steps, drifts, axes, widths);
      solved.fill(1);
      for (const i of axes) for (let s = 0; s < size; s++) solved[s] &= Number(signs[i][s] === BOTH);
      for (const [k, c] of free.entries()) keepInside(solved, steps[k], corner[c], [box.lower[c], box.upper[c]]);
      found = solved.includes(1);
      for (let c = 0; found && c < corner.length; c++) {
        const step = free.includes(c) ? steps[free.indexOf(c)] : null;
        for (let s = 0; s < size; s++) {
          control[c][s] = solved[s] === 0 ? fixed[0][c] : step === null ? corner[c] : corner[c] + step[s];
        }
      }
      return found;
    },
    vanish(drift) {
      if (!found) return;
      for (const i of axes) for (let s = 0; s < size; s++) if (solved[s] === 1) drift[i][s] = 0;
    },
  };
}

/** Keeps the marks where start + step lies strictly between the ends. */
function keepInside(marks: Uint8Array, step: Float64Array, start: number, [low, high]: readonly number[]): void {
  for (let s = 0; s < marks.length; s++) {
    const value = start + step[s];
    if (!(value > low && value < high)) marks[s] = 0;
  }
}

/** Bits of signs: some value is below 0, some above. */
const [BELOW, ABOVE] = [1, 2];
const BOTH = BELOW | ABOVE;

/** signs[i][s] says on which sides of 0 lie the values that these controls give to φ_i. */
export function writeSigns(signs: readonly Uint8Array[], rows: readonly ControlRow[]): void {
  for (let i = 0; i < signs.length; i++) {
    const sides = signs[i].fill(0);
    for (const { drift } of rows) {
      const values = drift[i];
      for (let s = 0; s < sides.length; s++) sides[s] |= values[s] < 0 ? BELOW : values[s] > 0 ? ABOVE : 0;
    }
  }
}

/** φ on a row at the corner where the free controls start, and at the other end of every free control. */
interface Corners {
  readonly from: readonly Float64Array[];
  readonly ends: readonly (readonly Float64Array[])[];
}

type Steps = readonly Float64Array[];

/** One component vanishes at step −φ/(∂φ/∂u). */
function solveOne([out]: Steps, { from, ends }: Corners, [i]: readonly number[], [width]: readonly number[]): void {
  const [offset, end] = [from[i], ends[0][i]];
  for (let s = 0; s < out.length; s++) out[s] = -offset[s] / ((end[s] - offset[s]) / width);
}

/** Two components vanish, by Cramer's rule. */
function solveTwo(
  [first, second]: Steps,
  { from, ends }: Corners,
  [i, j]: readonly number[],
  [width, height]: readonly number[],
): void {
  const [p, q] = [from[i], from[j]];
  const [pAcross, qAcross, pUp, qUp] = [ends[0][i], ends[0][j], ends[1][i], ends[1][j]];
  for (let s = 0; s < first.length; s++) {
    const [a, b] = [(pAcross[s] - p[s]) / width, (pUp[s] - p[s]) / height];
    const [c, d] = [(qAcross[s] - q[s]) / width, (qUp[s] - q[s]) / height];
    const determinant = a * d - b * c;
    first[s] = (-p[s] * d - b * -q[s]) / determinant;
    second[s] = (a * -q[s] - -p[s] * c) / determinant;
  }
}

/** Candidates of a problem evaluated node by node, in the order and with the bits that rows must keep: their oracle. */
import { type Crossing, candidateControls } from '../src/control/candidate-controls.ts';
import type { Candidate } from '../src/control/candidate-rates.ts';
import { coordinate } from '../src/grid/axis.ts';
import { forEachNode, type Grid } from '../src/grid/grid.ts';
import type { Matrix } from '../src/linalg/small-matrix.ts';
import type { Problem } from '../src/model/problem.ts';

/** Every candidate of `evaluateCandidates` at every node, those that rest among them. */
export function candidatesByNodes(problem: Problem, slow: Grid, fast: Grid, slope: Matrix = []): Candidate[] {
  const axes = [...slow.axes, ...(slope.length === 0 ? [] : fast.axes)];
  const { fixed, crossings } = candidateControls(problem, axes.length);
  const size = slow.size * fast.size;
  const { runningCost } = problem;
  const slots = [...fixed, ...crossings].map(() => ({
    rates: axes.map(() => new Float64Array(size)),
    cost: runningCost === undefined ? null : new Float64Array(size),
    isUsed: false,
  }));
  forEachNode(fast, (j, y) => {
    forEachNode(slow, (s, x) => {
      const drift = (u: readonly number[]) => {
        const phi = problem.slowDrift.map((f) => f(x, y, u));
        return [...phi, ...slope.map((row) => -row.reduce((sum, value, i) => sum + value * phi[i], 0))];
      };
      const drifts = fixed.map(drift);
      const controls = [...fixed];
      const signs = axes.map((_, i) => new Set(drifts.map((each) => Math.sign(each[i]))));
      for (const [k, crossing] of crossings.entries()) {
        const possible = crossing.axes.every((i) => signs[i].has(1) && signs[i].has(-1));
        const control = possible ? crossingAt(crossing, drift) : null;
        slots[fixed.length + k].isUsed ||= control !== null;
        const at = drift(control ?? fixed[0]);
        drifts.push(control === null ? at : at.map((value, i) => (crossing.axes.includes(i) ? 0 : value)));
        controls.push(control ?? fixed[0]);
      }
      atEnds(drifts, { corners: fixed.length, slow, fast, slope }, x, y);
      slots.forEach(({ rates, cost }, c) => {
        for (const [i, { spacing }] of axes.entries()) rates[i][j * slow.size + s] = drifts[c][i] / spacing;
        if (cost !== null) cost[j * slow.size + s] = runningCost?.(x, y, controls[c]) ?? 0;
      });
    });
  });
  return slots.filter(({ isUsed }, c) => c < fixed.length || isUsed);
}

function crossingAt(
  { box, corner, free, axes }: Crossing,
  drift: (u: readonly number[]) => number[],
): readonly number[] | null {
  const offset = drift(corner);
  const ends = free.map((c) => drift(corner.map((value, k) => (k === c ? box.upper[c] : value))));
  const matrix = axes.map((i) => free.map((c, k) => (ends[k][i] - offset[i]) / (box.upper[c] - box.lower[c])));
  const right = axes.map((i) => -offset[i]);
  const [a, b] = matrix;
  const determinant = b === undefined ? 0 : a[0] * b[1] - a[1] * b[0];
  const step =
    b === undefined
      ? [right[0] / a[0]]
      : [(right[0] * b[1] - a[1] * right[1]) / determinant, (a[0] * right[1] - right[0] * b[0]) / determinant];
  const control = corner.map((value, c) => (free.includes(c) ? value + step[free.indexOf(c)] : value));
  return free.every((c) => control[c] > box.lower[c] && control[c] < box.upper[c]) ? control : null;
}

/** State constraint at the ends in x where a corner stays, reflection at those in z. */
function atEnds(
  drifts: number[][],
  { corners, slow, fast, slope }: { corners: number; slow: Grid; fast: Grid; slope: Matrix },
  x: Float64Array,
  y: Float64Array,
): void {
  const n = slow.axes.length;
  const outwardOn = ({ axes }: Grid, i: number, point: Float64Array) =>
    point[i] === coordinate(axes[i], 0) ? -1 : point[i] === axes[i].upper ? 1 : 0;
  for (let i = 0; i < n; i++) {
    const outward = outwardOn(slow, i, x);
    if (!drifts.slice(0, corners).some((drift) => drift[i] * outward <= 0)) continue;
    for (const drift of drifts) {
      const part = drift[i];
      if (!(part * outward > 0)) continue;
      drift[i] = 0;
      for (const [a, row] of slope.entries()) drift[n + a] += row[i] * part;
    }
  }
  for (const a of slope.keys()) {
    for (const drift of drifts) if (drift[n + a] * outwardOn(fast, a, y) > 0) drift[n + a] = 0;
  }
}

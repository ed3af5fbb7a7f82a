/**
 * The candidate controls of a problem evaluated once on slow × fast nodes: signed rates φ_i/dx_i and running costs.
 *
 * At the ends of an x-axis the outward part of φ is dropped wherever some control does not point outward (state
 * constraint, monotone); where all controls point outward it is kept (uncontrolled outflow: stable, not monotone,
 * pollutes from the boundary inward; THEORY §2.2).
 */
import { coordinate } from '../grid/axis.ts';
import { forEachNode, type Grid, nodeCoordinates } from '../grid/grid.ts';
import { InputError, type Subject } from '../problem/input-error.ts';
import type { ControlledField, Problem } from '../problem/problem.ts';
import { candidateControls, solveCrossing } from './candidate-controls.ts';

/** One candidate control at every node: signed rates φ_i/dx_i per slow axis and the running cost. */
export interface Candidate {
  /** rates[i][node] = φ_i/dx_i; node = j·slowSize + s. */
  readonly rates: readonly Float64Array[];
  /** ℓ at every node; null when the problem has none. */
  readonly cost: Float64Array | null;
}

/** The candidates of a problem on its nodes. */
export interface CandidateRates {
  readonly candidates: readonly Candidate[];
  readonly canRest: boolean;
  readonly sampledSpacing: number | null;
}

/** Evaluates φ and ℓ once on slow × fast nodes. Throws InputError where one of them is not finite. */
export function evaluateCandidates(problem: Problem, slow: Grid, fast: Grid): CandidateRates {
  const n = problem.slowDimension;
  const { fixed, crossings, sampledSpacing } = candidateControls(problem.controls, n);
  const size = slow.size * fast.size;
  const slots = [...fixed, ...crossings].map(() => ({
    rates: slow.axes.map(() => new Float64Array(size)),
    cost: problem.runningCost === undefined ? null : new Float64Array(size),
  }));
  const used = slots.map((_, c) => c < fixed.length);
  const x = new Float64Array(n);
  forEachNode(fast, (j, y) => {
    for (let s = 0; s < slow.size; s++) {
      nodeCoordinates(x, slow, s);
      const k = j * slow.size + s;
      const evaluate = (field: ControlledField, u: readonly number[], subject: Subject) =>
        finite(field(x, y, u), subject, x, y, u);
      const drift = (u: readonly number[]) => problem.slowDrift.map((field) => evaluate(field, u, 'slowDrift'));
      const drifts = fixed.map(drift);
      const controlAt: (readonly number[])[] = [...fixed];
      for (const crossing of crossings) {
        const solved = crossingAt(problem, crossing, drift);
        const slot = drifts.length;
        used[slot] ||= solved !== null;
        // Where a crossing has no solution the slot repeats the first candidate, which changes no minimum.
        drifts.push(solved?.drift ?? drifts[0]);
        controlAt.push(solved?.control ?? fixed[0]);
      }
      dropOutwardParts(drifts, fixed.length, slow, x);
      for (let c = 0; c < slots.length; c++) {
        for (let i = 0; i < n; i++) slots[c].rates[i][k] = drifts[c][i] / slow.axes[i].spacing;
        const cost = slots[c].cost;
        if (cost !== null) cost[k] = evaluate(problem.runningCost as ControlledField, controlAt[c], 'runningCost');
      }
    }
  });
  const present = slots.filter((_, c) => used[c]);
  const rests = ({ rates, cost }: Candidate) => [...rates, cost ?? []].every((a) => a.every((value) => value === 0));
  const candidates = present.filter((slot) => !rests(slot));
  return { candidates, canRest: candidates.length < present.length, sampledSpacing };
}

/** The control and drift of a crossing at one node, its crossed components exactly 0; null where it has none. */
function crossingAt(
  problem: Problem,
  crossing: Parameters<typeof solveCrossing>[0],
  drift: (u: readonly number[]) => number[],
): { control: number[]; drift: number[] } | null {
  if (problem.controls.kind !== 'box') return null;
  const { lower, upper } = problem.controls;
  const offset = drift(crossing.corner);
  const slope = offset.map(() => lower.map(() => 0));
  for (const c of crossing.free) {
    const end = crossing.corner.map((value, k) => (k === c ? upper[c] : value));
    drift(end).forEach((value, i) => {
      slope[i][c] = (value - offset[i]) / (upper[c] - lower[c]);
    });
  }
  const control = solveCrossing(crossing, problem.controls, offset, slope);
  if (control === null) return null;
  return { control, drift: drift(control).map((value, i) => (crossing.axes.includes(i) ? 0 : value)) };
}

/** State constraint at the ends of each x-axis, wherever one of the first `fixed` candidates does not leave. */
function dropOutwardParts(drifts: number[][], fixed: number, slow: Grid, x: Float64Array): void {
  for (let i = 0; i < slow.axes.length; i++) {
    const axis = slow.axes[i];
    const outward = x[i] === coordinate(axis, 0) ? -1 : x[i] === axis.upper ? 1 : 0;
    if (outward === 0) continue;
    if (!drifts.slice(0, fixed).some((drift) => drift[i] * outward <= 0)) continue;
    for (let c = 0; c < drifts.length; c++) {
      if (drifts[c][i] * outward > 0) drifts[c] = drifts[c].map((value, a) => (a === i ? 0 : value));
    }
  }
}

function finite(value: number, subject: Subject, x: Float64Array, y: Float64Array, u: readonly number[]): number {
  if (Number.isFinite(value)) return value;
  const what = subject === 'runningCost' ? 'the running cost ℓ' : 'the slow drift φ';
  throw new InputError(
    `${what} is ${value} at x = ${[...x].join(', ')}, y = ${[...y].join(', ')}, u = ${[...u].join(', ')}`,
    'the formula has no finite value at this node',
    'change the formula or choose a domain on which it is finite',
    subject,
  );
}

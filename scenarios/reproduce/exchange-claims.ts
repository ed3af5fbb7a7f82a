/**
 * The exchange formula, min over ν∈L^∞ of ∫φ(x,y,ν(y))·p dμ_x = ∫min_u φ·p dμ_x: its value at the minimiser
 * ν_p(y) = argmin_u φ(x,y,u)·p, beside H̄ of a cell problem, and that no other ν does better.
 *
 * J(ν) = ∫φ(x,y,ν(y))·p dμ_x is a midpoint rule with the weights e^{−Φ}; the cell problem knows neither.
 */

import { effectiveHamiltonian, evenAxes, supportBox } from '../../solvers/index.ts';
import { controlledRate } from '../../src/control/control-set.ts';
import { minimumOver } from '../../src/control/pointwise-minimum.ts';
import { potentialAt } from '../../src/generator/fast-generator.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { boxesOf, type Coordinates, dimensionsOf, type Problem } from '../../src/model/problem.ts';
import { uniform } from '../../src/random/normal.ts';
import { type Claim, judged } from './claim.ts';
import { type ClaimRun, type Model, slopeOf } from './model.ts';

/** ν: y ↦ u. */
type Feedback = (y: Coordinates) => Coordinates;

interface Competitor {
  readonly name: string;
  readonly feedback: Feedback;
}

/** The switching surface is moved by so much. */
const SHIFTS = [-0.3, -0.1, 0.1, 0.3];
/** Angles between p and q, in the plane; on the line q = −p is all there is. */
const TURNS = [-0.3, 0.3, Math.PI / 2, Math.PI];
/** Sides of the boxes on which a random ν is constant, and how many of them are drawn. */
const PATCH = 0.25;
const RANDOM = 4;
/** Midpoints on the longest side; on the line many more cost nothing. */
const MIDPOINTS = { 1: 16_000, 2: 400, 3: 80 } as const;

/** Both rows; `claimed` is put in the place of ν_p. */
export function exchangeClaims(model: Model, { seed }: Pick<ClaimRun, 'seed'>, claimed?: Feedback): Claim[] {
  const { problem, x } = model;
  const p = slopeOf(model);
  const best = claimed ?? switched(problem, x, p);
  const competitors = competitorsOf(model, best, seed);
  const count = MIDPOINTS[dimensionsOf(problem).m];
  const rates = (points: number) => meanRates(model, points, [best, ...competitors.map(({ feedback }) => feedback)]);
  const [fine, coarse] = [rates(count), rates(count / 2)];
  return [
    valueRow(model, { figure: -fine[0], error: Math.abs(fine[0] - coarse[0]) }),
    minimumRow(model, competitors, { fine, coarse }),
  ];
}

function valueRow(model: Model, { figure, error }: { readonly figure: number; readonly error: number }): Claim {
  const H = effectiveHamiltonian(model.problem, { x: model.x, p: slopeOf(model), method: 'ergodic' });
  return judged({
    claim: 'Exchange',
    statement: 'H̄(x,p) = −min over ν∈L^∞ of ∫φ(x,y,ν(y))·p dμ_x, attained at ν_p(y) = argmin φ(x,y,u)·p',
    model: model.name,
    measured: '−∫φ(x,y,ν_p(y))·p dμ_x; expected: H̄ of the ergodic pair',
    figure,
    error: error + (H.upper === null || H.lower === null ? 0 : (H.upper - H.lower) / 2),
    expected: { kind: 'equal', value: H.value, tolerance: 0 },
    resolution: 0.002 * H.value,
    series: null,
  });
}

interface Rates {
  /** J of the minimiser and of its competitors, and the same from half the midpoints per axis. */
  readonly fine: readonly number[];
  readonly coarse: readonly number[];
}

function minimumRow(model: Model, competitors: readonly Competitor[], { fine, coarse }: Rates): Claim {
  const gaps = competitors.map((_, k) => {
    const [gap, other] = [fine, coarse].map((rates) => rates[k + 1] - rates[0]);
    return { gap, error: Math.abs(gap - other) };
  });
  // The one that comes closest, or goes below, with its bar.
  const lowest = gaps.reduce(
    (least, { gap, error }, k) => (gap - error < gaps[least].gap - gaps[least].error ? k : least),
    0,
  );
  return judged({
    claim: 'Exchange',
    statement: 'H̄(x,p) = −min over ν∈L^∞ of ∫φ(x,y,ν(y))·p dμ_x, attained at ν_p(y) = argmin φ(x,y,u)·p',
    model: model.name,
    measured: `∫φ·p dμ_x of the best of ${competitors.length} other ν (${competitors[lowest].name}) less that of ν_p`,
    figure: gaps[lowest].gap,
    error: gaps[lowest].error,
    expected: { kind: 'above', value: 0 },
    resolution: 0.01 * Math.abs(fine[0]),
    series: null,
  });
}

/** y ↦ argmin_u φ(x,y,u)·q. */
export function switched(problem: Problem, x: Coordinates, q: Coordinates): Feedback {
  const { leastAt } = minimumOver(problem);
  return (y) => leastAt(x, y, q).control;
}

/** Constants, the minimisers of other slopes, ν_p with its surface moved, and random ones. */
function competitorsOf(model: Model, best: Feedback, seed: number): Competitor[] {
  const { problem, x } = model;
  const boxes = boxesOf(problem.controls);
  const [low, high] = [boxes[0].lower, boxes[boxes.length - 1].upper];
  const middle = low.map((u, i) => (u + high[i]) / 2);
  const p = slopeOf(model);
  const random = Array.from({ length: RANDOM }, (_, k) => randomFeedback(low, high, [seed, k]));
  const turns = x.length === 1 ? [Math.PI] : TURNS;
  return [
    ...[low, middle, high].map((u) => ({ name: `u = ${u.join(', ')}`, feedback: () => u })),
    ...turns.map((angle) => ({
      name: `that of p turned by ${angle.toFixed(2)}`,
      feedback: switched(problem, x, turned(p, angle)),
    })),
    ...SHIFTS.map((by) => ({
      name: `moved by ${by}`,
      feedback: (y: Coordinates) => best(Array.from(y, (value, i) => (i === 0 ? value - by : value))),
    })),
    ...random.map((feedback) => ({ name: 'random', feedback })),
    ...random.map((feedback) => ({ name: 'ν_p and a tenth of a random one', feedback: mixed(best, feedback) })),
  ];
}

function turned(p: readonly number[], angle: number): number[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return p.length === 1 ? [cos * p[0]] : [cos * p[0] - sin * p[1], sin * p[0] + cos * p[1]];
}

/** A ν that is constant on boxes of side PATCH, uniform in U, independent from box to box. */
function randomFeedback(low: Coordinates, high: Coordinates, [seed, k]: readonly [number, number]): Feedback {
  return (y) => Array.from(low, (u, i) => u + (high[i] - u) * uniform(seed, patchOf(y), [k, i]));
}

function mixed(own: Feedback, other: Feedback): Feedback {
  return (y) => {
    const v = other(y);
    return Array.from(own(y), (u, i) => 0.9 * u + 0.1 * v[i]);
  };
}

/** The number of the box that holds y. */
function patchOf(y: Coordinates): number {
  return Array.from(y).reduce((number, value) => number * 1024 + Math.floor(value / PATCH) + 512, 0);
}

/** J of every ν by the midpoint rule on the support of μ_x with `count` points on its longest side. */
function meanRates(model: Model, count: number, feedbacks: readonly Feedback[]): number[] {
  const { problem, x } = model;
  const p = slopeOf(model);
  const centres = evenAxes(supportBox(problem, x), count + 1).map(({ name, lower, upper, spacing, nodes }) =>
    uniformAxis(name, lower + spacing / 2, upper - spacing / 2, nodes - 1),
  );
  const sums = feedbacks.map(() => 0);
  let total = 0;
  const origin = potentialAt(
    problem,
    x,
    centres.map(({ lower, upper }) => (lower + upper) / 2),
  );
  forEachNode(tensorGrid(centres), (_, y) => {
    const weight = Math.exp(origin - potentialAt(problem, x, y));
    total += weight;
    feedbacks.forEach((feedback, k) => {
      sums[k] += weight * controlledRate(problem, x, y, p, feedback(y));
    });
  });
  return sums.map((sum) => sum / total);
}

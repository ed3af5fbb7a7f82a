/**
 * Integrals against the Gibbs measure μ_x ∝ e^{−Φ(x,·)} in R^m, m = 2, 3, by Fubini: along one axis the conditional
 * measures of gibbs-measure.ts, which split at the kink of H; over the others the trapezoid rule, which converges
 * faster than any power for what is smooth and decays.
 */
import { coordinates, uniformAxis } from '../grid/axis.ts';
import { forEachNode, tensorGrid } from '../grid/grid.ts';
import { gibbsMeasure } from './gibbs-measure.ts';
import { controlledRate, extremalControls } from './hamiltonian.ts';
import type { Coordinates, Interval, Problem } from './problem.ts';

/** Trapezoid points per outer axis: spacing below half a deviation on a box of eight deviations each side. */
const OUTER = { 2: 161, 3: 41 } as const;

/** ∫ H(x,·,p) dμ_x, given a potential whose measure lives in `box`; near round-off for kinks across lines. */
export function conditionalMeanHamiltonian(
  problem: Problem,
  x: Coordinates,
  p: Coordinates,
  box: readonly Interval[],
): number {
  const m = problem.fastDimension as 2 | 3;
  const inner = axisOfKink(problem, x, p, box);
  const outer = box.map((_, a) => a).filter((a) => a !== inner);
  const grid = tensorGrid(outer.map((a) => uniformAxis(`y${a + 1}`, box[a].lower, box[a].upper, OUTER[m])));
  const [logs, means]: [number[], number[]] = [[], []];
  forEachNode(grid, (_, point) => {
    const line = onLine(problem, inner, outer, Array.from(point));
    const measure = gibbsMeasure(line, x, box[inner]);
    logs.push(measure.logNormalizer);
    means.push(measure.meanHamiltonian(p));
  });
  const highest = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logs.map((log) => Math.exp(log - highest));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.reduce((sum, weight, k) => sum + weight * means[k], 0) / total;
}

/** The problem on the line through `point` along the axis `inner`. */
function onLine(problem: Problem, inner: number, outer: readonly number[], point: readonly number[]): Problem {
  const y = new Float64Array(problem.fastDimension);
  outer.forEach((a, k) => {
    y[a] = point[k];
  });
  const at = (s: Coordinates) => {
    y[inner] = s[0];
    return y;
  };
  const { fastPotential, runningCost } = problem;
  return {
    ...problem,
    fastDimension: 1,
    slowDrift: problem.slowDrift.map((field) => (x, s, u) => field(x, at(s), u)),
    fastDrift: [(x, s) => problem.fastDrift[inner](x, at(s))],
    fastPotential: fastPotential && ((x, s) => fastPotential(x, at(s))),
    runningCost: runningCost && ((x, s, u) => runningCost(x, at(s), u)),
  };
}

/** The axis along which the rates of the extremal controls differ most: lines along it cross the kink of H. */
function axisOfKink(problem: Problem, x: Coordinates, p: Coordinates, box: readonly Interval[]): number {
  const controls = extremalControls(problem);
  const centre = box.map(({ lower, upper }) => (lower + upper) / 2);
  const variation = box.map(({ lower, upper }, a) => {
    const rates = Array.from(coordinates(uniformAxis('y', lower, upper, 5)), (at) => {
      const y = centre.with(a, at);
      return controls.map((u) => controlledRate(problem, x, y, p, u));
    });
    const range = (values: number[]) => Math.max(...values) - Math.min(...values);
    return Math.max(...controls.map((_, c) => range(rates.map((rate) => rate[c] - rate[0]))));
  });
  return variation.indexOf(Math.max(...variation));
}

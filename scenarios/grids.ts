import { fastBoxOf, invariantMeasure } from '../solvers/index.ts';
import { type Axis, uniformAxis } from '../src/grid/axis.ts';
import { type GridFunction, sample } from '../src/grid/grid-function.ts';
import { type Interval, united } from '../src/model/problem.ts';
import { axisNames } from '../src/model/trees.ts';
import type { Scenario } from './scenario.ts';

/**
 * The y-box of a scenario: as given, or from the tails of the invariant measure, widened to hold `observe.y`. Throws
 * InputError where there is none.
 */
export function fastDomain(scenario: Scenario): readonly Interval[] {
  const { problem, domain, observe } = scenario;
  if (domain.y !== null) return domain.y;
  return fastBoxOf(problem, domain.x).map((side, a) => united([side, observe.y?.[a] ?? side]));
}

/** [-2.5, 2.5]. */
export function shownInterval({ lower, upper }: { readonly lower: number; readonly upper: number }): string {
  return `[${Number(lower.toPrecision(6))}, ${Number(upper.toPrecision(6))}]`;
}

/**
 * The compact set K; where the scenario leaves y open, mean ± 2 standard deviations of μ_x at the centre of K. Throws
 * InputError where μ_x is asked for and there is none.
 */
export function observedBox(scenario: Scenario): { x: readonly Interval[]; y: readonly Interval[] } {
  const { x, y: given } = scenario.observe;
  if (given !== null) return { x, y: given };
  const centre = x.map(({ lower, upper }) => (lower + upper) / 2);
  const { mean, covariance } = invariantMeasure(scenario.problem, centre);
  const rounded = (value: number) => Number(value.toPrecision(2));
  const y = mean.map((middle, a) => {
    const reach = 2 * Math.sqrt(covariance[a][a]);
    return { lower: rounded(middle - reach), upper: rounded(middle + reach) };
  });
  return { x, y };
}

/** A field at a point, cubic between nodes along every axis. */
export function sampledCubically(field: GridFunction, point: readonly number[]): number {
  return sample(
    field,
    point,
    point.map(() => 3),
  );
}

/** z = y − m(x) in a moving frame. */
type AxisLetter = 'x' | 'y' | 'z';

/** Slow axes with `nodes` ≥ 3 points each (one number for every axis, or one per axis). Throws RangeError for fewer. */
export function slowAxes(scenario: Scenario, nodes: readonly number[]): Axis[] {
  return axesOn('x', scenario.domain.x, nodes);
}

/**
 * Fast axes on `box` with `nodes` ≥ 3 points each (one number for every axis, or one per axis). Throws RangeError for
 * fewer.
 */
export function fastAxes(box: readonly Interval[], nodes: readonly number[]): Axis[] {
  return axesOn('y', box, nodes);
}

/** Axes on the sides of a box with `nodes` points each (one number for every axis, or one per axis). */
export function axesOn(letter: AxisLetter, box: readonly Interval[], nodes: readonly number[]): Axis[] {
  const names = axisNames(letter, box.length);
  return box.map((side, i) => uniformAxis(names[i], side.lower, side.upper, nodes[i] ?? nodes[0]));
}

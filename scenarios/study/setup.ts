import type { Box } from '../../src/convergence/norms.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { withKnownSolutions } from '../../src/problem/exact.ts';
import type { Interval, Problem } from '../../src/problem/problem.ts';
import { type ClaimedOrder, claimedOrder, type Method, methodOf } from '../../src/time/schemes.ts';
import { fastDomain, observedBox } from '../grids.ts';
import type { Scenario } from '../scenario.ts';

/** A scenario made ready for study: exact solutions attached, boxes and levels fixed (n = m = 1). */
export interface StudySetup {
  readonly scenario: Scenario;
  readonly problem: Problem;
  readonly slow: Interval;
  readonly fast: Interval;
  /** K in (x,y), and its shadow in x. */
  readonly observe: Box;
  readonly observeSlow: Box;
  /** Decreasing. */
  readonly epsilon: readonly number[];
  /** The ε at which grids and steps are refined: the largest at most 0.1, or the smallest there is. */
  readonly moderate: number;
  /** Increasing numbers of nodes. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The same scheme and time for Vᵉ and for v. */
  readonly method: Method;
  /** Claimed orders, where V is smooth. */
  readonly order: ClaimedOrder;
  /** Degrees of interpolation in x and y that lose no order. */
  readonly degree: readonly [x: number, y: number];
}

/** Names of a scheme and a time; left out, the first of the list. */
export interface MethodChoice {
  readonly scheme?: string;
  readonly time?: string;
}

/** Throws InputError where the method does not exist for both equations. */
export function prepareStudy(scenario: Scenario, choice: MethodChoice = {}): StudySetup {
  const method = methodOf('epsilon', choice);
  methodOf('effective', { scheme: method.scheme.name, time: method.time.name });
  const problem = withKnownSolutions(scenario.problem, scenario.domain.x);
  const observed = observedBox(scenario);
  const [ox, oy] = [observed.x[0], observed.y[0]];
  const fast = fastDomain({ ...scenario, observe: observed })[0];
  const epsilon = [...scenario.study.epsilon].sort((a, b) => b - a);
  return {
    scenario,
    problem,
    slow: scenario.domain.x[0],
    fast,
    observe: { lower: [ox.lower, oy.lower], upper: [ox.upper, oy.upper] },
    observeSlow: { lower: [ox.lower], upper: [ox.upper] },
    epsilon,
    moderate: epsilon.find((value) => value <= 0.1) ?? epsilon[epsilon.length - 1],
    x: [...scenario.study.nodes.x].sort((a, b) => a - b),
    y: [...scenario.study.nodes.y].sort((a, b) => a - b),
    method,
    order: claimedOrder(method),
    degree: [method.scheme.interpolation, 3],
  };
}

/** 'wide-x' and 'wide-y' enlarge one side of the domain by 25 % at equal spacing, to measure what truncation costs. */
export type BoxName = 'standard' | 'wide-x' | 'wide-y';

/** The axes with these numbers of nodes on a box; widened boxes keep the nodes of the standard one. */
export function axesOf(setup: StudySetup, nodes: { nx: number; ny: number }, box: BoxName): { slow: Axis; fast: Axis } {
  const slow = uniformAxis('x', setup.slow.lower, setup.slow.upper, nodes.nx);
  const fast = uniformAxis('y', setup.fast.lower, setup.fast.upper, nodes.ny);
  return { slow: box === 'wide-x' ? widened(slow) : slow, fast: box === 'wide-y' ? widened(fast) : fast };
}

/** The axis with a quarter more cells on both sides together, at equal spacing. */
export function widened(axis: Axis): Axis {
  const cells = Math.ceil((axis.nodes - 1) / 8);
  const reach = cells * axis.spacing;
  return uniformAxis(axis.name, axis.lower - reach, axis.upper + reach, axis.nodes + 2 * cells);
}

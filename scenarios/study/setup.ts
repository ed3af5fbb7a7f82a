import { withKnownSolutions } from '../../src/exact/known-solutions.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { InputError } from '../../src/input/input-error.ts';
import { isElliptic } from '../../src/model/elliptic.ts';
import { isReversible } from '../../src/model/fast-scale.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import { type ClaimedOrder, claimedOrder, type Method, methodOf } from '../../src/time/schemes.ts';
import type { Box } from '../../src/verification/norms.ts';
import { fastAxes, fastDomain, observedBox, slowAxes } from '../grids.ts';
import type { Scenario } from '../scenario.ts';

/** A scenario made ready for study: exact solutions attached, boxes and levels fixed; n, m ≤ 2. */
export interface StudySetup {
  readonly scenario: Scenario;
  readonly problem: Problem;
  /** One interval per slow axis, one per fast axis. */
  readonly slow: readonly Interval[];
  readonly fast: readonly Interval[];
  /** K in (x,y), and its shadow in x. */
  readonly observe: Box;
  readonly observeSlow: Box;
  /** Decreasing. */
  readonly epsilon: readonly number[];
  /** The ε at which grids and steps are refined: the largest at most 0.1, or the smallest there is. */
  readonly moderate: number;
  /** Increasing numbers of nodes per axis. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Nodes per axis of the coarsest and of the finest level. */
  readonly coarse: { readonly nx: number; readonly ny: number };
  readonly fine: { readonly nx: number; readonly ny: number };
  /** The same scheme and time for Vᵉ and for v. */
  readonly method: Method;
  /** Claimed orders for Vᵉ and for v, where they are smooth. */
  readonly order: ClaimedOrder;
  readonly limitOrder: ClaimedOrder;
  /** Degrees of interpolation along the slow axes, then the fast ones, that lose no order. */
  readonly degree: readonly number[];
  /** Names of the slow axes, then of the fast ones. */
  readonly names: readonly string[];
}

/** Names of a scheme and a time; left out, those of the scenario, else the first of the list. */
export interface MethodChoice {
  readonly scheme?: string;
  readonly time?: string;
}

/** Throws InputError for three fast variables, and where the method does not exist for both equations. */
export function prepareStudy(scenario: Scenario, choice: MethodChoice = {}): StudySetup {
  const { n, m } = dimensionsOf(scenario.problem);
  if (m > 2) refuseSpace(scenario.problem);
  const method = methodOf('epsilon', { scheme: scenario.study.scheme ?? undefined, ...choice });
  methodOf('effective', { scheme: method.scheme.name, time: method.time.name });
  const problem = withKnownSolutions(scenario.problem, scenario.domain.x);
  const observed = observedBox(scenario);
  const sides = [...observed.x, ...observed.y];
  const observe = { lower: sides.map(({ lower }) => lower), upper: sides.map(({ upper }) => upper) };
  const epsilon = scenario.study.epsilon.toSorted((a, b) => b - a);
  const [x, y] = [scenario.study.nodes.x, scenario.study.nodes.y].map((nodes) => nodes.toSorted((a, b) => a - b));
  return {
    scenario,
    problem,
    slow: scenario.domain.x,
    fast: fastDomain({ ...scenario, observe: observed }),
    observe,
    observeSlow: { lower: observe.lower.slice(0, n), upper: observe.upper.slice(0, n) },
    epsilon,
    moderate: epsilon.find((value) => value <= 0.1) ?? epsilon[epsilon.length - 1],
    x,
    y,
    coarse: { nx: x[0], ny: y[0] },
    fine: { nx: x[x.length - 1], ny: y[y.length - 1] },
    method,
    order: claimedOrder(method, m > 1 && isReversible(problem) ? 'lines' : null),
    limitOrder: claimedOrder(method),
    degree: [...new Array<number>(n).fill(method.scheme.interpolation), ...new Array<number>(m).fill(3)],
    names: [...axisNames('x', n), ...axisNames('y', m)],
  };
}

function refuseSpace(problem: Problem): never {
  throw new InputError(
    `a study is made for n, m ≤ 2, and ${problem.name} has m = ${dimensionsOf(problem).m}`,
    'its levels of refinement and its pictures are laid out for at most two fast variables',
    'use `hjb solve` and `hjb effective`, which take three with a potential; `hjb cell` and `hjb hamiltonian` take any',
    'domain',
  );
}

/** A point of the grid of Vᵉ as (x, y). */
export function split(setup: StudySetup, point: Coordinates): { readonly x: number[]; readonly y: number[] } {
  const all = Array.from(point);
  return { x: all.slice(0, setup.slow.length), y: all.slice(setup.slow.length) };
}

/** "x = 1, y = 0", "x1 = 1, x2 = 0, y1 = …" for a point of (x, y) or of x alone. */
export function placeOf({ names }: StudySetup, point: readonly number[]): string {
  return point.map((value, a) => `${names[a]} = ${value}`).join(', ');
}

/**
 * 'wide-x' and 'wide-y' enlarge the x-box or the y-box by 25 % at equal spacing, to measure what truncation costs;
 * 'narrow-x' takes as much from the x-box, to see whether that shrinks with wider ones.
 */
export type BoxName = 'standard' | 'wide-x' | 'wide-y' | 'narrow-x';

/** The axes with these numbers of nodes each on a box; widened boxes keep the nodes of the standard one. */
export function axesOf(
  { scenario, problem, fast: box }: StudySetup,
  nodes: { nx: number; ny: number },
  name: BoxName,
): { slow: Axis[]; fast: Axis[] } {
  const slow = slowAxes(scenario, [nodes.nx]);
  const fast = fastAxes(box, [nodes.ny]);
  if (name === 'wide-y') return { slow, fast: widenedFast(problem, slow, fast) };
  const changed = name === 'wide-x' ? slow.map(widened) : name === 'narrow-x' ? slow.map(narrowed) : slow;
  return { slow: changed, fast };
}

/** The axis with a quarter more cells on both sides together, at equal spacing. */
export function widened(axis: Axis): Axis {
  return moved(axis, Math.ceil((axis.nodes - 1) / 8));
}

/** The fast axes with as many more cells on every side, but where r might be 0 on them: there as many as go. */
export function widenedFast(problem: Problem, slow: readonly Axis[], fast: readonly Axis[]): Axis[] {
  return fast.map((axis, k) => {
    const isFree = (below: number, above: number) => isElliptic(problem, slow, fast.with(k, moved(axis, below, above)));
    const wanted = Math.ceil((axis.nodes - 1) / 8);
    return moved(
      axis,
      mostCells(wanted, (cells) => isFree(cells, 0)),
      mostCells(wanted, (cells) => isFree(0, cells)),
    );
  });
}

/** The largest number up to `wanted` that is free, as all smaller ones are; 0 is. */
function mostCells(wanted: number, isFree: (cells: number) => boolean): number {
  if (isFree(wanted)) return wanted;
  let [free, taken] = [0, wanted];
  while (taken - free > 1) {
    const middle = Math.floor((free + taken) / 2);
    if (isFree(middle)) free = middle;
    else taken = middle;
  }
  return free;
}

/** The axis with as many cells less as `widened` has more. */
export function narrowed(axis: Axis): Axis {
  return moved(axis, -Math.ceil((axis.nodes - 1) / 8));
}

/** The ends moved outwards by whole cells. */
function moved({ name, lower, upper, nodes, spacing }: Axis, below: number, above = below): Axis {
  return uniformAxis(name, lower - below * spacing, upper + above * spacing, nodes + below + above);
}

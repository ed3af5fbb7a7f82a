/**
 * The front door: a problem, ε and points give values. Boxes and axes are chosen, and what the choice of the x-box
 * costs is measured: the value on a box half wider, at equal spacing in x and by the same number of steps.
 */
import { product } from '../src/control/control-set.ts';
import { type Axis, uniformAxis } from '../src/grid/axis.ts';
import { type NamedPoint, pointOn, sample } from '../src/grid/grid-function.ts';
import { InputError } from '../src/input/input-error.ts';
import { fastBox } from '../src/measure/fast-box.ts';
import { dimensionsOf, type Interval, type Problem, united } from '../src/model/problem.ts';
import { axisNames } from '../src/model/trees.ts';
import type { MarchRun } from '../src/time/march.ts';
import { methodOf, type SchemeName } from '../src/time/schemes.ts';
import { betweenNodes } from '../src/verification/enclosure.ts';
import { supportBox } from './averaging/fast-support.ts';
import { type EffectiveSolution, solveEffectiveHjb } from './effective-hjb.ts';
import { type EpsilonSolution, solveEpsilonHjb } from './epsilon-hjb.ts';
import { discreteEnclosure } from './verification/discrete-enclosure.ts';

/** What is asked of `solve`. */
export interface SolveOptions {
  /** ε > 0; 0 stands for the limit, whose points have slow coordinates alone. */
  readonly epsilon: number;
  /** Where values are wanted, by the names of the axes: { x: 1, y: 0 }. */
  readonly at: NamedPoint | readonly NamedPoint[];
  /** The x-box, one interval for every slow axis or one each. Default: around the points, see `boxError`. */
  readonly x?: Interval | readonly Interval[];
  /** Nodes per axis; default 401 and 101 on the line, 17 in the plane. */
  readonly nodes?: { readonly x: number; readonly y: number };
  readonly scheme?: SchemeName;
}

/** A value, and what is known of it. */
export interface SolvedValue {
  /** The point, as it was given. */
  readonly at: NamedPoint;
  /** Interpolated by the degree of the scheme in x and cubically in y. */
  readonly value: number;
  /** Bounds of the exact discrete value, which is not the one of the problem; null where none are proved. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** How much the value changes on an x-box half wider; null where the box was given. */
  readonly boxError: number | null;
}

/** Values with what is known of them, and the field they are of. */
export interface Solved {
  readonly values: readonly SolvedValue[];
  /** The field, for `sample`. */
  readonly solution: EpsilonSolution | EffectiveSolution;
  /** 'converged', or why not. */
  readonly status: EpsilonSolution['outcome']['status'];
  readonly warnings: readonly string[];
}

const NODES = { line: { x: 401, y: 101 }, plane: { x: 17, y: 17 } } as const;
/** The x-box reaches so far beyond the points, in units of the largest of 1 and their spread, before it is widened. */
const REACH = 1.5;
/** Boxes that are tried, each half wider than the one before, and the change below which none further is. */
const [BOXES, ENOUGH] = [4, 1e-3];

/**
 * Vᵉ(τ = T), or v for ε = 0, at points, with bounds of the discrete values where the scheme has them and warnings.
 * Throws InputError for points that do not name the axes or lie outside of a given box, and as `solveEpsilonHjb`.
 */
export async function solve(problem: Problem, options: SolveOptions, run: MarchRun = {}): Promise<Solved> {
  const points = [options.at].flat() as readonly NamedPoint[];
  const { n, m } = dimensionsOf(problem);
  const names = [...axisNames('x', n), ...(options.epsilon === 0 ? [] : axisNames('y', m))];
  const places = points.map((point) => pointOn(names, point));
  if (places.length === 0) throw new InputError('no point is given', 'values are those at points', 'give at');
  const asked = { problem, options, places, run };
  if (options.x !== undefined) {
    const given = [options.x].flat() as readonly Interval[];
    const found = await solvedOn(
      asked,
      axisNames('x', n).map((_, a) => given[a] ?? given[0]),
    );
    return { ...found, values: found.values.map((value, k) => ({ at: points[k], ...value, boxError: null })) };
  }
  let box = boxAround(places, n);
  let found = await solvedOn(asked, box);
  for (let tries = 1; ; tries++) {
    const wide = box.map(widened);
    const wider = await solvedOn(asked, wide, found.solution);
    const changes = found.values.map(({ value }, k) => Math.abs(value - wider.values[k].value));
    const isEnough = changes.every((change, k) => change <= ENOUGH * (1 + Math.abs(found.values[k].value)));
    if (isEnough || tries === BOXES) {
      const values = found.values.map((value, k) => ({ at: points[k], ...value, boxError: changes[k] }));
      const [worst] = changes.toSorted((a, b) => b - a);
      const warning = `the x-box changes values by ${worst.toPrecision(2)} when it is half wider: give x`;
      return { ...found, values, warnings: isEnough ? found.warnings : [...found.warnings, warning] };
    }
    box = wide;
    found = await solvedOn(asked, box);
  }
}

interface Asked {
  readonly problem: Problem;
  readonly options: SolveOptions;
  readonly places: readonly (readonly number[])[];
  readonly run: MarchRun;
}

/** Solves on an x-box; beside a solution, with its spacing and its steps. */
async function solvedOn(
  { problem, options: { epsilon, nodes: asked, ...more }, places, run }: Asked,
  box: readonly Interval[],
  beside?: EpsilonSolution | EffectiveSolution,
) {
  const { n, m } = dimensionsOf(problem);
  const nodes = asked ?? NODES[n === 1 && m === 1 ? 'line' : 'plane'];
  const slow = beside === undefined ? axes('x', box, nodes.x) : beside.grid.axes.slice(0, n).map(widenedAxis);
  const fast = axes('y', fastBoxOf(problem, box), nodes.y);
  const method = { scheme: more.scheme, steps: beside?.steps };
  const solution =
    epsilon === 0
      ? await solveEffectiveHjb(problem, { ...method, slow, fast }, run)
      : await solveEpsilonHjb(problem, { ...method, epsilon, slow, fast }, run);
  const inX = methodOf('epsilon', { scheme: more.scheme }).scheme.interpolation;
  const degree = solution.grid.axes.map((_, a) => (a < n ? inX : 3));
  const doubted = solution.doubts.length > 0;
  const enclosure = doubted ? null : discreteEnclosure(problem, { slow, fast, solution });
  const around = enclosure === null ? null : betweenNodes(enclosure, degree);
  const values = places.map((place) => {
    const value = sample(solution, place, degree);
    return { value, lower: around && value + around.below, upper: around && value + around.above };
  });
  return { solution, values, status: solution.outcome.status, warnings: solution.warnings };
}

function boxAround(places: readonly (readonly number[])[], n: number): Interval[] {
  return Array.from({ length: n }, (_, a) => {
    const all = places.map((place) => place[a]);
    const [lower, upper] = [Math.min(...all), Math.max(...all)];
    const reach = REACH * Math.max(1, upper - lower);
    return { lower: lower - reach, upper: upper + reach };
  });
}

function widened({ lower, upper }: Interval): Interval {
  const more = (upper - lower) / 4;
  return { lower: lower - more, upper: upper + more };
}

/** Half wider at equal spacing: the nodes of the axis are nodes again. */
function widenedAxis({ name, lower, upper, nodes, spacing }: Axis): Axis {
  const cells = Math.ceil((nodes - 1) / 4);
  return uniformAxis(name, lower - cells * spacing, upper + cells * spacing, nodes + 2 * cells);
}

function axes(letter: 'x' | 'y', box: readonly Interval[], nodes: number): Axis[] {
  const names = axisNames(letter, box.length);
  return box.map(({ lower, upper }, a) => uniformAxis(names[a], lower, upper, nodes));
}

/** The y-box over an x-box: that of all frozen x on the line, of corners, middles of edges and the centre else. */
export function fastBoxOf(problem: Problem, slow: readonly Interval[]): Interval[] {
  if (slow.length === 1 && dimensionsOf(problem).m === 1) return [fastBox(problem, slow[0])];
  const points = product(slow.map(({ lower, upper }) => [lower, (lower + upper) / 2, upper]));
  const boxes = points.map((x) => supportBox(problem, x));
  return boxes[0].map((_, a) => united(boxes.map((box) => box[a])));
}

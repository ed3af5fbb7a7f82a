/** Vᵉ, v, f or ḡ, and what is known of them exactly, as fields. */

import type { EffectiveSolution, EpsilonSolution } from '../../solvers/index.ts';
import { coordinate } from '../../src/grid/axis.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import { asArray, packed } from '../fields.ts';
import { type Fields, fieldAxis, fieldsTo, mapNodes, spread } from './field.ts';
import { type StudySetup, split } from './setup.ts';
import { limitStart, startLabel } from './terminal-mean.ts';
import { type Kept, keptOnTheWay } from './values-on-the-way.ts';

/** |Vᵉ − v| at the smallest ε is 1e-9 of the values. */
const DIGITS = 10;
const field = fieldsTo(DIGITS);
/** Below this ε the rounding of closed forms, 1e-16/ε, exceeds any grid error. */
const SMALLEST_EXACT_EPSILON = 1e-9;
/** Nodes of the line along the first slow axis on which f and the limit are known better than on a coarse grid. */
const LINE = 201;

/** Vᵉ and v of the finest level, in the order of setup.epsilon; v with the steps of Vᵉ. */
export interface Finest {
  readonly values: readonly EpsilonSolution[];
  readonly limit: EffectiveSolution;
}

/** Vᵉ over all its nodes where n = m = 1, else over y beside the centre; over (τ,x) with y in the centre of K; v. */
export function valueFields(setup: StudySetup, { values, limit }: Finest): Fields {
  const { slow, fast, epsilon, names } = setup;
  const axes = values[0].grid.axes;
  const over = names.toReversed();
  const [overY, overX] = [over.slice(0, fast.length), over.slice(fast.length)];
  const isLine = axes.length === 2;
  const { centre, beside } = heldPoints(setup);
  const kept = values.map((value) => keptOnTheWay(setup, value));
  const ofLimit = keptOnTheWay(setup, limit);
  const times = [...kept, ofLimit].reduce((most, each) => (each.length > most.length ? each : most), ofLimit);
  const shown = (value: EpsilonSolution) =>
    isLine
      ? inFieldOrder(value)
      : mapNodes(axes.slice(slow.length), (y) => sample(value, [...beside, ...y], setup.degree));
  const inTime = (all: readonly Kept[]) =>
    times.flatMap((_, k) => Array.from(all[k]?.values ?? missing(limit.grid.size)));
  const f = mapNodes(limit.grid.axes, limitStart(setup));
  return {
    axes: [
      { name: 'epsilon', nodes: epsilon, description: 'scale separation' },
      { name: 'tau', nodes: times.map(({ tau }) => tau), description: 'time to go' },
      ...axes.map((axis, a) => fieldAxis(axis, a < slow.length ? 'slow variable' : 'fast variable')),
    ],
    variables: [
      field(
        isLine ? 'V' : 'V_over_y',
        'value function at time to go T',
        ['epsilon', ...(isLine ? over : overY)],
        values.flatMap((value) => Array.from(shown(value))),
        isLine ? {} : { at: placesOf(setup, 0, beside) },
      ),
      field(
        'V_over_x',
        'value function over time to go, fast variables held',
        ['epsilon', 'tau', ...overX],
        kept.flatMap(inTime),
        { at: placesOf(setup, slow.length, centre) },
      ),
      field(
        'tau_of_V',
        'time to go of V_over_x, whose own steps may not meet tau',
        ['epsilon', 'tau'],
        kept.flatMap((all) => times.map((_, k) => all[k]?.tau ?? Number.NaN)),
      ),
      field('v', 'effective value function over time to go, with the steps of V', ['tau', ...overX], inTime(ofLimit)),
      field('f', startLabel(setup), overX, f),
    ],
  };
}

/** What is known exactly of v, over (τ,x), and of Vᵉ at τ = T; f and v on a line where the grid is coarse. */
export function exactFields(setup: StudySetup, { values, limit }: Finest): Fields {
  const { problem, slow, epsilon, names } = setup;
  const { axes } = limit.grid;
  const overX = names.slice(0, slow.length).toReversed();
  const { centre, x } = heldPoints(setup);
  const { limit: exactLimit, value: exactValue } = problem.exact ?? {};
  const tau = problem.horizon;
  const onGrid = (at: number) => mapNodes(axes, (node) => exactLimit?.(at, node) ?? Number.NaN);
  const ofLimit = field('v_exact', 'exact limit of the value functions at time to go T', overX, onGrid(tau));
  const ofValue = field(
    'V_over_x_exact',
    'exact value function at time to go T, fast variables held',
    ['epsilon', ...overX],
    epsilon.flatMap((each) =>
      each < SMALLEST_EXACT_EPSILON || exactValue === undefined
        ? missing(limit.grid.size)
        : mapNodes(axes, (node) => exactValue({ tau, epsilon: each, x: node, y: centre })),
    ),
    { at: placesOf(setup, slow.length, centre) },
  );
  const known = [...(exactLimit === undefined ? [] : [ofLimit]), ...(exactValue === undefined ? [] : [ofValue])];
  if (values[0].grid.axes.length === 2) return { axes: [], variables: known };
  const line = spread(`${axes[0].name}_line`, axes[0].lower, axes[0].upper, LINE);
  // The second coordinate on a node, so that v stands there too.
  const rest = axes.slice(1).map((axis, i) => coordinate(axis, Math.round((x[i + 1] - axis.lower) / axis.spacing)));
  const along = (name: string, description: string, of: (x: readonly number[]) => number) =>
    field(
      `${name}_line`,
      `${description} on a finer line`,
      [line.name],
      mapNodes([line], ([first]) => of([first, ...rest])),
      rest.length === 0 ? {} : { at: placesOf(setup, 1, rest) },
    );
  const lines = [
    along('f', startLabel(setup), limitStart(setup)),
    ...(exactLimit === undefined ? [] : [along('v_exact', 'exact limit', (node) => exactLimit(tau, node))]),
  ];
  return { axes: [fieldAxis(line, 'first slow variable')], variables: [...known, ...lines] };
}

/** The centre of K, and in x the middle of its right side. */
export function heldPoints(setup: StudySetup) {
  const { lower, upper } = setup.observe;
  const { x, y } = split(
    setup,
    lower.map((low, a) => (low + upper[a]) / 2),
  );
  return { x, centre: y, beside: [setup.observeSlow.upper[0], ...x.slice(1)] };
}

/** "y = 0", "x1 = 1, x2 = 0": coordinates from a place of (x,y) on. */
function placesOf({ names }: StudySetup, from: number, point: readonly number[]): string {
  return point.map((value, i) => `${names[from + i]} = ${Number(value.toPrecision(6))}`).join(', ');
}

/** Values with their last axis first. */
function inFieldOrder(value: GridFunction): Float64Array {
  return packed(asArray(value).transpose(...value.grid.axes.map((_, a) => value.grid.axes.length - 1 - a)));
}

function missing(count: number): number[] {
  return new Array<number>(count).fill(Number.NaN);
}

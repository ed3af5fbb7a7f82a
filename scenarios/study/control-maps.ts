/** Maps of the feedback u*(x,y) at τ = T, for the figures and fields.h5. */
import { type Axis, coordinates } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { effectiveCase, valueCase } from './cases.ts';
import { type StudySetup, split } from './setup.ts';
import type { Solved } from './solved.ts';
import { hasChoice, type SolvedFeedback, solvedFeedback } from './solved-feedback.ts';

/** u* over two coordinates, the others held. */
export interface ControlSection {
  /** "y1 = 0, y2 = 0", or nothing where all are shown. */
  readonly held: string;
  /** The first axis is the fastest. */
  readonly axes: readonly { readonly name: string; readonly nodes: readonly number[] }[];
  /** For Vᵉ, then for v (ε = 0): one list of values per control; null where V is flat. */
  readonly maps: readonly { readonly epsilon: number; readonly values: readonly (readonly (number | null)[])[] }[];
}

/** Without names where U has one point. */
export interface ControlMaps {
  readonly names: readonly string[];
  readonly sections: readonly ControlSection[];
}

/** Far below every discretisation error. */
const DIGITS = 6;
const POINTS = { slow: 81, fast: 61 } as const;

/** Over (x,y) on the line; in the plane over x at the centre of K in y, and over y at the middle of K's right side. */
export function controlMaps(setup: StudySetup, solved: Solved): ControlMaps {
  const { problem, epsilon, fine } = setup;
  if (!hasChoice(problem)) return { names: [], sections: [] };
  const laws = [
    ...epsilon.map((value) => ({ epsilon: value, value: solved.value(valueCase(value, fine.nx, fine.ny)) })),
    { epsilon: 0, value: solved.effective(effectiveCase(fine.nx, fine.ny)) },
  ].map(({ epsilon, value }) => ({ epsilon, feedback: solvedFeedback(problem, value) }));
  const sections = shownPlanes(setup).map(({ places, point }) => {
    const axes = places.map((place) => shownAxis(setup, place));
    const held = setup.names.flatMap((name, a) => (places.includes(a) ? [] : [`${name} = ${point[a]}`])).join(', ');
    const maps = laws.map(({ epsilon, feedback }) => ({
      epsilon,
      values: valuesOn(setup, { axes, places, point }, feedback),
    }));
    return {
      held,
      axes: axes.map((axis) => ({ name: axis.name, nodes: Array.from(coordinates(axis), rounded) })),
      maps,
    };
  });
  return { names: problem.controls.names, sections };
}

/** Two places of (x,y), and where the other coordinates are held. */
interface ShownPlane {
  readonly places: readonly number[];
  readonly point: readonly number[];
}

function shownPlanes({ observe: { lower, upper }, slow, fast }: StudySetup): ShownPlane[] {
  const [n, m] = [slow.length, fast.length];
  const centre = lower.map((low, a) => Number(((low + upper[a]) / 2).toPrecision(DIGITS)));
  const beside = [upper[0], ...centre.slice(1)];
  if (n === 1 && m === 1) return [{ places: [0, 1], point: centre }];
  return [
    ...(n === 2 ? [{ places: [0, 1], point: centre }] : []),
    ...(m === 2 ? [{ places: [n, n + 1], point: beside }] : []),
  ];
}

/** K in x; K widened by half its width on both sides in y. */
function shownAxis({ observe, fast, names, slow }: StudySetup, place: number): Axis {
  const [low, high] = [observe.lower[place], observe.upper[place]];
  if (place < slow.length) return spread(names[place], low, high, POINTS.slow);
  const [box, reach] = [fast[place - slow.length], (high - low) / 2];
  return spread(names[place], Math.max(low - reach, box.lower), Math.min(high + reach, box.upper), POINTS.fast);
}

function spread(name: string, lower: number, upper: number, nodes: number): Axis {
  return { name, lower, upper, nodes, spacing: (upper - lower) / (nodes - 1) };
}

function valuesOn(
  setup: StudySetup,
  { axes, places, point }: ShownPlane & { readonly axes: readonly Axis[] },
  feedback: SolvedFeedback,
): (number | null)[][] {
  const values = setup.problem.controls.names.map((): (number | null)[] => []);
  const at = [...point];
  forEachNode(tensorGrid(axes), (_, node) => {
    places.forEach((place, k) => {
      at[place] = node[k];
    });
    const { x, y } = split(setup, at);
    const control = feedback(x, y);
    for (const [c, list] of values.entries()) list.push(control === null ? null : rounded(control[c]));
  });
  return values;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

import { dimensionsOf } from '../../../src/model/problem.ts';
import { axisNames } from '../../../src/model/trees.ts';
import { observedBox, shownInterval } from '../../grids.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Scenario } from '../../scenario.ts';
import type { Given } from './command.ts';
import { coordinatesOf, pointIn } from './values.ts';

/** The axis names of a scenario: slow, fast, and the slopes p. */
export function namesOf({ problem }: Scenario): { x: string[]; y: string[]; p: string[] } {
  const { n, m } = dimensionsOf(problem);
  const x = axisNames('x', n);
  return { x, y: axisNames('y', m), p: x.map((name) => name.replace('x', 'p')) };
}

/** The points of --at over these names; without it the centre of K and the middle of its right side. */
export function pointsInside(given: Given, scenario: Scenario, names: readonly string[], box: Box): number[][] {
  const points = pointsGiven(given, names, box);
  return points.length > 0 ? points : pointsOfK(scenario).map((point) => point.slice(0, names.length));
}

/** The points of --at over these names, inside the sides of the box that are known. Throws ScenarioError. */
export function pointsGiven(given: Given, names: readonly string[], box: Box): number[][] {
  const points = pointsOf(given, 'at', names);
  for (const point of points) refuseOutside(point, names.slice(0, box.length), box);
  return points;
}

/** The points of a flag over these names. Throws ScenarioError. */
export function pointsOf(given: Given, flag: string, names: readonly string[]): number[][] {
  return given.values(flag).map((text) => coordinatesOf(pointIn(text, names, [], `--${flag}`), names));
}

type Box = readonly { readonly lower: number; readonly upper: number }[];

function refuseOutside(point: readonly number[], names: readonly string[], box: Box): void {
  const k = names.findIndex((_, i) => !(point[i] >= box[i].lower && point[i] <= box[i].upper));
  if (k < 0) return;
  throw new ScenarioError(
    '--at',
    `${names[k]} = ${point[k]} lies outside the grid`,
    `the box is ${names.map((name, i) => `${name} ∈ ${shownInterval(box[i])}`).join(', ')}`,
    'choose a point inside, or enlarge domain in the scenario',
  );
}

function pointsOfK(scenario: Scenario): number[][] {
  const { x, y } = observedBox(scenario);
  const middle = [...x, ...y].map(({ lower, upper }) => (lower + upper) / 2);
  return [middle, [x[0].upper, ...middle.slice(1)]];
}

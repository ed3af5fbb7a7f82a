/** The frame of the fast variables of a solve: y, or z = y − m(x), carried along with x. */

import { supportBox } from '../../../solvers/index.ts';
import type { Axis } from '../../../src/grid/axis.ts';
import { isReversible } from '../../../src/model/fast-scale.ts';
import { framedBox, type MovingFrame, movingFrame } from '../../../src/model/moving-frame.ts';
import { dimensionsOf, type Interval, united } from '../../../src/model/problem.ts';
import { followsFrame, type Method } from '../../../src/time/schemes.ts';
import { observedBox, shownInterval } from '../../grids.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Scenario } from '../../scenario.ts';
import type { Flags, Given } from './command.ts';

export const frameFlag: Flags = {
  frame: {
    options: ['fixed', 'moving'],
    description: 'fast axes y, or z = y − m(x) for b = Ax − Ky (default: moving where y1, y2 are solved unsplit)',
  },
};

/** A moving frame with the box of z. */
export interface FramedDomain {
  readonly frame: MovingFrame;
  readonly box: readonly Interval[];
}

/**
 * The frame of --frame; without it the moving one where all x can then share the factors of an unsplit solve.
 * Throws ScenarioError.
 */
export function frameGiven(given: Given, scenario: Scenario, method: Method): FramedDomain | null {
  const { problem, domain } = scenario;
  const asked = given.value('frame');
  const follows = followsFrame(method);
  const isUnsplit = dimensionsOf(problem).m === 2 && !isReversible(problem);
  if (asked === 'fixed' || (asked === undefined && !(isUnsplit && follows && domain.y === null))) return null;
  if (!follows) {
    throw new ScenarioError(
      '--frame',
      `--frame is moving and the method ${method.scheme.name} with ${method.time.name}`,
      'a moving frame carries z = y − m(x) along with x, and this method moves x alone',
      'leave --frame out, or choose another scheme or time',
    );
  }
  const frame = movingFrame(problem);
  if (frame === null && asked !== undefined) {
    throw new ScenarioError(
      '--frame',
      `--frame is moving, and the fast drift of ${scenario.name} has no moving frame`,
      'z = y − m(x) needs b = Ax − Ky + c, all eigenvalues of K with positive real parts',
      'leave --frame out',
    );
  }
  const isStill = frame?.slope.every((row) => row.every((value) => value === 0)) ?? true;
  return frame === null || (asked === undefined && isStill) ? null : { frame, box: framedDomain(scenario, frame) };
}

/** The box of z: where μ lives, and K; around m at the centre of the x-box as far as a given y-box. */
export function framedDomain(scenario: Scenario, frame: MovingFrame): Interval[] {
  const { domain } = scenario;
  const centre = domain.x.map(({ lower, upper }) => (lower + upper) / 2);
  const { x, y } = observedBox(scenario);
  const atCentre = centre.map((value) => ({ lower: value, upper: value }));
  const box = domain.y === null ? supportBox(frame.problem, centre) : framedBox(frame, atCentre, domain.y);
  const seen = framedBox(frame, x, y);
  return box.map((side, a) => united([side, seen[a]]));
}

/** A point (x,y) as the solution has it: itself, or (x,z). */
export function placedIn(frame: MovingFrame | null, point: readonly number[], n: number): number[] {
  if (frame === null) return [...point];
  const x = point.slice(0, n);
  return [...x, ...frame.toFrame(x, point.slice(n))];
}

/** Throws ScenarioError for a point (x,z) outside the axes of z. */
export function requireInFrame(axes: readonly Axis[], point: readonly number[], n: number): void {
  const a = axes.findIndex(({ lower, upper }, k) => !(point[n + k] >= lower && point[n + k] <= upper));
  if (a < 0) return;
  throw new ScenarioError(
    '--at',
    `${axes[a].name} = ${Number(point[n + a].toPrecision(6))} of z = y − m(x) lies outside the grid`,
    `the box is ${axes.map((axis) => `${axis.name} ∈ ${shownInterval(axis)}`).join(', ')}`,
    'choose a point nearer to where μ lives, or give --frame fixed',
  );
}

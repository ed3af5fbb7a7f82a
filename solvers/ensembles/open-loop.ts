/**
 * Controls u(t) that jump: the places come from the formula, so that no pulse is missed, however short. Steps are short
 * enough for the shortest pulse, and u at a node is its mean with the weight of the hat function there, so that the
 * trapezoid rule over all steps is ∫u dt.
 */
import { type Break, breaksAlong, breakTest, JUMP } from '../../src/formula/breaks.ts';
import { gaussLegendre, panelIntegral } from '../../src/grid/quadrature.ts';
import type { Coordinates } from '../../src/model/problem.ts';
import { TIME } from '../../src/paths/formula-paths.ts';
import type { PathControl } from './path-control.ts';

type OpenLoop = Extract<PathControl, { kind: 'open-loop' }>;

/** Steps that the shortest time between two jumps takes at least. */
const STEPS_IN_PULSE = 4;
const RULE = gaussLegendre(5);

/** Where u(t) may break on [0, T]; none where it has no formula. */
function breaksOf({ at }: OpenLoop, horizon: number): readonly Break[] {
  const test = at.trees === undefined ? null : breakTest(at.trees, [TIME], [TIME]);
  return test === null ? [] : breaksAlong(test, 0, 0, horizon);
}

/** The fewest steps on [0, T] that see every pulse; ∞ where jumps could not be told apart. */
export function stepsForPulses(control: PathControl, horizon: number): number {
  if (control.kind !== 'open-loop') return 0;
  const jumps = breaksOf(control, horizon).filter(({ kind }) => kind === JUMP);
  const ends = [{ lower: 0, upper: 0 }, ...jumps, { lower: horizon, upper: horizon }];
  const gaps = ends.slice(1).map(({ lower }, k) => lower - ends[k].upper);
  // A jump at an end of [0, T] bounds no pulse.
  const shortest = gaps.filter((gap) => gap > 1e-12 * horizon).reduce((least, gap) => Math.min(least, gap), Infinity);
  return jumps.length === 0 ? 0 : Math.ceil((STEPS_IN_PULSE * horizon) / shortest);
}

/** u at the ends of steps, by number. */
export function nodalControl(control: OpenLoop, dt: number, steps: number): (k: number) => Coordinates {
  const breaks = breaksOf(control, dt * steps);
  if (breaks.length === 0) return (k) => control.at(k * dt);
  const places = breaks.map(({ lower, upper }) => (lower + upper) / 2);
  return (k) => {
    const [from, to] = [Math.max(0, k - 1) * dt, Math.min(steps, k + 1) * dt];
    const inside = places.filter((place) => place > from && place < to);
    const ends = [...new Set([from, k * dt, to, ...inside])].sort((a, b) => a - b);
    const hat = (t: number) => 1 - Math.abs(t - k * dt) / dt;
    const over = (g: (t: number) => number) =>
      ends.slice(1).reduce((sum, end, i) => sum + panelIntegral(g, ends[i], end, RULE), 0);
    const weight = over(hat);
    return Array.from(control.at(k * dt), (_, c) => over((t) => control.at(t)[c] * hat(t)) / weight);
  };
}

import { deepRelaxationProblem } from '../model/deep-relaxation-problem.ts';
import type { Coordinates, Exact, Interval, Problem } from '../model/problem.ts';
import { hasAffineFastDrift, hasQuadraticCost } from '../model/structure.ts';
import { reachableSet } from './reachable-set.ts';

/** An affine function of the plane is known by its values here. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [0, 1],
] as const;
const ROUNDING = 1e-12;

/**
 * The limit v of deep relaxation in the plane with f = a|x|²/2: μ_x is Gaussian and isotropic around γx/(γ+a), so that
 * H̄(x,p) with p along x is that on the line at |x|, and v(τ,x) is the value on the line at |x| (docs/theory.md §7.4).
 * Undefined for any other loss, with a running cost and with a source.
 */
export function isotropicLimit(problem: Problem, slow: readonly Interval[]): Exact['limit'] | undefined {
  const { deepRelaxation, controls, horizon } = problem;
  const isFree = problem.runningCost === undefined && problem.source === undefined;
  if (deepRelaxation?.gradient.length !== 2 || controls.kind !== 'box' || !isFree) return undefined;
  if (!hasAffineFastDrift(problem) || !hasQuadraticCost(problem)) return undefined;
  const { gradient, gamma } = deepRelaxation;
  const a = gradient[0]([1, 0]);
  const differs = CORNERS.some((x) => gradient.some((slope, i) => !(Math.abs(slope(x) - a * x[i]) <= ROUNDING)));
  if (differs) return undefined;
  const constant = problem.terminalCost([0, 0]);
  const onLine = deepRelaxationProblem({
    name: problem.name,
    title: problem.title,
    horizon,
    loss: (x) => constant + (a * x[0] ** 2) / 2,
    gradient: [(x) => a * x[0]],
    gamma,
    control: { lower: controls.lower[0], upper: controls.upper[0] },
  });
  const farthest = Math.hypot(...slow.map(({ lower, upper }) => Math.max(Math.abs(lower), Math.abs(upper))));
  const reachable = reachableSet(onLine, { lower: -farthest, upper: farthest });
  return (tau: number, x: Coordinates) => reachable.value(tau, Math.hypot(x[0], x[1]));
}

import { formula } from '../formula/expression.ts';
import { deepRelaxationProblem } from '../model/deep-relaxation-problem.ts';
import { slowTerminal, termsOf } from '../model/general-terms.ts';
import type { Coordinates, Exact, Interval, Problem } from '../model/problem.ts';
import { hasQuadraticCost, isAffineInControl, isLinear } from '../model/structure.ts';
import { reachableSet } from './reachable-set.ts';

const ROUNDING = 1e-12;

/** Linear functions of (x,y) in R⁴ and quadratic ones of x are the same where they agree at these points. */
const POINTS = [
  [0, 0, 0, 0],
  [1, 0, 0, 0],
  [-1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, -1, 0, 0],
  [1, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
] as const;

/**
 * The limit v of deep relaxation in the plane with f = a|x|²/2: μ_x is Gaussian and isotropic around γx/(γ+a), so that
 * H̄(x,p) with p along x is that on the line at |x|, and v(τ,x) is the value on the line at |x| (docs/theory.md §7.4).
 * Undefined for any other φ, b and f, with a running cost, a source or general terms.
 */
export function isotropicLimit(problem: Problem, slow: readonly Interval[]): Exact['limit'] | undefined {
  const { name, title, horizon, controls, fast } = problem;
  const isFree = problem.runningCost === undefined && problem.source === undefined && termsOf(problem).length === 0;
  if (fast.deepRelaxation?.gradient.length !== 2 || controls.kind !== 'box' || !isFree) return undefined;
  if (!isAffineInControl(problem) || !isLinear(problem) || !hasQuadraticCost(problem)) return undefined;
  const { gradient, gamma } = fast.deepRelaxation;
  const [a, constant] = [gradient[0]([1, 0]), slowTerminal(problem)([0, 0])];
  const isotropic = (names: readonly string[]) =>
    deepRelaxationProblem({
      ...{ name, title, horizon, gamma },
      loss: formula(`${constant} + ${a}*(${names.map((x) => `${x}^2`).join(' + ')})/2`, names),
      control: { lower: controls.lower[0], upper: controls.upper[0] },
    });
  if (!agree(problem, isotropic(['x1', 'x2']))) return undefined;
  const farthest = Math.hypot(...slow.map(({ lower, upper }) => Math.max(Math.abs(lower), Math.abs(upper))));
  const reachable = reachableSet(isotropic(['x']), { lower: -farthest, upper: farthest });
  if (reachable === null) return undefined;
  return (tau: number, x: Coordinates) => reachable.value(tau, Math.hypot(x[0], x[1]));
}

function agree(first: Problem, second: Problem): boolean {
  const fieldsAt = (problem: Problem, x: Coordinates, y: Coordinates) => [
    slowTerminal(problem)(x),
    ...problem.fast.drift.map((b) => b(x, y)),
    ...problem.slowDrift.flatMap((phi) => [phi(x, y, [0]), phi(x, y, [1])]),
  ];
  return POINTS.every((point) => {
    const [x, y] = [point.slice(0, 2), point.slice(2)];
    const known = fieldsAt(second, x, y);
    return fieldsAt(first, x, y).every((value, i) => Math.abs(value - known[i]) <= ROUNDING * (1 + Math.abs(known[i])));
  });
}

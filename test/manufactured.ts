/**
 * Manufactured solutions: problems made from their solution (Roache 2002).
 *
 * ε-HJB with control. For any φ and b choose a(x) and β(y) with 1 + β > 0. min_u φ·p is positively 1-homogeneous, so
 *   W(τ,x,y) = a(x) (1 + (1 − e^{−λτ}) β(y))
 * solves ∂_τW = min_u φ·D_xW + ℓ + e^{−λτ} s + (1/ε) LW, W(0) = a, with m(x,y) = min_u φ(x,y,u) a′(x) and
 *   ℓ = −(1 + β) m − (1/ε) a Lβ,    s = λ a β + β m + (1/ε) a Lβ,    Lβ = bβ′ + β″.
 * With β = g + ε k(y) the cost stays bounded as ε → 0 and k is the corrector; the limit is
 * v = a(x)(1 + (1 − e^{−λτ}) g).
 *
 * Cell problems. δω − Lω = −h with ω = 0 on |y| = n: choose ω and set h = Lω − δω. Ergodic pair h − Lχ = c: h = Lχ + c.
 */
import { minimumOver } from '../src/control/pointwise-minimum.ts';
import { InputError } from '../src/input/input-error.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../src/model/problem.ts';
import { declareAffine } from '../src/model/structure.ts';

/** A smooth function of one variable with its first two derivatives. */
export interface SmoothFunction {
  value(z: number): number;
  slope(z: number): number;
  curvature(z: number): number;
}

/** The parts of W(τ,x,y) = a(x) (1 + (1 − e^{−λτ}) (g + ε k(y))). */
export interface ManufacturedValue {
  /** a and a′. */
  readonly profile: Pick<SmoothFunction, 'value' | 'slope'>;
  /** g > −1. */
  readonly growth: number;
  /** k; 1 + g + εk must stay positive on the y-box. */
  readonly corrector: SmoothFunction;
  /** λ. */
  readonly decay: number;
}

/**
 * The problem with slow and fast drift of `base` whose value is W, at this ε ≥ 0; ε = 0 gives the limit problem with
 * exact v. n = m = 1; `base` has no running cost. The exact value throws RangeError at another ε.
 * Throws InputError for a base that has a running cost, a source or other dimensions.
 */
export function manufacturedProblem(base: Problem, solution: ManufacturedValue, epsilon: number): Problem {
  refuseUnsuitable(base);
  const { profile, growth, corrector, decay } = solution;
  const { leastAt } = minimumOver(base);
  const beta = (y: Coordinates) => growth + epsilon * corrector.value(y[0]);
  const value = (tau: number, x: Coordinates, at: number) => profile.value(x[0]) * (1 - Math.expm1(-decay * tau) * at);
  const fastest = (x: Coordinates, y: Coordinates) => {
    const p = [profile.slope(x[0])];
    return leastAt(x, y, p).value;
  };
  // (1/ε) a Lβ.
  const mixing = (x: Coordinates, y: Coordinates) => profile.value(x[0]) * generatorOf(base, x, y[0], corrector);
  return {
    ...base,
    name: `manufactured-${base.name}`,
    title: `${base.title}, with costs that make the value known`,
    terminalCost: (x) => profile.value(x[0]),
    runningCost: declareAffine((x: Coordinates, y: Coordinates) => -(1 + beta(y)) * fastest(x, y) - mixing(x, y), 'u'),
    source: {
      decay,
      value: (x, y) => beta(y) * (decay * profile.value(x[0]) + fastest(x, y)) + mixing(x, y),
    },
    exact: {
      ...(epsilon > 0 && {
        value: ({ tau, epsilon: asked, x, y }) => {
          if (asked !== epsilon)
            throw new RangeError(`the manufactured value is exact at ε = ${epsilon}, not ${asked}`);
          return value(tau, x, beta(y));
        },
      }),
      ...(epsilon === 0 && { limit: (tau, x) => value(tau, x, growth) }),
      source: 'manufactured: W = a(x)(1 + (1 − e^{−λτ})(g + εk(y)))',
    },
    formulas: [],
  };
}

/** The Dirichlet problem of the ball: h = Lω − δω, for which ω solves δω − Lω = −h. ω must vanish on the sphere. */
export function deltaCellIntegrand(
  problem: Problem,
  x: Coordinates,
  omega: SmoothFunction,
  delta: number,
): (y: Coordinates) => number {
  return (y) => generatorOf(problem, x, y[0], omega) - delta * omega.value(y[0]);
}

/** The ergodic problem: h = Lχ + c, for which (c, χ) is the ergodic pair h − Lχ = c. */
export function ergodicIntegrand(
  problem: Problem,
  x: Coordinates,
  chi: SmoothFunction,
  constant: number,
): (y: Coordinates) => number {
  return (y) => generatorOf(problem, x, y[0], chi) + constant;
}

/** L_x w (y) = b w′ + w″. */
function generatorOf(problem: Problem, x: Coordinates, y: number, w: SmoothFunction): number {
  return problem.fast.drift[0](x, [y]) * w.slope(y) + w.curvature(y);
}

function refuseUnsuitable(base: Problem): void {
  const { name, runningCost, source } = base;
  const { n, m } = dimensionsOf(base);
  if (n === 1 && m === 1 && runningCost === undefined && source === undefined) return;
  throw new InputError(
    `${name} is no base for a manufactured value`,
    'it needs one slow and one fast variable, no running cost and no source',
    'choose another base problem',
  );
}

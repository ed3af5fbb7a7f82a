/** Problems with noise in y that is not √2, with what is known of them. */
import fc from 'fast-check';
import { formula } from '../src/formula/expression.ts';
import type { Problem } from '../src/model/problem.ts';
import { axisNames } from '../src/model/trees.ts';
import { inSpace, slowFast } from './problems.ts';

/** The same problem with the noise r_k, formulas in x and y. */
export function withNoise(problem: Problem, ...noise: readonly string[]): Problem {
  const { fast, slowDrift } = problem;
  const [x, y] = [axisNames('x', slowDrift.length), axisNames('y', noise.length)];
  return { ...problem, fast: { kind: 'drift', drift: fast.drift, noise: noise.map((text) => formula(text, x, y)) } };
}

/** dY = κ(θ − y) dt + ξ√y dB (Cox, Ingersoll, Ross 1985): μ is Gamma with shape 2κθ/ξ² and rate 2κ/ξ². */
export function coxIngersollRoss({ kappa = 2, theta = 0.04, xi = 0.3, slow = '-u*y' } = {}): Problem {
  const problem = slowFast({ drift: `${kappa}*(${theta} - y)`, slow: [slow] });
  return withNoise(problem, `${xi}*sqrt(y)`);
}

const coefficient = fc.double({ min: -1, max: 1, noNaN: true }).map((value) => Number(value.toFixed(3)));

/** Drifts and noises of x and y on a line, b confining, r between 0.5 and 2.5. */
export const noisyLines = fc.tuple(coefficient, coefficient, coefficient).map(([a, b, c]): Problem => {
  return withNoise(
    slowFast({ drift: `-y^3/2 + (${a})*y - (${c})*x + cos(2*y)*(${b})` }),
    `1.5 + (${b})*sin(2*y + x)/2 + (${a})*tanh(y - x)/2`,
  );
});

/** Drifts and diagonal noises in the plane. */
export const noisyPlanes = fc.tuple(coefficient, coefficient, coefficient).map(([a, b, c]): Problem => {
  const drift = [`-2*y1 + (${a})*y2 - (${c})*x`, `-2*y2 - (${b})*y1 + sin(y1)`];
  return withNoise(inSpace(2, { drift }), `1.5 + (${b})*sin(y1 + y2)/2`, `1.2 + (${a})*cos(y2 - x*y1)/2`);
});

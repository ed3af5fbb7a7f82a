/** The models of test/fixtures/reference-general.json as problems, and other problems of the general system with known values. */
import type { Problem } from '../src/model/problem.ts';
import { axisNames } from '../src/model/trees.ts';
import { problemOf, REAL, type Texts, UNIT } from './general-exact.ts';
import { generalReference } from './general-problems.ts';
import { manufacturedGeneral } from './manufactured-general.ts';

/** A linear-quadratic model; without s there is no noise in x. */
export interface LinearQuadratic {
  readonly C: readonly (readonly number[])[];
  readonly K: readonly (readonly number[])[];
  readonly s?: number;
  readonly q: number;
  readonly g: number;
  readonly horizon: number;
}

/** dX = (u + CY) dt + s dW, dY = −KY/ε dt + √(2/ε) dB, costs (q|x|² + |u|²)/2 and g|x|²/2, U = Rⁿ. */
export function linearQuadraticOf({ C, K, s, q, g, horizon }: LinearQuadratic): Problem {
  const [x, y, u] = [axisNames('x', C.length), axisNames('y', C.length), axisNames('u', C.length)];
  const linear = (row: readonly number[]) => row.map((value, k) => `(${value})*${y[k]}`).join('+');
  const squares = (names: readonly string[]) => names.map((name) => `${name}^2`).join('+');
  return problemOf({
    horizon,
    controls: { ...REAL, names: u, lower: u.map(() => -Infinity), upper: u.map(() => Infinity) },
    slow: C.map((row, i) => `${u[i]}+${linear(row)}`),
    ...(s !== undefined && { noise: C.map((_, i) => C.map((_unused, j) => (i === j ? `${s}` : '0'))) }),
    drift: K.map((row) => `-(${linear(row)})`),
    running: `(${q})*(${squares(x)})/2+(${squares(u)})/2`,
    terminal: `(${g})*(${squares(x)})/2`,
  });
}

/** `lq_1d`. */
export function noisyLine(): Problem {
  const { c, kappa, ...model } = generalReference.lq_1d.model;
  return linearQuadraticOf({ ...model, C: [[c]], K: [[kappa]] });
}

/** `lq_2d`. */
export function noisyPlane(): Problem {
  return linearQuadraticOf(generalReference.lq_2d.model);
}

/** `gauss_terminal_xy`: noise in both variables, a terminal cost of both, a discount. */
export function gaussian(): Problem {
  const { horizon, discount, a, c, k, kappa, s, r, gxx, gxy, gyy } = generalReference.gauss_terminal_xy.model;
  return problemOf({
    ...{ horizon, discount },
    slow: [`-${a}*x + ${c}*y`],
    noise: [[`${s}`]],
    drift: [`${k}*x - ${kappa}*y`],
    fastNoise: [`${r}*sqrt(2)`],
    terminal: `(${gxx}*x^2 + 2*${gxy}*x*y + ${gyy}*y^2)/2`,
  });
}

/** `merton`: power utility in the logarithm of wealth; x is z. */
export function powerUtility(change: Partial<Texts> = {}): Problem {
  const { mu, r, p, kappa, s0, amp, horizon } = generalReference.merton.model;
  const S = `(${s0}/(1 + ${amp}*sin(y)))`;
  return problemOf({
    horizon,
    slow: [`${r} + u*${mu - r} - u^2*${S}/2`],
    noise: [[`u*sqrt(${S})`]],
    drift: [`-${kappa}*y`],
    terminal: `-exp(${p}*x)/${p}`,
    controls: { ...UNIT, upper: [(1.2 * (mu - r) * (1 + amp)) / ((1 - p) * s0)] },
    ...change,
  });
}

/** `heston`: a call on a price e^x. */
export function heston(strike: number, change: Partial<Texts> = {}): Problem {
  const { kappa, theta, xi, horizon } = generalReference.heston.model;
  return problemOf({
    horizon,
    slow: ['-y/2'],
    noise: [['sqrt(y)']],
    drift: [`${kappa}*(${theta} - y)`],
    fastNoise: [`${xi}*sqrt(y)`],
    terminal: `max(exp(x) - ${strike}, 0)`,
    ...change,
  });
}

/** dX = −X/2 dt + √2(1 + Y/2) dW, f = x²: 2.0004621376 at x = 1, y = 0.7, τ = 1, ε = 0.1. */
export function stateDependentNoise(): Problem {
  return problemOf({ slow: ['-0.5*x'], noise: [['sqrt(2)*(1 + 0.5*y)']], drift: ['-y'], terminal: 'x^2' });
}

/** φ = u ∈ [−1,1], g = x²/2 + y²: max(|x|−τ,0)²/2 + 1 + (y²−1)e^{−2τ/ε}. */
export function terminalOfBoth(change: Partial<Texts> = {}): Problem {
  const controls = { ...UNIT, lower: [-1] };
  return problemOf({ slow: ['u'], controls, drift: ['-y'], terminal: 'x^2/2 + y^2', ...change });
}

/** dY = (m−Y)/ε dt + ν√(2Y/ε) dB, φ = −uY, U = [0,1], f = x: x − mτ − (y−m)ε(1−e^{−τ/ε}). */
export function squareRootProcess(m = 0.8, nu = 0.6, change: Partial<Texts> = {}): Problem {
  return problemOf({
    ...{ slow: ['-u*y'], controls: UNIT, terminal: 'x' },
    ...{ drift: [`${m} - y`], fastNoise: [`${nu}*sqrt(2*y)`] },
    ...change,
  });
}

/**
 * A degenerate a with cross terms, n = 2, no y: s = √2[(sin S, cos S), βe₁, βe₂], S = x₁ + x₂, and the value
 * e^{−τ/2} sin x₁ sin x₂ at every ε and in the limit (Debrabant, Jakobsen 2013, but for the factor of time).
 */
export function degenerateCross(beta: number): Problem {
  const noise = [
    ['sqrt(2)*sin(x1 + x2)', `sqrt(2)*${beta}`, '0'],
    ['sqrt(2)*cos(x1 + x2)', '0', `sqrt(2)*${beta}`],
  ];
  const base = problemOf({ slow: ['0', '0'], noise, drift: ['-y'], terminal: '0' });
  return manufacturedGeneral(base, { value: 'sin(x1)*sin(x2)', decay: 0.5 }, 1);
}

/** Noise with cross terms that x and y move, beside a control. */
export function crossedNoise(): Problem {
  return besideControl([
    ['0.5 + 0.1*y', '0.3', '0'],
    ['0.6*sin(x1 + x2)', '0', '0.4'],
  ]);
}

/** The same with noise whose a₁₂, of both signs, is dominated on nodes with dx₁/dx₂ from 0.36 to 2.7. */
export function dominatedNoise(slow?: string[]): Problem {
  const noise = [
    ['0.4', '0.3*sin(x1 + y)', '0'],
    ['0', '0.3', '0.4'],
  ];
  return besideControl(noise, slow);
}

/** Noise in the plane beside a control that moves both variables. */
function besideControl(noise: string[][], slow = ['u - 0.2*x1', 'y - u/2']): Problem {
  return problemOf({
    slow,
    noise,
    controls: { kind: 'values', names: ['u'], values: [[-1], [1]] },
    drift: ['-y'],
    running: 'x1^2/4 + y/3',
    terminal: 'x1^2/2 + cos(x2)',
  });
}

/** A manufactured value under noise in the plane with a₁₂(y) of both signs, dominated as above, and a discount. */
export function crossTerms(epsilon: number): Problem {
  const base = problemOf({
    horizon: 0.5,
    slow: ['sin(x1)/2 + 0.3*y', 'cos(x1 + x2)/3'],
    noise: [
      ['0.4', '0.3*sin(y)', '0'],
      ['0', '0.3', '0.4'],
    ],
    drift: ['-y'],
    terminal: '0',
    discount: 0.5,
  });
  const value = 'cosh(x1/2)*cos(x2/2) + sin((x1 + x2)/2)';
  return manufacturedGeneral(base, { value, corrector: '0.5*sin(y/2 + 0.4)*x1', decay: 1 }, epsilon);
}

/** Noise with a = [[0.2, 0.1], [0.1, 0.2]] on a linear drift, quadratic costs and no control. */
export function correlatedNoise(): Problem {
  return problemOf({
    slow: ['-0.5*x1 + 0.4*y', '0.2*x1 - 0.3*x2'],
    noise: [
      ['sqrt(0.4)', '0'],
      ['0.2/sqrt(0.4)', 'sqrt(0.3)'],
    ],
    drift: ['-y'],
    terminal: '(x1^2 + x2^2)/2 + x1*x2/3',
  });
}

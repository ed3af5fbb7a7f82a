/** Paths of the general system, with noise in x and noise in y, against closed forms. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lawOf } from '../../solvers/ensembles/path-control.ts';
import { costOf, meanCost, timeStepError } from '../../solvers/ensembles/path-costs.ts';
import type { TwoScaleOptions } from '../../solvers/ensembles/path-options.ts';
import { simulateTwoScale } from '../../solvers/trajectories.ts';
import { compileExpressions, formula, parseExpression } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import type { Problem } from '../../src/model/problem.ts';
import { ensembleMean } from '../../src/paths/statistics.ts';
import { argminLaw, valueSlopes } from '../../src/paths/value-slopes.ts';
import { someRows } from '../draws.ts';
import reference from '../fixtures/reference-paths.json' with { type: 'json' };
import { generalProblem } from '../line-problem.ts';

const box = { slow: { lower: -3, upper: 3 }, fast: { lower: -5, upper: 5 } };
const none = { kind: 'constant', u: [] } as const;

type Asked = Partial<TwoScaleOptions> & Pick<TwoScaleOptions, 'x' | 'y'>;
const optionsOf = (asked: Asked): TwoScaleOptions => {
  return { ...box, epsilon: 0.1, control: none, paths: 4000, seed: 1, ...asked };
};

/** E cost − V in standard errors, beyond the error of the time step that was measured along the same noise. */
async function distanceFrom(V: number, problem: Problem, asked: Asked) {
  const options = optionsOf(asked);
  const ensemble = await simulateTwoScale(problem, options);
  const step = await timeStepError(problem, options, { ensemble, g: costOf(problem) });
  const { mean, standardError } = meanCost(problem, ensemble);
  const bias = Math.abs(step?.mean ?? 0) + 3 * (step?.standardError ?? 0);
  return { ensemble, sigmas: Math.max(0, Math.abs(mean - V) - bias) / standardError, bias, standardError };
}

const stateDependent = generalProblem({
  slow: { drift: '-0.5*x', noise: ['sqrt(2)*(1+0.5*y)'] },
  fast: { drift: '-y' },
  terminal: 'x^2',
});
const gauss = generalProblem({
  slow: { drift: '-0.5*x+0.4*y', noise: ['0.3'] },
  fast: { drift: 'x-2*y', noise: '0.7*sqrt(2)' },
  terminal: '(x^2+0.8*x*y+0.6*y^2)/2',
  discount: 0.25,
});
const heston = (strike: number) =>
  generalProblem({
    slow: { drift: '-y/2', noise: ['sqrt(y)'] },
    fast: { drift: '2*(0.04-y)', noise: '0.3*sqrt(y)' },
    terminal: `max(exp(x)-${strike},0)`,
  });
const S = '(0.25/(1+0.5*sin(y)))';
const merton = generalProblem({
  slow: { drift: `0.02+u*0.28-u^2*${S}/2`, noise: [`u*sqrt(${S})`] },
  fast: { drift: '-y' },
  terminal: '-2*exp(0.5*x)',
  controls: { u: [0, 4] },
});
/** u*(y) = (μ − r)/((1 − p)S(y)). */
const optimal = [parseExpression(`0.28/(0.5*${S})`, { names: ['t', 'x', 'y'] })];
const compiledOptimal = compileExpressions(optimal, ['t'], ['x'], ['y']);
const law = Object.assign(
  (t: number, x: ArrayLike<number>, y: ArrayLike<number>) => compiledOptimal.map((each) => each([t], x, y)),
  { trees: optimal.map(({ tree }) => tree) },
);

const { value: ofGauss } = reference.gauss_terminal_xy;
const gaussAt = (x: number) => ofGauss.find((row) => row.epsilon === 0.1 && row.x === x)?.V as number;
const hestonAt = (y: number, strike: number) =>
  reference.heston.value.find((row) => row.epsilon === 0.1 && row.y === y && row.strike === strike)?.V as number;
const mertonAt = (y: number) =>
  reference.merton.rows.find((row) => row.epsilon === 0.1 && row.y === y)?.V_over_exp_pz as number;
const hestonBox = { fast: { lower: 1e-4, upper: 0.5 } };

interface Row {
  readonly name: string;
  readonly V: number;
  readonly problem: Problem;
  readonly asked: Asked;
  readonly method: 'heun' | 'platen';
}

const byPlaten = (name: string, V: number, problem: Problem, asked: Asked): Row => {
  return { name, V, problem, asked, method: 'platen' };
};
const rows: readonly Row[] = [
  byPlaten('noise in x that depends on y', 2.0004621376, stateDependent, { x: [1], y: [0.7] }),
  ...(
    [
      [1, 0],
      [0.5, -0.7],
    ] as const
  ).map(([x, y]): Row => {
    const name = `a terminal cost in y, a discount, fast noise, from ${x}`;
    return { name, V: gaussAt(x), problem: gauss, asked: { x: [x], y: [y] }, method: 'heun' };
  }),
  ...[0.9, 1, 1.1].flatMap((strike) =>
    [0.04, 0.09].map((y) => {
      const name = `a call at ${strike} under CIR variance ${y}`;
      return byPlaten(name, hestonAt(y, strike), heston(strike), { ...hestonBox, x: [0], y: [y] });
    }),
  ),
  ...[0, 1].map((y) => {
    const control = { kind: 'feedback', at: law } as const;
    return byPlaten(`power utility under the optimal feedback, ${y}`, mertonAt(y), merton, { x: [0], y: [y], control });
  }),
];

describe('E cost is the exact value within 3 standard errors and the error of the time step', () => {
  const check = async ({ V, problem, asked, method }: Row) => {
    const { ensemble, sigmas, bias, standardError } = await distanceFrom(V, problem, asked);
    expect([ensemble.method, ensemble.backend, ensemble.outcome.status]).toEqual([method, 'wasm', 'converged']);
    expect(sigmas).toBeLessThan(3);
    return { bias, standardError };
  };

  test.for(rows.filter((_, k) => k !== 2 && k < 4))('$name', async (row) => {
    const { bias, standardError } = await check(row);
    // The time step hides nothing.
    expect(bias).toBeLessThan(standardError);
  });

  test.for(someRows(rows))('$name, 50 000 paths', { tags: ['full'] }, async (row) => {
    await check({ ...row, asked: { ...row.asked, paths: 50_000, seed: 2 } });
  });
});

test('a square root process keeps its mean and its variance, and is never no number, though Feller fails', async () => {
  // 2κθ = 0.08 < ξ² = 0.25: paths touch 0.
  const [kappa, theta, xi, epsilon, y] = [1, 0.04, 0.5, 0.5, 0.09];
  const problem = generalProblem({
    slow: { drift: '0' },
    fast: { drift: `${kappa}*(${theta}-y)`, noise: `${xi}*sqrt(y)` },
    terminal: 'y',
  });
  const options = optionsOf({ x: [0], y: [y], epsilon, fast: { lower: 1e-4, upper: 1 }, steps: 400, paths: 8000 });
  const ensemble = await simulateTwoScale(problem, options);
  const decay = Math.exp(-kappa / epsilon);
  const mean = theta + (y - theta) * decay;
  const square = (xi ** 2 / kappa) * (y * (decay - decay ** 2) + (theta / 2) * (1 - decay) ** 2) + mean ** 2;
  expect(ensemble.states[1].every((value) => value >= 0)).toBe(true);
  const first = ensembleMean(ensemble, (z) => z[1]);
  const second = ensembleMean(ensemble, (z) => z[1] ** 2);
  expect(Math.abs(first.mean - mean)).toBeLessThan(3 * first.standardError);
  expect(Math.abs(second.mean - square)).toBeLessThan(3 * second.standardError);
});

/** The same coefficients without their formulas: they are stepped in TypeScript. */
const closures = (problem: Problem): Problem => {
  return { ...problem, slowDrift: problem.slowDrift.map((drift) => (x, y, u) => drift(x, y, u)) };
};

describe('compiled and plain steps give the same states to the last bit', () => {
  test.each([
    ['noise that sees y', stateDependent, none],
    ['constant noise and a discount', gauss, none],
    ['a written feedback in the noise', merton, { kind: 'feedback', at: law }],
    ['a constant control in the noise', merton, { kind: 'constant', u: [1.5] }],
    ['an open loop in the noise', merton, { kind: 'open-loop', at: (t: number) => [1 + t] }],
  ] as const)('%s', async (_name, problem, control) => {
    for (const noiseOf of ['step', 'halves'] as const) {
      const options = optionsOf({ x: [0.4], y: [0.3], control, paths: 37, steps: 20, noiseOf });
      const compiled = await simulateTwoScale(problem, options);
      const plain = await simulateTwoScale(closures(problem), options);
      expect([compiled.backend, plain.backend]).toEqual(['wasm', 'js']);
      expect(compiled.states).toEqual(plain.states);
    }
  });
});

test('compiled steps are the plain ones for drawn systems of any n, m and number of Brownian motions', async () => {
  const coefficient = fc.constantFrom('0', '0.4', 'x1*y1', '1+0.3*sin(y2)', 'x2', '0.2*y1^2', 'cos(x1+y1)');
  const drawn = fc.record({
    rows: fc.integer({ min: 1, max: 3 }).chain((columns) => {
      const row = fc.array(coefficient, { minLength: columns, maxLength: columns });
      return fc.array(row, { minLength: 2, maxLength: 2 });
    }),
    r: fc.array(coefficient, { minLength: 2, maxLength: 2 }),
    isPaired: fc.boolean(),
  });
  const [x, y] = [
    ['x1', 'x2'],
    ['y1', 'y2'],
  ];
  const of = (text: string) => formula(text, x, y, []);
  await fc.assert(
    fc.asyncProperty(drawn, async ({ rows, r, isPaired }) => {
      const problem: Problem = {
        ...stateDependent,
        slowDrift: [of('-x1+y2'), of('sin(y1)')],
        slowNoise: rows.map((row) => row.map(of)),
        fast: { kind: 'drift', drift: ['-y1', 'x1-y2'].map((text) => formula(text, x, y)), noise: r.map(of) },
        runningCost: of('x1^2'),
        discount: 0.3,
      };
      const side = { lower: -3, upper: 3 };
      const noiseOf = isPaired ? 'halves' : 'step';
      const steps = { paths: 5, steps: 8, noiseOf } as const;
      const options = { ...optionsOf({ x: [1, 0.5], y: [0.2, 0] }), ...steps, slow: [side, side], fast: [side, side] };
      const compiled = await simulateTwoScale(problem, options);
      const plain = await simulateTwoScale(closures(problem), options);
      expect(compiled.backend).toBe('wasm');
      expect(compiled.states).toEqual(plain.states);
    }),
    { numRuns: 10 },
  );
});

test('a noise without a value on a path is no number that is silent', async () => {
  const problem = generalProblem({ slow: { drift: '-5', noise: ['sqrt(x)'] }, fast: { drift: '-y' }, terminal: 'x' });
  const { outcome } = await simulateTwoScale(problem, optionsOf({ x: [1], y: [0], paths: 4 }));
  expect(outcome).toMatchObject({ status: 'diverged', advice: expect.stringMatching(/s and r have values there/) });
});

test('a discounted running cost is ∫e^(−λt) dt', async () => {
  const problem = generalProblem({
    slow: { drift: '0', noise: ['0.5'] },
    fast: { drift: '-y' },
    terminal: '0',
    running: '1',
    discount: 2,
  });
  const options = optionsOf({ x: [0], y: [0], paths: 2 });
  const { mean } = meanCost(problem, await simulateTwoScale(problem, options));
  // The trapezoid rule with dt = 1/200: dt²λ²/12 of it.
  expect(Math.abs(mean - (1 - Math.exp(-2)) / 2)).toBeLessThan(1e-5);
});

test('the argmin with a control in the noise is u*(y), and costs Vᵉ', async () => {
  // Any V = −e^(px) G(τ,y) has this argmin; D_xV and D²_xV are off by dx²/24 and dx²/12 of V.
  const grid = tensorGrid([uniformAxis('x', -4, 4, 161)]);
  const values = new Float64Array(grid.size);
  forEachNode(grid, (k, [x]) => {
    values[k] = -2 * Math.exp(0.5 * x);
  });
  const control = { kind: 'argmin', value: { grid, values, history: [{ tau: 1, values }] } } as const;
  const [u] = Array.from(lawOf(merton, control)(0.5, [0.2], [0.5]));
  expect(Math.abs(u / compiledOptimal[0]([0], [0], [0.5]) - 1)).toBeLessThan(1e-3);
  const { sigmas, ensemble } = await distanceFrom(mertonAt(1), merton, { x: [0], y: [1], control, paths: 300 });
  expect([ensemble.method, ensemble.backend]).toEqual(['platen', 'js']);
  expect(sigmas).toBeLessThan(3);
});

test('D²_xV of a value in the plane, and its part in the minimum, are exact for quadratics', () => {
  const [x, y] = [['x1', 'x2'], ['y']];
  const of = (text: string) => formula(text, x, y, ['u']);
  const problem: Problem = {
    ...merton,
    slowDrift: [of('u'), of('0')],
    slowNoise: [[of('u')], [of('1')]],
    runningCost: of('u^2/2'),
    fast: { kind: 'drift', drift: [formula('-y', x, y)] },
    controls: { kind: 'box', names: ['u'], lower: [-9], upper: [9] },
  };
  const grid = tensorGrid(['x1', 'x2'].map((name) => uniformAxis(name, -1, 1, 9)));
  const value = new Float64Array(grid.size);
  forEachNode(grid, (k, [a, b]) => {
    value[k] = a * a + 0.7 * a * b + b * b;
  });
  // min over u of u·V₁ + u²/2 + ½(2u² + 2·0.7u + 2): u = −(V₁ + 0.7)/3.
  const law = argminLaw(problem, valueSlopes(problem, grid, [value]));
  const [a, b] = [0.31, -0.17];
  expect(law(0, [a, b], [0.4])[0]).toBeCloseTo(-(2 * a + 0.7 * b + 0.7) / 3, 10);
});

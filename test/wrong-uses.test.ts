/** Wrong uses of the public API: each is refused before any work with the fact, its cause and the remedy. */
import { expect, test } from 'vitest';
import {
  deepRelaxationProblem,
  effectiveHamiltonian,
  effectiveVelocities,
  entropicGradient,
  entropySgd,
  extendedControl,
  formula,
  gradientDescent,
  InputError,
  invariantMeasure,
  objectiveOf,
  optimise,
  type Problem,
  prepare,
  randomStream,
  simulateDeltaCell,
  simulateExitTimes,
  simulateSystem,
  simulateTwoScale,
  solveDeltaCell,
  solveEffectiveHjb,
  solveEpsilonHjb,
  solveErgodicCell,
  twoScaleSystem,
  uniformAxis,
} from '../solvers/index.ts';
import { declareAffine } from '../src/model/structure.ts';
import { quadratic, slowFast } from './problems.ts';

const problem = quadratic();
const axes = { slow: [uniformAxis('x', -2, 2, 9)], fast: [uniformAxis('y', -5, 5, 9)] };
const good = { epsilon: 0.1, ...axes };
const ball = { x: [1], p: [1], radius: 6, delta: 1e-3, nodes: 41 };
const frozen = { x: [1], p: [1], method: 'gibbs' } as const;
const start = {
  ...({ epsilon: 0.1, x: [1], y: [0], control: { kind: 'constant', u: [1] }, paths: 10, seed: 1 } as const),
  ...{ slow: { lower: -2, upper: 2 }, fast: { lower: -5, upper: 5 } },
};
const exit = { x: [1], y: [0], radius: 5, dt: 0.01, paths: 10, seed: 1 };
const objective = objectiveOf({ loss: (x) => x[0] ** 2 / 2, gradient: [(x) => x[0]] });
const descent = { optimiser: gradientDescent({ step: 0.1 }), from: [1], evaluations: 10, random: randomStream(1, 0) };
const chain = { x: [1], gamma: 2, samples: 200, random: randomStream(1, 0) };

/** An option that its type forbids. */
const wrong = <Value>(value: unknown): Value => value as Value;
const withParts = (parts: object): Problem => ({ ...problem, ...parts });
const solve = (options: object, of: Problem = problem) => solveEpsilonHjb(of, { ...good, ...options });
const limit = (options: object, of: Problem = problem) => solveEffectiveHjb(of, { ...axes, ...options });
const hamiltonian = (options: object) => effectiveHamiltonian(problem, { ...frozen, ...options });
const cell = (options: object) => solveDeltaCell(problem, { ...ball, ...options });
const paths = (options: object) => simulateTwoScale(problem, { ...start, ...options });
const axis = (parts: object) => ({ ...axes.slow[0], ...parts });
const loss = formula('x^2/2', ['x']);
const relaxed = (parts: object) =>
  deepRelaxationProblem({
    ...{ name: 'a', title: 'a', horizon: 1, gamma: 2, loss },
    control: { lower: 0, upper: 1 },
    ...parts,
  });
const closure = (slow: (x: number, y: number, u: number) => number): Problem =>
  slowFast({
    slow: [(x, y, u) => slow(x[0], y[0], u[0])],
    potential: (_x, y) => y[0] ** 2 / 2,
    drift: (_x, y) => -y[0],
  });

const uses: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['ε below 0', () => solve({ epsilon: -1 }), /epsilon is -1/],
  ['ε of 0', () => solve({ epsilon: 0 }), /epsilon is 0/],
  ['ε without a value', () => solve({ epsilon: NaN }), /epsilon is NaN/],
  ['ε missing', () => solve({ epsilon: undefined }), /epsilon is missing/],
  ['ε as text', () => solve({ epsilon: '0.1' }), /epsilon is 0.1 .* positive/],
  ['ε infinite', () => solve({ epsilon: Infinity }), /epsilon is Infinity/],
  ['no steps', () => solve({ steps: 0 }), /steps is 0/],
  ['steps without a value', () => solve({ steps: NaN }), /steps is NaN/],
  ['half steps', () => solve({ steps: 1.5 }), /steps is 1.5/],
  ['steps back', () => solve({ steps: -10 }), /steps is -10/],
  ['half a snapshot', () => solve({ snapshots: 2.5 }), /snapshots is 2.5/],
  ['a filter below 0', () => solve({ scheme: 'filtered', filterConstant: -1 }), /filterConstant is -1/],
  ['an unknown scheme', () => solve({ scheme: 'upwnd' }), /no method upwnd/],
  ['an unknown time', () => solve({ time: 'rk4' }), /no method upwind with rk4/],
  ['an unknown scheme in y', () => solve({ fastScheme: 'central' }), /fastScheme is central/],
  ['an unknown solve in y', () => solve({ fastSolve: 'line' }), /did you mean lines/],
  ['an unknown frame', () => solve({ frame: 'movng' }), /did you mean moving/],
  ['an unknown bound', () => limit({ stepBound: 'own' }), /stepBound is own/],
  ['swapped axes', () => solve({ slow: axes.fast, fast: axes.slow }), /y is among the slow axes/],
  ['no fast axis', () => solve({ fast: [] }), /fast has 0 axes/],
  ['axes missing', () => solve({ slow: undefined }), /slow has 0 axes/],
  ['two slow axes', () => solve({ slow: [axes.slow[0], axes.slow[0]] }), /slow has 2 axes/],
  ['a wrong spacing', () => solve({ slow: [axis({ spacing: 1 })] }), /spacing of the axis x is 1/],
  ['an axis reversed', () => solve({ slow: [axis({ lower: 2, upper: -2 })] }), /\[2, -2\]/],
  ['two nodes', () => solve({ slow: [axis({ nodes: 2 })] }), /nodes of the axis x is 2/],
  ['an axis to infinity', () => limit({ slow: [axis({ upper: Infinity })] }), /\[-2, Infinity\]/],
  ['a horizon below 0', () => solve({}, withParts({ horizon: -1 })), /horizon T is -1/],
  ['no horizon', () => limit({}, withParts({ horizon: undefined })), /horizon T is missing/],
  ['a prepared horizon of 0', () => prepare(problem, axes).solve({ epsilon: 0.1, horizon: 0 }), /horizon/],
  ['a prepared ε below 0', () => prepare(problem, axes).solve({ epsilon: -0.1 }), /epsilon is -0.1/],
  ['prepared axes swapped', () => prepare(problem, { slow: axes.fast, fast: axes.slow }), /among the slow axes/],
  ['no φ', () => solve({}, withParts({ slowDrift: [] })), /φ has no components/],
  ['φ as text', () => solve({}, withParts({ slowDrift: ['u*y'] })), /component 1 of φ is u\*y/],
  ['no f', () => limit({}, withParts({ terminalCost: undefined })), /f is missing/],
  ['no fast process', () => limit({}, withParts({ fast: undefined })), /fast process is of the kind undefined/],
  [
    'U reversed',
    () => solve({}, withParts({ controls: { kind: 'box', names: ['u'], lower: [1], upper: [0] } })),
    /u lies in \[1, 0\]/,
  ],
  [
    'U without an end',
    () => solve({}, withParts({ controls: { kind: 'box', names: ['u'], lower: [0], upper: [] } })),
    /1 names, 1 lower and 0 upper/,
  ],
  [
    'U empty',
    () => solve({}, withParts({ controls: { kind: 'values', names: ['u'], values: [] } })),
    /U has no values/,
  ],
  [
    'U without a number',
    () => limit({}, withParts({ controls: { kind: 'box', names: ['u'], lower: [NaN], upper: [1] } })),
    /u lies in \[NaN, 1\]/,
  ],
  [
    'φ declared affine that is not',
    () =>
      solve({}, { ...closure((_x, y, u) => u * y), slowDrift: [declareAffine((_x, y, u) => u[0] ** 2 * y[0], 'u')] }),
    /φ is declared affine in u/,
  ],
  [
    'b that is not −D_yΦ',
    () => limit({}, slowFast({ slow: ['u*y'], potential: (_x, y) => y[0] ** 2 / 2, drift: (_x, y) => -2 * y[0] })),
    /component 1 of b .* b = −D_yΦ/,
  ],
  [
    'a gradient of another loss',
    () =>
      solve(
        {},
        relaxed({ loss: (x: ArrayLike<number>) => x[0] ** 2 / 2, gradient: [(x: ArrayLike<number>) => 1.1 * x[0]] }),
      ),
    /component 1 of the gradient .* values follow the loss/,
  ],
  ['γ of 0', () => relaxed({ gamma: 0 }), /gamma|γ/],
  ['a loss that jumps', () => relaxed({ loss: formula('sign(x)', ['x']) }), /gradient|differentiated/],
  ['x with two coordinates', () => hamiltonian({ x: [1, 2] }), /x is \[1, 2\]/],
  ['x without a number', () => hamiltonian({ x: [NaN] }), /x is \[NaN\]/],
  ['p missing', () => hamiltonian({ p: undefined }), /p is \[\]/],
  ['p without a number', () => hamiltonian({ p: [NaN] }), /p is \[NaN\]/],
  ['an unknown route', () => hamiltonian({ method: 'gibs' }), /did you mean gibbs/],
  ['four nodes', () => hamiltonian({ method: 'stationary', nodes: 4 }), /nodes is 4/],
  ['a y-box reversed', () => hamiltonian({ box: [{ lower: 1, upper: -1 }] }), /\[1, -1\]/],
  [
    'a y-box with two sides',
    () =>
      hamiltonian({
        box: [
          { lower: -1, upper: 1 },
          { lower: -1, upper: 1 },
        ],
      }),
    /y-box has 2 sides/,
  ],
  ['α below 0', () => hamiltonian({ method: 'cell', alpha: -1 }), /alpha is -1/],
  ['a radius of 0 for H̄', () => hamiltonian({ method: 'cell', radius: 0 }), /radius is 0/],
  ['δ below 0', () => cell({ delta: -1e-3 }), /delta is -0.001/],
  ['δ of 0', () => cell({ delta: 0 }), /delta is 0/],
  ['a radius without a value', () => cell({ radius: NaN }), /radius is NaN/],
  ['half a node', () => cell({ nodes: 40.5 }), /nodes is 40.5/],
  ['a cell without p', () => cell({ p: [] }), /p is \[\]/],
  [
    'an ergodic cell on the wrong axis',
    () => solveErgodicCell(problem, { x: [1], p: [1], axes: axes.slow }),
    /x is among the fast axes/,
  ],
  [
    'a velocity at a slope of two numbers',
    () => effectiveVelocities(problem, { x: [1], slopes: [[1, 2]] }),
    /p is \[1, 2\]/,
  ],
  ['a control at no x', () => extendedControl(problem, [], [1]), /x is \[\]/],
  ['a measure at x = NaN', () => invariantMeasure(problem, [NaN]), /x is \[NaN\]/],
  [
    'a measure on a box without end',
    () => invariantMeasure(problem, [1], [{ lower: -1, upper: Infinity }]),
    /\[-1, Infinity\]/,
  ],
  ['no paths', () => paths({ paths: 0 }), /paths/],
  ['half a path', () => paths({ paths: 1.5 }), /paths/],
  ['a seed below 0', () => paths({ seed: -1 }), /seed/],
  ['paths with ε = 0', () => paths({ epsilon: 0 }), /ε|epsilon/],
  ['paths from two numbers', () => paths({ x: [1, 2] }), /initial point has 2 \+ 1/],
  ['paths of a problem without T', () => simulateTwoScale(withParts({ horizon: 0 }), start), /horizon T is 0/],
  ['cell paths with δ below 0', () => simulateDeltaCell(problem, { ...exit, p: [1], delta: -1 }), /δ is -1/],
  ['cell paths from outside', () => simulateDeltaCell(problem, { ...exit, p: [1], delta: 1, y: [9] }), /start 9/],
  ['cell paths at x = NaN', () => simulateDeltaCell(problem, { ...exit, p: [1], delta: 1, x: [NaN] }), /x is \[NaN\]/],
  ['cell paths with two slopes', () => simulateDeltaCell(problem, { ...exit, p: [1, 2], delta: 1 }), /p is \[1, 2\]/],
  ['exit times at no x', () => simulateExitTimes(problem, { ...exit, horizon: 1, x: [] }), /x is \[\]/],
  ['exit times from y = NaN', () => simulateExitTimes(problem, { ...exit, horizon: 1, y: [NaN] }), /y is \[NaN\]/],
  [
    'exit times from two numbers',
    () => simulateExitTimes(problem, { ...exit, horizon: 1, y: [0, 0] }),
    /y is \[0, 0\]/,
  ],
  ['exit times up to 0', () => simulateExitTimes(problem, { ...exit, horizon: 0 }), /time 0/],
  [
    'a system from nowhere',
    () =>
      simulateSystem(
        twoScaleSystem(problem, 0.1, () => [1]),
        { initial: [], horizon: 1, steps: 10 },
      ),
    /initial state has 0 components/,
  ],
  ['a gradient of two points', () => entropicGradient(objective, { ...chain, gamma: 0 }), /gamma|γ/],
  ['too few samples', () => entropicGradient(objective, { ...chain, samples: 10 }), /samples/],
  ['a descent without a budget', () => optimise(objective, { ...descent, evaluations: 0 }), /evaluations/],
  ['a step below 0', () => gradientDescent({ step: -1 }), /step is -1/],
  [
    'an average above 1',
    () =>
      entropySgd(
        wrong({
          gamma: 1,
          fastStep: 0.1,
          temperature: 1,
          innerSteps: 5,
          average: 2,
          step: 1,
          rate: { kind: 'fixed', rate: 1 },
        }),
      ),
    /average is 2/,
  ],
];

test('there are at least sixty', () => {
  expect(uses.length).toBeGreaterThanOrEqual(60);
});

test.each(uses)('%s', async (_name, use, message) => {
  const error = await (async () => use())().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  const { fact, cause, remedy, message: said } = error as InputError;
  expect(said).toMatch(message);
  for (const part of [fact, cause, remedy]) expect(part.length).toBeGreaterThan(3);
});

/** What is proved of formulas holds for their functions, and what sampled points once took for true is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isotropicLimit } from '../../src/exact/isotropic.ts';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import { degreeIn } from '../../src/formula/degree.ts';
import { formula } from '../../src/formula/expression.ts';
import { treeIn } from '../../src/formula/formula.ts';
import { compileTogether } from '../../src/formula/program.ts';
import type { Tree } from '../../src/formula/tree.ts';
import { deepRelaxationProblem } from '../../src/model/deep-relaxation-problem.ts';
import { fromPotential } from '../../src/model/fast-diffusion.ts';
import { movingFrame } from '../../src/model/moving-frame.ts';
import type { FastField, Field, Problem } from '../../src/model/problem.ts';
import {
  declareAffine,
  hasAffineFastDrift,
  hasQuadraticCost,
  isAffineInControl,
  isLinear,
  moved,
} from '../../src/model/structure.ts';
import { treesOf } from '../../src/model/trees.ts';
import { linearFastDrift } from '../../src/paths/linear-drift.ts';
import { inSpace, isotropic, multiwell, quadratic, rotational, slowFast } from '../problems.ts';

const NAMES = ['x', 'y', 'u'];
const number = fc.double({ min: -2, max: 2, noNaN: true });
const call = (operation: string, ...operands: Tree[]): Tree => ({ kind: 'call', operation, operands });

/** Formulas in x, y and u, nested four deep. */
const { tree: trees } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'large' },
    fc.oneof(
      fc.constantFrom(...NAMES).map((name): Tree => ({ kind: 'name', name })),
      number.map((value): Tree => ({ kind: 'number', value })),
    ),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '+', '-', '*', '/', 'max'), tie('tree'), tie('tree'))
      .map(([operation, a, b]) => call(operation, a, b)),
    fc.tuple(fc.constantFrom('negate', 'sin', 'exp', 'abs'), tie('tree')).map(([operation, a]) => call(operation, a)),
    fc.tuple(tie('tree'), fc.nat(3)).map(([a, value]) => call('^', a, { kind: 'number', value })),
  ),
}));

/** The size of what is added up on the way to the value of a polynomial: what rounding is relative to. */
function sizeOf(tree: Tree, at: Readonly<Record<string, number>>): number {
  if (tree.kind !== 'call') return Math.abs(tree.kind === 'number' ? tree.value : at[tree.name]);
  const [a, b = 0] = tree.operands.map((operand) => sizeOf(operand, at));
  switch (tree.operation) {
    case '+':
    case '-':
      return a + b;
    case '*':
      return a * b;
    case '^':
      return Math.max(1, a) ** b;
    case '/':
      return a / Math.abs(evaluated(tree.operands[1], at));
    case 'negate':
      return a;
    default:
      return Math.abs(evaluated(tree, at));
  }
}

function evaluated(tree: Tree, at: Readonly<Record<string, number>>): number {
  return compileTogether([tree], NAMES)[0](NAMES.map((name) => at[name]));
}

/** How often a formula has the property, and the largest of its differences in units of rounding. */
function largestDifference(
  has: (tree: Tree) => boolean,
  difference: (value: (x: number, y: number, u: number) => number, h: number) => number,
) {
  let [found, largest] = [0, 0];
  const check = fc.property(trees, number, number, number, (tree, x, y, u) => {
    if (!has(tree)) return;
    const size = Math.max(
      ...[-3, 0, 3].flatMap((dx) =>
        [-3, 0, 3].flatMap((dy) => [-3, 0, 3].map((du) => sizeOf(tree, { x: x + dx, y: y + dy, u: u + du }))),
      ),
    );
    const defect = difference((dx, dy, du) => evaluated(tree, { x: x + dx, y: y + dy, u: u + du }), 0.75);
    if (!Number.isFinite(defect) || !Number.isFinite(size)) return;
    found++;
    largest = Math.max(largest, Math.abs(defect) / (Number.EPSILON * (1 + size)));
  });
  fc.assert(check, { numRuns: 10_000 });
  return { found, largest };
}

/** Thirty operations round by half a unit of the size each, and differences weigh them with 8; measured 1.5. */
const ROUNDINGS = 120;

describe('a bound of the degree is one of the function', () => {
  test('second differences in u of a formula of degree 1 in u vanish', () => {
    const { found, largest } = largestDifference(
      (tree) => degreeIn(tree, ['u']) === 1,
      (f, h) => f(0, 0, h) - 2 * f(0, 0, 0) + f(0, 0, -h),
    );
    expect(found).toBeGreaterThan(100);
    expect(largest).toBeLessThan(ROUNDINGS);
  });

  test('third differences of a formula of degree 2 in x, y and u together vanish', () => {
    const { found, largest } = largestDifference(
      (tree) => degreeIn(tree, NAMES) === 2,
      (f, h) => f(h, -h, 2 * h) - 3 * f(0, 0, 0) + 3 * f(-h, h, -2 * h) - f(-2 * h, 2 * h, -4 * h),
    );
    expect(found).toBeGreaterThan(100);
    expect(largest).toBeLessThan(ROUNDINGS);
  });

  test('of degree 1 in y with x apart it is g(x) + Ky: its slope in y does not depend on x', () => {
    const { found, largest } = largestDifference(
      (tree) => degreeIn(tree, ['y'], ['x']) === 1 && degreeIn(tree, ['x']) > 0,
      (f, h) => f(h, h, 0) - f(h, 0, 0) - f(0, h, 0) + f(0, 0, 0) + f(0, h, 0) - 2 * f(0, 0, 0) + f(0, -h, 0),
    );
    expect(found).toBeGreaterThan(100);
    expect(largest).toBeLessThan(ROUNDINGS);
  });

  test.each([
    ['2*sin(3*x) - 4*y', true],
    ['-(y - exp(x)/2)/3', true],
    ['2*(x^3 - y) - y/2', true],
    ['x*y - y', false],
    ['(x - y)/x', false],
    ['sin(x - y)', false],
  ])('%s reverts to a mean at one rate: %s', (text, reverts) => {
    expect(degreeIn(formula(text, ['x'], ['y']).tree, ['y'], ['x']) <= 1).toBe(reverts);
  });
});

describe('what sampled points took for true is refused', () => {
  test('a loss with a narrow well beside the origin is not isotropic', () => {
    const loss = formula('(x1^2 + x2^2)/2 - 0.6*exp(-40*((x1 - 1)^2 + (x2 - 0.3)^2))', ['x1', 'x2']);
    const control = { lower: 0, upper: 1 };
    const problem = deepRelaxationProblem({ name: 'well', title: 'well', horizon: 1, loss, gamma: 60, control });
    const side = { lower: -2, upper: 2 };
    expect(isotropicLimit(problem, [side, side])).toBeUndefined();
    expect(isotropicLimit(isotropic(), [side, side])).toBeDefined();
    const slower = ['-u*(x1 - y1)', '-u*(x2 - y2)'].map((text) => formula(text, ['x1', 'x2'], ['y1', 'y2'], ['u']));
    for (const other of [{ terminalCost: loss }, { slowDrift: slower }, { fast: rotational().fast }]) {
      expect(isotropicLimit({ ...isotropic(), ...other }, [side, side])).toBeUndefined();
    }
  });

  test('φ = u(1.2 + sin 500x) is affine in u and not in x', () => {
    const problem = slowFast({
      slow: ['u*(1.2 + sin(500*x))'],
      controls: { kind: 'values', names: ['u'], values: [[1]] },
    });
    expect(isAffineInControl(problem)).toBe(true);
    expect(isLinear(problem)).toBe(false);
    expect(linearGaussianValue(problem)).toBeUndefined();
    expect(linearGaussianValue({ ...problem, slowDrift: slowFast({ slow: ['1.2*u'] }).slowDrift })).toBeDefined();
  });

  test.each(['x - y - max(0, y - 2.9)', 'x - y + 1e-9*exp(y - 30)', 'x - y + 0*sqrt(y + 9)'])(
    'b = %s is linear near the origin only: no frame, no mean reversion, no exact value',
    (drift) => {
      const problem = slowFast({ drift, controls: { kind: 'values', names: ['u'], values: [[1]] } });
      expect(movingFrame(problem)).toBeNull();
      expect(linearFastDrift(problem, [0])).toBeNull();
      expect(linearGaussianValue(problem)).toBeUndefined();
    },
  );

  test('φ = u² on a box of controls, and f = |x|³', () => {
    expect(isAffineInControl(slowFast({ slow: ['u^2'] }))).toBe(false);
    expect(isAffineInControl(slowFast({ runningCost: 'abs(u)' }))).toBe(false);
    expect(hasQuadraticCost(slowFast({ terminalCost: formula('abs(x)^3', ['x']) }))).toBe(false);
  });

  test('numbers that are not finite are no linear problem', () => {
    const problem = slowFast({ drift: '(x - y)/0', controls: { kind: 'values', names: ['u'], values: [[1]] } });
    expect(hasAffineFastDrift(problem)).toBe(true);
    expect(movingFrame(problem)).toBeNull();
    expect(linearGaussianValue(problem)).toBeUndefined();
  });
});

describe('a problem does not contradict itself', () => {
  const closure: Field = (x) => x[0] ** 2 / 2;

  test('another drift leaves no tree and no property of the first one', () => {
    const other: Problem = { ...quadratic(), slowDrift: [(x, _y, u) => Math.sin(u[0]) * x[0]] };
    expect(treesOf(quadratic())).not.toBeNull();
    expect(treesOf(other)).toBeNull();
    expect(isAffineInControl(other)).toBe(false);
    expect(treesOf({ ...other, slowDrift: [formula('u*x', ['x'], ['y'], ['u'])] })?.slowDrift).toEqual([
      formula('u*x', ['x'], ['y'], ['u']).tree,
    ]);
  });

  test('a formula takes the names of the problem, whatever it called its points', () => {
    const loss = formula('(a^2 + b^2)/2', ['a', 'b']);
    expect(treeIn(loss, ['x1', 'x2'])).toEqual(formula('(x1^2 + x2^2)/2', ['x1', 'x2']).tree);
    expect(treeIn(loss, ['x'])).toBeUndefined();
    const swapped = formula('x2 - x1', ['x2', 'x1']);
    expect(treeIn(swapped, ['x1', 'x2'])).toEqual(formula('x1 - x2', ['x1', 'x2']).tree);
    expect(hasQuadraticCost({ ...rotational(), terminalCost: loss })).toBe(true);
  });

  test('the drift of a potential is derived from its formula', () => {
    const { drift } = fromPotential(formula('x*y + y^4/4', ['x'], ['y']));
    expect(drift[0]([3], [2])).toBe(-11);
    const unknown: FastField = (_x, y) => y[0] ** 2;
    expect(() => fromPotential(unknown)).toThrow(/potential is a function without a formula/);
  });

  test('a loss that is a formula knows its gradient; a closure gives it', () => {
    const options = { name: 'loss', title: 'loss', horizon: 1, gamma: 2, control: { lower: 0, upper: 1 } };
    const given = deepRelaxationProblem({ ...options, loss: closure, gradient: [(x) => x[0]] });
    const derived = deepRelaxationProblem({ ...options, loss: formula('x^2/2', ['x']) });
    for (const problem of [given, derived]) expect(problem.fast.drift[0]([1], [0.5])).toBe(0.5);
    expect(() => deepRelaxationProblem({ ...options, loss: closure })).toThrow(/gradient of the loss has 0 components/);
  });

  test('closures declare what they are, or do without: φ of deep relaxation is affine in u whatever the loss is', () => {
    const options = { name: 'loss', title: 'loss', horizon: 1, gamma: 2, control: { lower: 0, upper: 1 } };
    const slope: Field = (x) => x[0];
    const silent = deepRelaxationProblem({ ...options, loss: closure, gradient: [slope] });
    expect([isAffineInControl(silent), hasAffineFastDrift(silent)]).toEqual([true, false]);
    const declared = deepRelaxationProblem({ ...options, loss: closure, gradient: [declareAffine((x) => x[0], 'x')] });
    expect([hasAffineFastDrift(declared), isLinear(declared), hasQuadraticCost(declared)]).toEqual([true, true, false]);
    expect(movingFrame(declared)?.slope).toEqual([[2 / 3]]);
  });

  test('a declaration of a formula changes nothing, for its tree decides', () => {
    const bent = declareAffine(formula('sin(u)', ['x'], ['y'], ['u']), 'u');
    expect(isAffineInControl({ ...slowFast({}), slowDrift: [bent] })).toBe(false);
  });

  test('moving x and y keeps what a field is in u', () => {
    const problem = slowFast({ slow: ['u*cos(y)'], runningCost: 'u^2' });
    const shifted = moved(problem, problem.slowDrift[0], (x, y, u) => problem.slowDrift[0](x, [y[0] + 1], u));
    expect(isAffineInControl({ ...slowFast({}), slowDrift: [shifted] })).toBe(true);
    const cost = moved(problem, problem.runningCost!, (x, y, u) => problem.runningCost!(x, y, u));
    expect(isAffineInControl({ ...slowFast({}), runningCost: cost })).toBe(false);
  });

  test('drifts that mix coordinates have their frames proved in the plane', () => {
    expect(hasAffineFastDrift(rotational())).toBe(true);
    expect(hasAffineFastDrift(isotropic())).toBe(true);
    expect(hasAffineFastDrift(multiwell())).toBe(false);
    expect(hasAffineFastDrift(inSpace(3))).toBe(true);
  });
});

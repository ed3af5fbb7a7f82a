/** The models of test/fixtures/reference.json as problems, and a few synthetic ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formula } from '../src/formula/expression.ts';
import type { Formula, PointNames } from '../src/formula/formula.ts';
import { deepRelaxationProblem } from '../src/model/deep-relaxation-problem.ts';
import { fromPotential } from '../src/model/fast-diffusion.ts';
import type { ControlledField, FastField, FastProcess, Problem } from '../src/model/problem.ts';
import { declareAffine } from '../src/model/structure.ts';
import { axisNames } from '../src/model/trees.ts';

/** Computed independently of this program, see test/fixtures/README.md. */
export const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/reference.json'), 'utf8'));

export function quadratic(control: readonly [number, number] = [0, 1]): Problem {
  return deepRelaxationProblem({
    name: 'quadratic',
    title: 'f = x²/2, γ = 2',
    horizon: 1,
    loss: formula('x^2/2', ['x']),
    gamma: 2,
    control: { lower: control[0], upper: control[1] },
  });
}

export function multiwell(): Problem {
  return deepRelaxationProblem({
    name: 'multiwell',
    title: 'f = x²/4 + 0.3 cos 3x, γ = 4',
    horizon: 0.25,
    loss: formula('x^2/4 + 0.3*cos(3*x)', ['x']),
    gamma: 4,
    control: { lower: 0, upper: 1 },
  });
}

interface Synthetic {
  readonly slow?: readonly Field<ControlledField>[];
  /** A text, or a function beside its drift. */
  readonly potential?: Field<FastField>;
  readonly drift?: Field<FastField>;
  readonly controls?: Problem['controls'];
  readonly runningCost?: Field<ControlledField>;
  readonly terminalCost?: Problem['terminalCost'];
}

/** A text in the names of the problem, or a function; of x, y and u one that is affine in u. */
type Field<F> = string | F;

function fieldsOf<F extends (...points: never[]) => number>(fields: readonly Field<F>[], ...names: PointNames) {
  const closure = (field: F) => (names.length > 2 ? declareAffine(field, 'u') : field);
  return fields.map((field) => (typeof field === 'string' ? formula(field, ...names) : closure(field)) as Formula<F>);
}

function fastOf({ potential, drift }: InSpace, ...names: PointNames): FastProcess {
  if (typeof potential === 'string') return fromPotential(formula(potential, ...names));
  if (drift === undefined) throw new Error('a potential that is a function needs its drift');
  const fields = fieldsOf(drift, ...names);
  return potential === undefined ? { kind: 'drift', drift: fields } : { kind: 'potential', potential, drift: fields };
}

/** Φ of a problem that has one. */
export function potentialOf({ fast }: Problem): FastField {
  if (fast.kind === 'drift') throw new Error('the problem has no potential');
  return fast.potential;
}

/** The same fast process, known by its drift alone. */
export function withoutPotential(problem: Problem): Problem {
  return { ...problem, fast: { kind: 'drift', drift: problem.fast.drift } };
}

/** A slow-fast problem from its parts; by default OU noise b = −y, φ = u ∈ [−1, 1], f = x²/2, T = 1. */
export function slowFast(parts: Synthetic): Problem {
  const { slow = ['u'], drift, potential, runningCost } = parts;
  const controls: Problem['controls'] = parts.controls ?? {
    kind: 'box',
    names: ['u'],
    lower: [-1],
    upper: [1],
  };
  const [x, y] = [axisNames('x', slow.length), ['y']];
  return {
    name: 'synthetic',
    title: 'synthetic',
    horizon: 1,
    controls,
    slowDrift: fieldsOf(slow, x, y, controls.names),
    fast: fastOf(
      { potential, drift: potential === undefined || drift !== undefined ? [drift ?? '-y'] : undefined },
      x,
      y,
    ),
    terminalCost: parts.terminalCost ?? formula(`${x[0]}^2/2`, x),
    runningCost: fieldsOf(runningCost === undefined ? [] : [runningCost], x, y, controls.names)[0],
    formulas: [],
  };
}

/** b = −κy with potential κy²/2. */
export function ornsteinUhlenbeck(kappa = 1): Problem {
  return slowFast({ potential: `${kappa}*y^2/2` });
}

interface InSpace {
  readonly potential?: Field<FastField>;
  readonly drift?: readonly Field<FastField>[];
  readonly slow?: readonly Field<ControlledField>[];
}

/** A slow-fast problem in R^m, uncontrolled but for u ∈ [0, 1]; by default b = −y with potential |y|²/2. */
export function inSpace(dimension: 1 | 2 | 3, { slow = ['0'], drift, potential }: InSpace = {}): Problem {
  const [x, y] = [axisNames('x', slow.length), axisNames('y', dimension)];
  const ornstein = y.map((name) => `${name}^2/2`).join(' + ');
  const controls = { kind: 'box', names: ['u'], lower: [0], upper: [1] } as const;
  const parts = { potential: drift === undefined ? (potential ?? ornstein) : potential, drift };
  return { ...slowFast({ controls }), slowDrift: fieldsOf(slow, x, y, ['u']), fast: fastOf(parts, x, y) };
}

/** reference.json isotropic_2d: f = |x|²/2, γ = 2, U = [0, 1], n = m = 2. */
export function isotropic(): Problem {
  return deepRelaxationProblem({
    name: 'isotropic-2d',
    title: 'f = |x|²/2, γ = 2',
    horizon: 1,
    loss: formula('(x1^2 + x2^2)/2', ['x1', 'x2']),
    gamma: 2,
    control: { lower: 0, upper: 1 },
  });
}

/** reference.json rotational_2d: φ = −2u(x − y), b = 2x − Ky, K = [[3, −1.5], [1.5, 3]], f = (x₁² + 2x₂²)/2. */
export function rotational(): Problem {
  return {
    ...inSpace(2, {
      slow: ['-2*u*(x1 - y1)', '-2*u*(x2 - y2)'],
      drift: ['2*x1 - 3*y1 + 1.5*y2', '2*x2 - 1.5*y1 - 3*y2'],
    }),
    name: 'rotational-2d',
    terminalCost: formula('(x1^2 + 2*x2^2)/2', ['x1', 'x2']),
  };
}

/**
 * Y under N(m, [[1, ρ], [ρ, 1]]) with potential, m = x/2 for n = 2 and (x/2, x/2) for n = 1; φ_i = −2u(x_i − y_i), for
 * n = 1 of the mean of y₁ and y₂; f = |x|²/2 (+ x₁x₂/2 for n = 2). Linear-Gaussian for u = 1.
 */
export function correlated(n: 1 | 2, rho: number, control: readonly [number, number] = [0, 1]): Problem {
  const [a, b] = n === 1 ? ['(y1 - x/2)', '(y2 - x/2)'] : ['(y1 - x1/2)', '(y2 - x2/2)'];
  return {
    ...inSpace(2, {
      potential: `(${a}^2 - 2*(${rho})*${a}*${b} + ${b}^2)/2/${1 - rho ** 2}`,
      slow: n === 1 ? ['-2*u*(x - (y1 + y2)/2)'] : ['-2*u*(x1 - y1)', '-2*u*(x2 - y2)'],
    }),
    name: 'correlated',
    controls: { kind: 'box', names: ['u'], lower: [control[0]], upper: [control[1]] },
    terminalCost: n === 1 ? formula('x^2/2', ['x']) : formula('(x1^2 + x2^2 + x1*x2)/2', ['x1', 'x2']),
  };
}

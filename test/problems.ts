/** The models of test/fixtures/reference.json as problems, and a few synthetic ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formula } from '../src/formula/expression.ts';
import { deepRelaxationProblem } from '../src/model/deep-relaxation-problem.ts';
import type { ControlledField, FastField, Problem } from '../src/model/problem.ts';

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
  readonly potential?: FastField;
  readonly drift?: FastField;
  readonly slow?: readonly ControlledField[];
  readonly controls?: Problem['controls'];
  readonly runningCost?: ControlledField;
  readonly terminalCost?: Problem['terminalCost'];
}

/** A slow-fast problem from its parts; by default OU noise b = −y, φ = u ∈ [−1, 1], f = x²/2, T = 1. */
export function slowFast(parts: Synthetic): Problem {
  const slow = parts.slow ?? [(_x, _y, u) => u[0]];
  const controls: Problem['controls'] = parts.controls ?? {
    kind: 'box',
    names: ['u'],
    lower: [-1],
    upper: [1],
    affine: true,
  };
  return {
    name: 'synthetic',
    title: 'synthetic',
    slowDimension: slow.length as 1 | 2,
    fastDimension: 1,
    horizon: 1,
    controls,
    slowDrift: slow,
    fastDrift: [parts.drift ?? ((_x, y) => -y[0])],
    fastPotential: parts.potential,
    terminalCost: parts.terminalCost ?? ((x) => x[0] ** 2 / 2),
    runningCost: parts.runningCost,
    formulas: [],
  };
}

/** b = −κy with potential κy²/2. */
export function ornsteinUhlenbeck(kappa = 1): Problem {
  return slowFast({ potential: (_x, y) => (kappa * y[0] ** 2) / 2, drift: (_x, y) => -kappa * y[0] });
}

interface InSpace {
  readonly potential?: FastField;
  readonly drift?: readonly FastField[];
  readonly slow?: readonly ControlledField[];
}

/** A slow-fast problem in R^m, uncontrolled but for u ∈ [0, 1]; by default b = −y with potential |y|²/2. */
export function inSpace(dimension: 1 | 2 | 3, parts: InSpace = {}): Problem {
  const axes = Array.from({ length: dimension }, (_, a) => a);
  const isOrnstein = parts.potential === undefined && parts.drift === undefined;
  const potential: FastField = (_x, y) => axes.reduce((sum, a) => sum + y[a] ** 2 / 2, 0);
  const controls = { kind: 'box', names: ['u'], lower: [0], upper: [1], affine: true } as const;
  return {
    ...slowFast({ slow: parts.slow ?? [() => 0], controls }),
    fastDimension: dimension,
    fastDrift:
      parts.drift ??
      axes.map(
        (a): FastField =>
          (_x, y) =>
            -y[a],
      ),
    fastPotential: isOrnstein ? potential : parts.potential,
  };
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
      slow: [(x, y, u) => -2 * u[0] * (x[0] - y[0]), (x, y, u) => -2 * u[0] * (x[1] - y[1])],
      drift: [(x, y) => 2 * x[0] - 3 * y[0] + 1.5 * y[1], (x, y) => 2 * x[1] - 1.5 * y[0] - 3 * y[1]],
    }),
    name: 'rotational-2d',
    terminalCost: (x) => (x[0] ** 2 + 2 * x[1] ** 2) / 2,
  };
}

/**
 * Y under N(m, [[1, ρ], [ρ, 1]]) with potential, m = x/2 for n = 2 and (x/2, x/2) for n = 1; φ_i = −2u(x_i − y_i), for
 * n = 1 of the mean of y₁ and y₂; f = |x|²/2 (+ x₁x₂/2 for n = 2). Linear-Gaussian for u = 1.
 */
export function correlated(n: 1 | 2, rho: number, control: readonly [number, number] = [0, 1]): Problem {
  const away = (a: number): FastField => {
    return (x, y) => y[a] - x[Math.min(a, n - 1)] / 2;
  };
  const [first, second] = [away(0), away(1)];
  const towards = (one: FastField, other: FastField): FastField => {
    return (x, y) => -(one(x, y) - rho * other(x, y)) / (1 - rho ** 2);
  };
  const potential: FastField = (x, y) => {
    const [a, b] = [first(x, y), second(x, y)];
    return (a * a - 2 * rho * a * b + b * b) / 2 / (1 - rho ** 2);
  };
  const followed: readonly FastField[] = n === 1 ? [(_x, y) => (y[0] + y[1]) / 2] : [(_x, y) => y[0], (_x, y) => y[1]];
  return {
    ...inSpace(2, {
      potential,
      drift: [towards(first, second), towards(second, first)],
      slow: followed.map(
        (goal, i): ControlledField =>
          (x, y, u) =>
            -2 * u[0] * (x[i] - goal(x, y)),
      ),
    }),
    name: 'correlated',
    controls: { kind: 'box', names: ['u'], lower: [control[0]], upper: [control[1]], affine: true },
    terminalCost: (x) => (x[0] ** 2 + (x[1] ?? 0) ** 2 + x[0] * (x[1] ?? 0)) / 2,
  };
}

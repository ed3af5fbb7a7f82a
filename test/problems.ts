/** The models of test/fixtures/reference.json as problems, and a few synthetic ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deepRelaxationProblem } from '../src/problem/deep-relaxation.ts';
import type { ControlledField, FastField, Problem } from '../src/problem/problem.ts';

/** Computed independently of this program, see test/fixtures/README.md. */
export const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/reference.json'), 'utf8'));

export function quadratic(control: readonly [number, number] = [0, 1]): Problem {
  return deepRelaxationProblem({
    name: 'quadratic',
    title: 'f = x²/2, γ = 2',
    dimension: 1,
    horizon: 1,
    loss: (x) => x[0] ** 2 / 2,
    gradient: [(x) => x[0]],
    gamma: 2,
    control: { lower: control[0], upper: control[1] },
    formulas: [],
  });
}

export function multiwell(): Problem {
  return deepRelaxationProblem({
    name: 'multiwell',
    title: 'f = x²/4 + 0.3 cos 3x, γ = 4',
    dimension: 1,
    horizon: 0.25,
    loss: (x) => x[0] ** 2 / 4 + 0.3 * Math.cos(3 * x[0]),
    gradient: [(x) => x[0] / 2 - 0.9 * Math.sin(3 * x[0])],
    gamma: 4,
    control: { lower: 0, upper: 1 },
    formulas: [],
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

import { describe, expect, test } from 'vitest';
import type { Assumption } from '../../src/assumptions/assumption.ts';
import { checkAssumptions } from '../../src/assumptions/assumptions.ts';
import type { Bounds } from '../../src/assumptions/matrix-bounds.ts';
import { formula } from '../../src/formula/expression.ts';
import { deepRelaxationProblem } from '../../src/model/deep-relaxation-problem.ts';
import { describeProblem } from '../../src/model/describe.ts';
import type { FastField, Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import { multiwell, quadratic, slowFast } from '../problems.ts';

const box = { slow: [{ lower: -2.5, upper: 2.5 }], fast: [{ lower: -4.5, upper: 4.5 }] };

function named(assumptions: readonly Assumption[], name: string): Assumption {
  const found = assumptions.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no assumption ${name}`);
  return found;
}

/** b in as many dimensions as there are formulas, one slow variable. */
function driftOf(formulas: readonly string[]): Problem {
  const names = axisNames('y', formulas.length);
  return { ...slowFast({}), fast: { kind: 'drift', drift: formulas.map((text) => formula(text, ['x'], names)) } };
}

function deep(loss: string, gamma: number): Problem {
  return deepRelaxationProblem({ ...quadratic(), loss: formula(loss, ['x']), gamma, control: { lower: 0, upper: 1 } });
}

const half = formula('x^2/2', ['x']);

/** The bounds hold a value and are this close to it. */
function expectHeld({ lower, upper }: Bounds, value: number, within = 2e-3): void {
  expect(lower).toBeLessThanOrEqual(value);
  expect(upper).toBeGreaterThanOrEqual(value);
  expect(upper - lower).toBeLessThanOrEqual(within * Math.abs(value));
}

describe('constants of the assumptions', () => {
  test('the quadratic loss a = 1, gamma = 2 has Lip ∇f = 1 and κ = γ + a = 3, on the whole space', () => {
    const found = checkAssumptions(quadratic(), box);
    expect(named(found, '(A)')).toMatchObject({
      constants: { γ: { lower: 2, upper: 2 }, 'Lip ∇f': { lower: 1, upper: 1 } },
      scope: 'everywhere',
    });
    expect(named(found, 'recurrence').constants.κ).toEqual({ lower: 3, upper: 3 });
    expectHeld(named(found, 'φ Lipschitz').constants.L, 2 * Math.SQRT2);
    expect(found.every(({ verdict, consequence }) => verdict === 'holds' && consequence === '')).toBe(true);
  });

  test('the multiwell loss has Lip ∇f = 1/2 + 2.7 and κ = γ + 1/2 − 2.7', () => {
    const found = checkAssumptions(multiwell(), box);
    expectHeld(named(found, '(A)').constants['Lip ∇f'], 3.2);
    expectHeld(named(found, 'recurrence').constants.κ, 1.8);
    expect(named(found, '(A)').verdict).toBe('holds');
  });

  test('κ is the smallest eigenvalue of the symmetric part of K for b = −Ky, in two and three dimensions', () => {
    const unit = { lower: -1, upper: 1 };
    const matrices = [
      { drift: ['-3*y1+1.5*y2', '-1.5*y1-3*y2'], kappa: 3 },
      // Symmetric with eigenvalues 1, 3 and 5, plus a rotation that changes nothing.
      { drift: ['-2*y1+y2-0.5*y3', 'y1-2*y2', '0.5*y1-5*y3'], kappa: 1 },
    ];
    for (const { drift, kappa } of matrices) {
      const problem = driftOf(drift);
      const found = checkAssumptions(problem, { slow: [unit], fast: drift.map(() => unit) });
      expectHeld(named(found, 'recurrence').constants.κ, kappa, 1e-9);
      // Of closures points are looked at: an upper bound of κ, up to the round-off of differences.
      const closures = problem.fast.drift.map(
        (field): FastField =>
          (x, y) =>
            field(x, y),
      );
      const blind: Problem = { ...problem, fast: { kind: 'drift', drift: closures } };
      const sampled = named(checkAssumptions(blind, { slow: [unit], fast: drift.map(() => unit) }), 'recurrence');
      expect(sampled.verdict).toBe('not decided');
      expect(sampled.constants.κ.upper).toBeCloseTo(kappa, 8);
      expect(sampled.found).toContain('points of the box alone');
    }
  });

  test('the growth constants are the suprema of |b|/(1+|x|+|y|) and |f|/(1+x²) on the box', () => {
    const found = checkAssumptions(slowFast({ drift: '-2*y', potential: undefined, terminalCost: half }), box);
    expectHeld(named(found, 'b growth').constants.C, (2 * 4.5) / 5.5);
    expectHeld(named(found, 'f growth').constants.K, 3.125 / 7.25);
  });
});

describe('a failing assumption names the theorem that is lost', () => {
  test('gamma below the Lipschitz constant of ∇f', () => {
    const found = checkAssumptions(deep('x^2/4 + 0.3*cos(3*x)', 1), box);
    const lost = { verdict: 'fails', consequence: expect.stringContaining('Theorems 1–3'), needed: true };
    expect(named(found, '(A)')).toMatchObject(lost);
    expect(named(found, 'recurrence').verdict).toBe('fails');
    expect(named(found, 'recurrence').consequence).toContain('δ(n) theorem');
  });

  test('a fast drift that points outward is not recurrent, known by a formula or at points', () => {
    for (const drift of ['y', (_: ArrayLike<number>, y: ArrayLike<number>) => y[0]]) {
      const found = named(checkAssumptions(slowFast({ drift, potential: undefined }), box), 'recurrence');
      expect(found.verdict).toBe('fails');
      expect(found.constants.κ.upper).toBeCloseTo(-1, 9);
    }
  });

  test('a formula without a value on the box', () => {
    for (const terminalCost of [formula('log(x)', ['x']), (x: ArrayLike<number>) => Math.log(x[0])]) {
      const found = checkAssumptions(slowFast({ terminalCost }), box);
      expect(named(found, 'f growth').verdict).toBe('fails');
      expect(named(found, 'f growth').consequence).toContain('well posed');
    }
  });
});

describe('a problem prints as mathematics', () => {
  test('its system, equations and limit come first, then the formulas of the user', () => {
    const rows = describeProblem({ ...quadratic(), formulas: [['f', 'x^2/2']] });
    expect(rows.map(([name]) => name)).toEqual([
      'system',
      'spaces',
      'value',
      'Hamiltonian',
      'ε-HJB',
      'limit',
      'μ_x',
      'f',
    ]);
    expect(Object.fromEntries(rows).μ_x).toContain('γ|x−y|²/2');
  });

  test('a running cost stands in the value and in the Hamiltonian', () => {
    const rows = Object.fromEntries(describeProblem(slowFast({ runningCost: () => 1 })));
    expect(rows.value).toContain('ℓ');
    expect(rows.Hamiltonian).toContain('ℓ');
  });
});

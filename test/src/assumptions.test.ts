import { describe, expect, test } from 'vitest';
import { type Assumption, checkAssumptions } from '../../src/assumptions/assumptions.ts';
import { formula } from '../../src/formula/expression.ts';
import { deepRelaxationProblem } from '../../src/model/deep-relaxation-problem.ts';
import { describeProblem } from '../../src/model/describe.ts';
import type { FastField, Problem } from '../../src/model/problem.ts';
import { multiwell, ornsteinUhlenbeck, quadratic, slowFast } from '../problems.ts';

const box = { slow: [{ lower: -2.5, upper: 2.5 }], fast: [{ lower: -4.5, upper: 4.5 }] };

function named(assumptions: readonly Assumption[], name: string): Assumption {
  const found = assumptions.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no assumption ${name}`);
  return found;
}

/** b = x·(1,…) − Ky in m dimensions with one slow variable. */
function linearFast(matrix: readonly (readonly number[])[]): Problem {
  const drift = matrix.map(
    (row): FastField =>
      (_x, y) =>
        -row.reduce((sum, value, k) => sum + value * y[k], 0),
  );
  return { ...slowFast({}), fast: { kind: 'drift', drift } };
}

describe('constants of the assumptions', () => {
  test('the quadratic loss a = 1, gamma = 2 has Lip ∇f = 1 and κ = γ + a = 3', () => {
    const found = checkAssumptions(quadratic(), box);
    // Central differences of linear functions: round-off 1e-16·4/1e-4.
    expect(named(found, '(A)').constants.γ).toBe(2);
    expect(named(found, '(A)').constants['Lip ∇f']).toBeCloseTo(1, 9);
    expect(named(found, 'recurrence').constants.κ).toBeCloseTo(3, 9);
    expect(named(found, 'φ Lipschitz').constants.L).toBeCloseTo(2 * Math.SQRT2, 9);
    expect(found.every(({ holds, consequence }) => holds && consequence === '')).toBe(true);
  });

  test('the multiwell loss has Lip ∇f = 1/2 + 2.7 and κ = γ + 1/2 − 2.7', () => {
    const found = checkAssumptions(multiwell(), box);
    // An extremum of a cosine of frequency 3 between points at distance 0.0225 is missed by 2.7·(3·0.01125)²/2 = 1.5e-3.
    expect(Math.abs(named(found, '(A)').constants['Lip ∇f'] - 3.2)).toBeLessThan(1.6e-3);
    expect(Math.abs(named(found, 'recurrence').constants.κ - 1.8)).toBeLessThan(1.6e-3);
    expect(named(found, '(A)').holds).toBe(true);
  });

  test('κ is the smallest eigenvalue of the symmetric part of K for b = −Ky, in two and three dimensions', () => {
    const unit = { lower: -1, upper: 1 };
    const planar = linearFast([
      [3, -1.5],
      [1.5, 3],
    ]);
    const twoByTwo = checkAssumptions(planar, { slow: [unit], fast: [unit, unit] });
    expect(named(twoByTwo, 'recurrence').constants.κ).toBeCloseTo(3, 8);
    // Symmetric with eigenvalues 1, 3 and 5, plus a rotation that changes nothing.
    const spatial = linearFast([
      [2, -1, 0.5],
      [-1, 2, 0],
      [-0.5, 0, 5],
    ]);
    const threeByThree = checkAssumptions(spatial, { slow: [unit], fast: [unit, unit, unit] });
    expect(named(threeByThree, 'recurrence').constants.κ).toBeCloseTo(1, 8);
  });

  test('the growth constants are the suprema of |b|/(1+|x|+|y|) and |f|/(1+x²) on the box', () => {
    const found = checkAssumptions(ornsteinUhlenbeck(2), box);
    expect(named(found, 'b growth').constants.C).toBeCloseTo((2 * 4.5) / 5.5, 9);
    expect(named(found, 'f growth').constants.K).toBeCloseTo(3.125 / 7.25, 9);
  });
});

describe('a failing assumption names the theorem that is lost', () => {
  test('gamma below the Lipschitz constant of ∇f', () => {
    const weak = deepRelaxationProblem({
      ...quadratic(),
      loss: formula('x^2/4 + 0.3*cos(3*x)', ['x']),
      gamma: 1,
      control: { lower: 0, upper: 1 },
    });
    const found = checkAssumptions(weak, box);
    expect(named(found, '(A)')).toMatchObject({ holds: false, consequence: expect.stringContaining('Theorems 1–3') });
    expect(named(found, 'recurrence').holds).toBe(false);
    expect(named(found, 'recurrence').consequence).toContain('δ(n) theorem');
  });

  test('a fast drift that points outward is not recurrent', () => {
    const found = named(checkAssumptions(ornsteinUhlenbeck(-1), box), 'recurrence');
    expect(found.holds).toBe(false);
    expect(found.constants.κ).toBeCloseTo(-1, 9);
  });

  test('a formula without a value on the box', () => {
    const found = checkAssumptions(slowFast({ terminalCost: (x) => Math.log(x[0]) }), box);
    expect(named(found, 'f growth').holds).toBe(false);
    expect(named(found, 'f growth').consequence).toContain('well posed');
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

/** Verdicts on drawn formulas with kinks, jumps, ripples and steep places anywhere, against closed forms. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Assumption } from '../../src/assumptions/assumption.ts';
import { checkAssumptions } from '../../src/assumptions/assumptions.ts';
import type { Bounds } from '../../src/assumptions/matrix-bounds.ts';
import { formula } from '../../src/formula/expression.ts';
import { deepRelaxationProblem } from '../../src/model/deep-relaxation-problem.ts';
import { fromPotential } from '../../src/model/fast-diffusion.ts';
import type { Problem } from '../../src/model/problem.ts';
import { manyDraws } from '../draws.ts';
import { quadratic, slowFast } from '../problems.ts';

const SIDE = { lower: -2.5, upper: 3.5 };
const box = { slow: [{ lower: -2, upper: 2 }], fast: [SIDE] };

/** A property on a few drawn problems, and on many in the full lane. */
function drawn<Ts>(name: string, property: fc.IProperty<Ts>, few = 6): void {
  test(name, () => fc.assert(property, { numRuns: few }));
  test(`${name}: many more`, { tags: ['full'], timeout: 300_000 }, () =>
    fc.assert(property, { numRuns: manyDraws(20 * few) }),
  );
}

/** Anywhere in the box but within 1e-3 of its ends; to two digits it often lies on the lattices of a search. */
const inside = fc.oneof(
  fc.double({ min: -2.499, max: 3.499, noNaN: true }),
  fc.integer({ min: -240, max: 340 }).map((k) => k / 100),
);
const outside = fc.double({ min: 3.6, max: 9, noNaN: true });
const size = fc.double({ min: -4, max: 3, noNaN: true }).map((exponent) => 10 ** exponent);
const signed = fc.tuple(size, fc.boolean()).map(([value, isNegative]) => (isNegative ? -value : value));

const checked = new WeakMap<Problem, readonly Assumption[]>();

function named(problem: Problem, name: string, where: Parameters<typeof checkAssumptions>[1] = box): Assumption {
  const all = checked.get(problem) ?? checkAssumptions(problem, where);
  checked.set(problem, all);
  const found = all.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no assumption ${name}`);
  return found;
}

function deep(loss: string, gamma: number): Problem {
  return deepRelaxationProblem({ ...quadratic(), loss: formula(loss, ['x']), gamma, control: { lower: 0, upper: 1 } });
}

const drifting = (drift: string) => slowFast({ drift, potential: undefined });

function expectHeld({ lower, upper }: Bounds, value: number): void {
  const round = 1e-9 * Math.abs(value);
  expect(lower).toBeLessThanOrEqual(value + round);
  expect(upper).toBeGreaterThanOrEqual(value - round);
  expect(upper - lower).toBeLessThanOrEqual(1e-2 * Math.abs(value) + 1e-9);
}

describe('jumps and kinks', () => {
  drawn(
    'the gradient of a loss with a kink has no Lipschitz constant, wherever the kink and however small',
    fc.property(inside, signed, size, (c, a, q) => {
      const problem = deep(`${q}*x^2/2+(${a})*abs(x-(${c}))`, 2 * q);
      const found = named(problem, '(A)');
      expect(found.verdict).toBe('fails');
      expect(found.at?.y).toBeCloseTo(c, 9);
      // A kink that points down attracts: b jumps inwards there, and κ is that of the parabola.
      const recurrence = named(problem, 'recurrence');
      expect(recurrence.verdict).toBe(a > 0 ? 'holds' : 'fails');
      if (a > 0) expectHeld(recurrence.constants.κ, 3 * q);
      else expect(recurrence.at?.y).toBeCloseTo(c, 9);
    }),
  );

  drawn(
    'a kink outside the box and one that is smoothed away are none',
    fc.property(outside, inside, signed, size, (c, d, a, q) => {
      expectHeld(named(deep(`${q}*x^2/2+(${a})*abs(x-${c})`, 2 * q), '(A)').constants['Lip ∇f'], q);
      // (x−d)|x−d|: slope 2|x−d|; max(x−d, 0)²: slope 2 max(x−d, 0).
      for (const loss of [`(x-(${d}))*abs(x-(${d}))`, `max(x-(${d}),0)^2`]) {
        const found = named(deep(loss, 2.5), '(A)');
        expect(found.verdict).toBe('holds');
        expectHeld(found.constants['Lip ∇f'], 2);
      }
    }),
  );

  drawn(
    'a jump of φ or b, by sign or atan2, fails at its place; a kink is Lipschitz',
    fc.property(inside, signed, signed, (c, a, s) => {
      const jumping = slowFast({ slow: [`u*(1+(${a})*sign((${s})*(y-(${c}))))`] });
      const found = named(jumping, 'φ Lipschitz');
      expect(found.verdict).toBe('fails');
      expect(found.at?.y).toBeCloseTo(c, 9);
      expect(named(jumping, 'continuity').verdict).toBe('fails');
      const turning = named(drifting(`-y+(${a})*atan2(y-(${c}),-1)`), 'b Lipschitz');
      expect(turning.verdict).toBe('fails');
      expect(turning.at?.y).toBeCloseTo(c, 9);
      const bent = drifting(`-y+(${a})*abs(y-(${c}))`);
      expect(named(bent, 'b Lipschitz').verdict).toBe('holds');
      expectHeld(named(bent, 'b Lipschitz').constants.L, 1 + Math.abs(a));
      expect(named(bent, 'smoothness')).toMatchObject({ verdict: 'fails', needed: false });
    }),
  );

  drawn(
    'what is left out by the box, by a factor 0 or by the other branch does not jump',
    fc.property(outside, (c) => {
      for (const slow of [`u*sign(y-${c})`, 'u*atan2(y,8)', 'u*abs(y)*sign(y)', `u*sign(y^2+${c})`]) {
        const problem = slowFast({ slow: [slow] });
        // What jumps beside the box is not proved there.
        const { verdict } = named(problem, 'φ Lipschitz');
        expect(verdict).toMatch(slow.includes('y-') ? /^(holds|not decided)$/ : /^holds$/);
        expect(named(problem, 'continuity').verdict).toBe('holds');
      }
    }),
  );

  drawn(
    'a pole between the points of every lattice is no value',
    fc.property(inside, signed, (c, a) => {
      const found = named(drifting(`-y+(${a})/(y-(${c}))`), 'b growth');
      expect(found.verdict).toBe('fails');
      expect(found.at?.y).toBeCloseTo(c, 9);
    }),
  );
});

test('jumps of signs in signs, of products of them and at one place are found; a power that undoes one is none', () => {
  const verdict = (slow: string) => named(slowFast({ slow: [slow] }), 'φ Lipschitz').verdict;
  const jumping = ['u*sign(y-0.1*sign(x-0.2))', 'u*sign(x-0.2)*sign(y-0.4)', 'u*(sign(y)+sign(-2*y))+sign(3*y)'];
  expect(jumping.map(verdict)).toEqual(['fails', 'fails', 'fails']);
  // 0/0 at the jump: neither proved nor excluded.
  expect(verdict('u*y*sign(y)/y')).toBe('not decided');
  const calm = ['u*(sign(y)-sign(2*y))', 'u*sign(y-0.3)^2', 'u*abs(sign(y-0.3))*y', 'u*y*sign(y)'];
  expect(calm.map(verdict)).toEqual(['holds', 'holds', 'holds', 'holds']);
});

test('in the plane a jump inwards along an axis keeps κ, one outwards or aslant refutes it', () => {
  const where = { ...box, fast: [SIDE, SIDE] };
  const kappa = (...drift: string[]) => {
    const fast: Problem['fast'] = { kind: 'drift', drift: drift.map((text) => formula(text, ['x'], ['y1', 'y2'])) };
    return named({ ...slowFast({}), fast }, 'recurrence', where);
  };
  const inwards = kappa('-y1-sign(y1-0.123)', '-2*y2');
  expect(inwards.verdict).toBe('holds');
  expectHeld(inwards.constants.κ, 1);
  expect(kappa('-y1+sign(y1-0.123)', '-2*y2').verdict).toBe('fails');
  expect(kappa('-y1-sign(y2-0.123)', '-2*y2').verdict).toBe('fails');
});

describe('steep places', () => {
  drawn(
    'ripples of any amplitude and wavelength are met: (A) on both sides of the threshold',
    fc.property(
      fc.double({ min: -2, max: 0, noNaN: true }),
      fc.double({ min: -5, max: 0, noNaN: true }),
      fc.double({ min: 0, max: 6.28, noNaN: true }),
      fc.double({ min: 0.02, max: 1, noNaN: true }),
      (wavelength, amplitude, phase, distance) => {
        const [w, a] = [10 ** wavelength, 10 ** amplitude];
        const lip = 1 + a * ((2 * Math.PI) / w) ** 2;
        const loss = `x^2/2+${a}*cos(2*pi*x/${w}+${phase})`;
        expect(named(deep(loss, lip * (1 + distance)), '(A)').verdict).toBe('holds');
        expect(named(deep(loss, lip * (1 - distance / 2)), '(A)').verdict).toBe('fails');
      },
    ),
  );

  drawn(
    'a steep step and a narrow bump of the drift: κ in closed form',
    fc.property(inside, size, fc.double({ min: 1, max: 6, noNaN: true }), (c, a, steepness) => {
      const s = 10 ** steepness;
      expectHeld(named(drifting(`-y+${a}*tanh(${s}*(y-(${c})))`), 'recurrence').constants.κ, 1 - a * s);
      // Slopes of a exp(−t²), t = s(y−c), are at most a s √2 e^{−1/2}, at t = −1/√2.
      const slope = a * s * Math.SQRT2 * Math.exp(-0.5);
      fc.pre(Math.abs(c) < 2.3);
      expectHeld(named(drifting(`-y+${a}*exp(-(${s}*(y-(${c})))^2)`), 'recurrence').constants.κ, 1 - slope);
    }),
  );

  const coefficient = fc.double({ min: -2, max: 2, noNaN: true });
  drawn(
    'polynomials: κ and L between bounds that hold the extrema',
    fc.property(fc.array(coefficient, { minLength: 2, maxLength: 6 }), (coefficients) => {
      const text = coefficients.map((value, k) => `(${value})*y^${k}`).join('+');
      const slope = (y: number) =>
        coefficients.reduce((sum, value, k) => sum + (k > 0 ? k * value * y ** (k - 1) : 0), 0);
      const points = Array.from({ length: 6001 }, (_, k) => slope(-2.5 + k / 1000));
      const [least, most] = [Math.min(...points), Math.max(...points)];
      const problem = drifting(text);
      const [kappa, lipschitz] = [named(problem, 'recurrence').constants.κ, named(problem, 'b Lipschitz').constants.L];
      const largest = Math.max(-least, most);
      // Between two of the points an extremum is missed by less than this.
      const missed = 1e-4 * (1 + largest);
      expect(kappa.lower).toBeLessThanOrEqual(-most + 1e-9 * largest);
      expect(kappa.upper).toBeGreaterThanOrEqual(-most - missed);
      expect(lipschitz.upper).toBeGreaterThanOrEqual(largest * (1 - 1e-9));
      expect(lipschitz.lower).toBeLessThanOrEqual(largest + missed);
      expect(lipschitz.upper - lipschitz.lower).toBeLessThanOrEqual(3e-3 * largest + 1e-9);
    }),
  );

  drawn(
    'in the plane a narrow bump anywhere is met by κ',
    fc.property(inside, inside, fc.double({ min: 0.5, max: 1.5, noNaN: true }), (c, d, height) => {
      const bump = `${height}e-4*exp(-((y1-(${c}))^2+(y2-(${d}))^2)/2e-4)`;
      const potential = formula(`(y1^2+y2^2)/2+${bump}`, ['x'], ['y1', 'y2']);
      const problem: Problem = { ...slowFast({}), fast: fromPotential(potential) };
      // At the centre −h/s² is added to both eigenvalues, s² = 1e-4.
      const { constants, verdict } = named(problem, 'recurrence', { ...box, fast: [SIDE, SIDE] });
      fc.pre(Math.abs(height - 1) > 0.02);
      expect(verdict).toBe(height < 1 ? 'holds' : 'fails');
      expect(constants.κ.lower).toBeLessThanOrEqual(1 - height + 1e-9);
      expect(constants.κ.upper).toBeGreaterThanOrEqual(1 - height - 1e-9);
    }),
    2,
  );
});

describe('the box and the whole space', () => {
  test('2√(1 + y²) contracts on every box and not on the whole line', () => {
    const found = named(slowFast({ potential: '2*sqrt(1+y^2)' }), 'recurrence');
    expect(found.verdict).toBe('holds');
    expectHeld(found.constants.κ, 2 / (1 + 3.5 ** 2) ** 1.5);
    expect(found.scope).toMatch(/^on the box; κ .* on one twice as wide/);
  });

  test('a constant that grows with the box is no verdict; one that is bounded everywhere holds', () => {
    expect(named(drifting('y-y^3'), 'b Lipschitz')).toMatchObject({
      verdict: 'not decided',
      scope: expect.stringContaining('it grows with the box'),
    });
    expect(named(drifting('sin(3*y)-y'), 'b Lipschitz')).toMatchObject({ verdict: 'holds', scope: 'everywhere' });
  });

  test('an endless U is scaled by 1 + |u|', () => {
    const endless = { kind: 'box', names: ['u'], lower: [-Infinity], upper: [Infinity] } as const;
    const linear = slowFast({ slow: ['u*y+x'], runningCost: 'u^2/2+u*y', controls: endless });
    expectHeld(named(linear, 'φ Lipschitz').constants.L, 1);
    expect(named(linear, 'ℓ growth')).toMatchObject({ verdict: 'holds' });
    expect(named(slowFast({ slow: ['u^2*y'], controls: endless }), 'φ Lipschitz').verdict).toBe('fails');
  });
});

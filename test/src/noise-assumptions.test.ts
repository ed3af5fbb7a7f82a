/** What noise in x, noise in y, a terminal cost in y and a discount add to the assumptions, against closed forms. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScenarioText } from '../../scenarios/read/read-text.ts';
import type { Assumption } from '../../src/assumptions/assumption.ts';
import { checkAssumptions } from '../../src/assumptions/assumptions.ts';
import { recurrenceAssumption } from '../../src/assumptions/contraction-rows.ts';
import { noiseAssumptions } from '../../src/assumptions/noise-rows.ts';
import { squared } from '../../src/formula/algebra.ts';
import { formula } from '../../src/formula/expression.ts';
import { parseFormula } from '../../src/formula/parser.ts';
import { printed } from '../../src/formula/print.ts';
import type { Problem } from '../../src/model/problem.ts';
import { manyDraws } from '../draws.ts';

interface Written {
  readonly slow?: string;
  readonly drift?: string;
  readonly noise?: string;
  readonly terminal?: string;
  readonly rest?: string;
}

function problemOf({
  slow = '{x: "-x"}',
  drift = '{y: "-y"}',
  noise = '',
  terminal = 'x^2',
  rest = '',
}: Written): Problem {
  const fast = noise === '' ? `{drift: ${drift}}` : `{drift: ${drift}, noise: ${noise}}`;
  const model = `{kind: slow-fast, slow: ${slow}, fast: ${fast}, terminal: "${terminal}"${rest}}`;
  const boxes = 'domain: {x: [-1, 1], y: [0.01, 0.9]}\nobserve: {x: [0, 1], y: [0.1, 0.5]}\n';
  const study = 'study: {nodes: {x: 21, y: 21}}\n';
  return readScenarioText(`model: ${model}\nhorizon: 1\n${boxes}${study}`).problem;
}

const side = { lower: 0.01, upper: 0.9 };

function boxOf(problem: Problem) {
  return { slow: problem.slowDrift.map(() => ({ lower: -1, upper: 1 })), fast: problem.fast.drift.map(() => side) };
}

/** The rows that the terms add, and recurrence, by their names. */
function rowsOf(problem: Problem): Readonly<Record<string, Assumption>> {
  const box = boxOf(problem);
  return byName([recurrenceAssumption(problem, box), ...noiseAssumptions(problem, box)]);
}

function byName(rows: readonly Assumption[]): Readonly<Record<string, Assumption>> {
  return Object.fromEntries(rows.map((row) => [row.name, row]));
}

/** A property on a few drawn problems, and on many in the full lane. */
function drawn<Ts>(name: string, property: fc.IProperty<Ts>): void {
  test(name, () => fc.assert(property, { numRuns: 4 }));
  test(`${name}: many more`, { tags: ['full'], timeout: 300_000 }, () =>
    fc.assert(property, { numRuns: manyDraws(100) }),
  );
}

const feller = (drift: string, noise: string) =>
  rowsOf(problemOf({ drift: `{y: "${drift}"}`, noise: `{y: "${noise}"}` })).Feller;

describe('recurrence with a noise in y', () => {
  test('κ is what the drift gives less half the square of the slope of r', () => {
    const { recurrence } = rowsOf(problemOf({ drift: '{y: "-2*y"}', noise: '{y: "1 + y/2"}' }));
    expect(recurrence.statement).toContain('½|r(x,y₁) − r(x,y₂)|²');
    expect(recurrence.verdict).toBe('holds');
    expect(recurrence.constants.κ.lower).toBeCloseTo(2 - 1 / 8, 9);
    expect(recurrence.constants.κ.upper).toBeCloseTo(2 - 1 / 8, 9);
  });

  test('of one variable with a steeper noise paths still meet in the mean, as for a square root', () => {
    const { recurrence } = rowsOf(problemOf({ drift: '{y: "2*(0.04 - y)"}', noise: '{y: "0.8*sqrt(y)"}' }));
    expect(recurrence.verdict).toBe('holds');
    expect(recurrence.statement).toContain('E|Y₁ − Y₂|');
    expect(recurrence.constants.κ.lower).toBeCloseTo(2, 9);
  });

  test('of two variables a noise as steep as the drift refutes it', () => {
    const drift = '{y1: "-y1", y2: "-y2"}';
    const steep = rowsOf(problemOf({ drift, noise: '{y1: "1 + 2*y2", y2: "1"}' })).recurrence;
    expect([steep.verdict, steep.constants.κ.upper < 0]).toEqual(['fails', true]);
    const gentle = rowsOf(problemOf({ drift, noise: '{y1: "1 + y2/2", y2: "1"}' })).recurrence;
    expect(gentle.verdict).toBe('holds');
    expect(gentle.constants.κ.lower).toBeCloseTo(1 - 1 / 8, 9);
  });

  test('a jump of r refutes the square', () => {
    const noise = '{y1: "2 + sign(y1 - 0.3)", y2: "1"}';
    const { recurrence } = rowsOf(problemOf({ drift: '{y1: "-y1", y2: "-y2"}', noise }));
    expect([recurrence.verdict, recurrence.at?.y1]).toEqual(['fails', expect.closeTo(0.3, 6)]);
  });

  const real = fc.double({ min: 0.1, max: 2, noNaN: true });
  drawn(
    'κ of drawn linear drifts and noises',
    fc.property(real, real, real, (k, c, d) => {
      const problem = problemOf({ drift: `{y: "${-k}*y + x"}`, noise: `{y: "${c} + ${d}*y"}` });
      const kappa = k - d ** 2 / 2;
      const { recurrence } = rowsOf(problem);
      const isOfSquares = recurrence.statement.includes('½|r');
      expect(isOfSquares).toBe(kappa > 0);
      const { lower, upper } = recurrence.constants.κ;
      const expected = isOfSquares ? kappa : k;
      expect(lower).toBeLessThanOrEqual(expected + 1e-12);
      expect(upper).toBeGreaterThanOrEqual(expected - 1e-12);
      expect(upper - lower).toBeLessThan(2e-3 * expected + 1e-9);
    }),
  );
});

describe("Feller's condition beside the y-box", () => {
  test.each([
    ['2*(0.04 - y)', '0.3*sqrt(y)', 'holds', 0.16 / 0.09],
    ['2*(0.04 - y)', '0.5*sqrt(y)', 'fails', 0.16 / 0.25],
    ['2*(0.04 - y)', '-sqrt(0.09*y)', 'holds', 0.16 / 0.09],
    ['x/100 + 0.2 - y', '(y/10)^0.5', 'holds', 2 * (0.2 - 0.01) * 10],
  ])('b = %s, r = %s: %s, 2b/(r²)′ = %d at 0', (drift, noise, verdict, ratio) => {
    const row = feller(drift, noise);
    expect([row.verdict, row.statement]).toEqual([verdict, expect.stringContaining('Y does not reach y = 0')]);
    expect(row.constants['2b/(r²)′'].lower).toBeCloseTo(ratio, 9);
  });

  test('2κθ = ξ² up to rounding is not decided', () => {
    expect(feller('2*(0.04 - y)', '0.4*sqrt(y)').verdict).toBe('not decided');
  });

  test('an upper end, and both ends of a polynomial of degree two', () => {
    const row = feller('-2*y', 'sqrt(1 - y)');
    expect([row.verdict, row.statement]).toEqual(['holds', expect.stringContaining('y = 1')]);
    const problem = problemOf({ drift: '{y: "1 - 2*y"}', noise: '{y: "sqrt(y*(1 - y))"}' });
    const both = noiseAssumptions(problem, boxOf(problem)).filter(({ name }) => name === 'Feller');
    expect(both.map(({ verdict, statement }) => [verdict, /y = [01]/.exec(statement)?.[0]])).toEqual([
      ['holds', 'y = 0'],
      ['holds', 'y = 1'],
    ]);
  });

  test('a double root is not reached where b points to the box', () => {
    expect(feller('1 - y', 'y').verdict).toBe('holds');
    expect(feller('-y', 'y/2').verdict).toBe('holds');
    expect(feller('-1 - y', 'y').verdict).toBe('fails');
  });

  test('noise that vanishes nowhere has no row, and of other formulas it is not decided', () => {
    for (const noise of ['0.7', '1 + y^2', '2 + sin(x*y)']) expect(feller('-y', noise)).toBe(undefined);
    expect(feller('-y', 'tanh(y)').verdict).toBe('not decided');
  });
});

describe('ellipticity', () => {
  const slow = (noise: string) => `{drift: {x1: "-x1", x2: "-x2"}, noise: ${noise}}`;
  const plane = (noise: string) => rowsOf(problemOf({ slow: slow(noise), terminal: 'x1' }))['a elliptic'];

  test('the least eigenvalue of ½ssᵀ for two variables', () => {
    const row = plane('{x1: ["1", "0"], x2: ["0.5", "2"]}');
    const [a, b, c] = [0.5, 0.25, 0.5 * 4.25];
    const least = (a + c) / 2 - Math.hypot((a - c) / 2, b);
    expect(row.verdict).toBe('holds');
    expect(row.constants['a₀'].lower).toBeCloseTo(least, 9);
    expect(row.constants['a₀'].upper).toBeCloseTo(least, 9);
  });

  test('fewer motions than variables are degenerate everywhere, and cost no theorem', () => {
    for (const noise of ['{x1: ["1"], x2: ["2"]}', '{x1: "x2 + 3"}', '{x1: ["1", "0"], x2: ["1", "0"]}']) {
      const row = plane(noise);
      expect([row.verdict, row.needed]).toEqual(['fails', false]);
      expect(row.found).toContain('fewer Brownian motions');
    }
  });

  test('a determinant that changes its sign', () => {
    const row = plane('{x1: ["1", "x1"], x2: ["x2 + 0.25", "0.5"]}');
    expect(row.verdict).toBe('fails');
    const { x1, x2 } = row.at as { x1: number; x2: number };
    expect(0.5 - x1 * (x2 + 0.25)).toBeCloseTo(0, 12);
  });

  test.each([
    ['u', 'fails'],
    ['1 + u*y', 'holds'],
    ['y', 'holds'],
    ['x - 0.3', 'fails'],
    ['exp(x)', 'holds'],
    ['1 - 1', 'none'],
  ])('s = %s with u ∈ [0, 1]: %s', (s, verdict) => {
    const problem = problemOf({ slow: `{drift: {x: "u"}, noise: {x: "${s}"}}`, rest: ', control: {u: [0, 1]}' });
    expect(rowsOf(problem)['a elliptic']?.verdict ?? 'none').toBe(verdict);
  });

  test('r on the box, component by component', () => {
    const row = rowsOf(problemOf({ drift: '{y1: "-y1", y2: "-y2"}', noise: '{y1: "1 + y2", y2: "sqrt(y2)"}' }))[
      'α elliptic'
    ];
    expect(row.verdict).toBe('holds');
    expect(row.constants['α₀'].lower).toBeCloseTo(0.005, 6);
  });

  const text = fc.constantFrom('x + 2', 'y - x', 'sin(3*x)*y', 'exp(-y)', 'x*y + 0.1', '0', '1');
  const [anyX, anyY] = [fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 0.9, noNaN: true })];
  drawn(
    'the bounds hold at drawn points for drawn coefficients',
    fc.property(text, text, anyX, anyY, (s1, s2, x, y) => {
      const problem = problemOf({ slow: `{drift: {x: "-x"}, noise: {x: ["${s1}", "${s2}"]}}` });
      const row = rowsOf(problem)['a elliptic'];
      const a = problem.slowNoise?.[0].reduce((total, s) => total + s([x], [y], []) ** 2 / 2, 0);
      if (row === undefined || a === undefined) return;
      expect(row.constants['a₀'].lower).toBeLessThanOrEqual(a * (1 + 1e-12));
      if (row.verdict === 'fails') expect(row.constants['a₀']).toEqual({ lower: 0, upper: 0 });
    }),
  );
});

describe('the terminal cost and the discount', () => {
  const mean = (terminal: string, more: Written = {}) => rowsOf(problemOf({ terminal, ...more }))['g mean'];

  test.each([
    ['x + y^4', 'holds'],
    ['exp(-y^2)*x', 'holds'],
    ['sqrt(1 + y^2)', 'holds'],
    ['exp(y)', 'not decided'],
  ])('the mean of g = %s %s', (terminal, verdict) => {
    expect(mean(terminal).verdict).toBe(verdict);
  });

  test('a square root noise leaves moments, a linear one may not, a drift that does not contract neither', () => {
    expect(mean('x + y^4', { drift: '{y: "1 - y"}', noise: '{y: "sqrt(y)"}' }).verdict).toBe('holds');
    expect(mean('x + y^4', { noise: '{y: "1 + y"}' }).verdict).toBe('not decided');
    expect(mean('x + y^4', { drift: '{y: "sin(y)"}' }).verdict).toBe('not decided');
    // The second moment is finite where half the square of the slope of r is less than κ.
    expect(mean('x*y + y^2', { noise: '{y: "1 + y"}' }).verdict).toBe('holds');
    expect(mean('x*y + y^2', { noise: '{y: "1 + 2*y"}' }).verdict).toBe('not decided');
  });

  test('rows are those of the terms that a problem has', () => {
    const every = (problem: Problem) => byName(checkAssumptions(problem, boxOf(problem)));
    const usual = Object.keys(every(problemOf({})));
    expect(usual).toEqual([
      'recurrence',
      'φ Lipschitz',
      'φ growth',
      'b Lipschitz',
      'b growth',
      'f growth',
      'continuity',
      'smoothness',
    ]);
    const all = every(
      problemOf({
        slow: '{drift: {x: "-x"}, noise: {x: "1"}}',
        noise: '{y: "sqrt(y)"}',
        drift: '{y: "1 - y"}',
        terminal: 'x*y',
        rest: ', discount: 0.5',
      }),
    );
    const added = [
      's Lipschitz',
      's growth',
      'r Lipschitz',
      'r growth',
      'g growth',
      'a elliptic',
      'α elliptic',
      'Feller',
      'g mean',
      'discount',
    ];
    expect(Object.keys(all).filter((name) => !usual.includes(name))).toEqual(added);
    expect(all.continuity.statement).toBe('φ, s, b, r, ℓ and g do not jump');
    expect(all.discount.found).toBe('λ = 0.5');
    expect(all['r growth'].verdict).toBe('holds');
  });
});

test('the square of a formula has its value, and none of its roots', () => {
  for (const text of ['3*sqrt(x)/y', '-abs(x - y)', '(x/2)^0.5*y', 'sin(x)*sqrt(y)', '2', 'x']) {
    const tree = squared(parseFormula(text, { names: ['x', 'y'] }));
    expect(printed(tree)).not.toMatch(/sqrt|0\.5 *$/);
    const [value, square] = [formula(text, ['x', 'y'])([1.7, 0.6]), formula(printed(tree), ['x', 'y'])([1.7, 0.6])];
    expect(square).toBeCloseTo(value ** 2, 12);
  }
});

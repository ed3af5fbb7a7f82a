import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyResolvent, eliminateResolvent } from '../../src/linalg/tridiagonal.ts';
import { encloseDiscrete, type ResidualRange, roundingRange } from '../../src/verification/enclosure.ts';

const NODES = 12;

/**
 * A monotone step that takes V + c to SV + qc: V ↦ q times the minimum over two controls of V_i + λ(V_{i±1} − V_i) + ℓ,
 * then a resolvent. λ in [0, 1].
 */
function step(V: Float64Array, lambda: number, cost: number, kept = 1): Float64Array {
  const moved = V.map(
    (value, i) =>
      kept *
      Math.min(
        i + 1 < V.length ? value + lambda * (V[i + 1] - value) + cost : value + cost,
        i > 0 ? value + lambda * (V[i - 1] - value) : value,
      ),
  );
  const rates = new Float64Array(NODES).fill(3);
  const [up, down] = [rates.slice(), rates.slice()];
  up[NODES - 1] = 0;
  down[0] = 0;
  const factors = eliminateResolvent({ lanes: 1, nodes: NODES, up, down }, 1);
  applyResolvent(moved, factors, moved);
  return moved;
}

const field = (size: number) =>
  fc.array(fc.double({ min: -size, max: size, noNaN: true }), { minLength: NODES, maxLength: NODES });

describe('the enclosure of a monotone scheme', () => {
  test('holds the exact discrete value, whatever residuals the steps had', () => {
    const run = fc.record({
      start: field(5),
      residuals: fc.array(field(0.1), { minLength: 1, maxLength: 8 }),
      bias: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      lambda: fc.double({ min: 0, max: 1, noNaN: true }),
      cost: fc.double({ min: -1, max: 1, noNaN: true }),
      kept: fc.constantFrom(1, 0.9, 0.5),
    });
    fc.assert(
      fc.property(run, ({ start, residuals, bias, lambda, cost, kept }) => {
        let [V, W]: [Float64Array, Float64Array] = [Float64Array.from(start), Float64Array.from(start)];
        const ranges: ResidualRange[] = [];
        for (const residual of residuals) {
          const exact = step(V, lambda, cost, kept);
          V = exact.map((value, i) => value + residual[i] + bias);
          W = step(W, lambda, cost, kept);
          ranges.push(residualRange(V, exact));
        }
        const { below, above } = encloseDiscrete(ranges, kept);
        W.forEach((exact, i) => {
          expect(exact).toBeGreaterThanOrEqual(V[i] + below - 1e-12); // 1e-12: rounding of eight steps
          expect(exact).toBeLessThanOrEqual(V[i] + above + 1e-12);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('is attained: a constant residual moves the value by the sum of all', () => {
    const start = Float64Array.from({ length: NODES }, (_, i) => Math.sin(i));
    let [V, W]: [Float64Array, Float64Array] = [start, start];
    const ranges: ResidualRange[] = [];
    for (let k = 0; k < 5; k++) {
      const exact = step(V, 0.5, 0.1);
      V = exact.map((value) => value + 0.01);
      W = step(W, 0.5, 0.1);
      ranges.push(residualRange(V, exact));
    }
    const { below, above } = encloseDiscrete(ranges);
    expect(below).toBeCloseTo(-0.05, 13);
    expect(above).toBeCloseTo(-0.05, 13);
    W.forEach((exact, i) => {
      expect(exact - V[i]).toBeCloseTo(-0.05, 13);
    });
  });

  test('is attained with a discount, under which a residual of the start has the least weight', () => {
    const start = Float64Array.from({ length: NODES }, (_, i) => Math.sin(i));
    let [V, W]: [Float64Array, Float64Array] = [start.map((value) => value + 0.4), start];
    const ranges: ResidualRange[] = [{ least: 0.4, greatest: 0.4 }];
    for (let k = 0; k < 3; k++) {
      const exact = step(V, 0.5, 0.1, 0.5);
      V = exact.map((value) => value + 0.01);
      W = step(W, 0.5, 0.1, 0.5);
      ranges.push(residualRange(V, exact));
    }
    const { below, above } = encloseDiscrete(ranges, 0.5);
    expect(below).toBeCloseTo(-(0.4 / 8 + 0.01 * (1 + 1 / 2 + 1 / 4)), 13);
    expect(above).toBeCloseTo(below, 13);
    W.forEach((exact, i) => {
      expect(exact - V[i]).toBeCloseTo(below, 13);
    });
  });

  test('residuals of one sign bound the value from one side by itself', () => {
    const { below, above } = encloseDiscrete([
      { least: 0, greatest: 0.2 },
      { least: 0.1, greatest: 0.3 },
    ]);
    expect([below, above]).toEqual([-0.5, -0.1]);
    expect(encloseDiscrete([])).toEqual({ below: 0, above: 0 });
  });

  test('the rounding of a pass of running averages is within the bound of a step', () => {
    // Against the same recursion in rational arithmetic.
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: NODES, maxLength: NODES });
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: NODES, maxLength: NODES });
    const fastSolve = { kind: 'lines', subSweeps: 1 } as const;
    const { greatest } = roundingRange({ largest: 1, movedAxes: 1, cells: 0, fastShape: [NODES], fastSolve });
    fc.assert(
      fc.property(values, shares, (r, s) => {
        let plain = 0;
        let [numerator, denominator] = [0n, 1n];
        for (let j = 0; j < NODES; j++) {
          plain = plain + s[j] * (r[j] - plain);
          const [share, value] = [rational(s[j]), rational(r[j])];
          // T + s(r − T), over a denominator that grows by those of s and r.
          const difference = value * denominator - numerator * UNIT;
          numerator = numerator * UNIT * UNIT + share * difference;
          denominator = denominator * UNIT * UNIT;
        }
        const error = rational(plain) * denominator - numerator * UNIT;
        const bound = rational(greatest) * denominator;
        expect(error <= bound && -error <= bound).toBe(true);
      }),
    );
  });
});

/** Every finite double is an integer over 2^1200. */
const UNIT = 2n ** 1200n;

function rational(value: number): bigint {
  let [mantissa, exponent] = [value, 0];
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent++;
  }
  return BigInt(mantissa) * 2n ** BigInt(1200 - exponent);
}

/** The range of r = after − S(before), given S(before). */
function residualRange(after: Float64Array, exact: Float64Array): ResidualRange {
  let [least, greatest] = [Infinity, -Infinity];
  for (let k = 0; k < after.length; k++) {
    least = Math.min(least, after[k] - exact[k]);
    greatest = Math.max(greatest, after[k] - exact[k]);
  }
  return { least, greatest };
}

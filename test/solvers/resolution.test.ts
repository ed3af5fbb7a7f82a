/** y-grids, y-boxes and balls against the invariant measure: narrow wells, fast changes along x, wells far out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  effectiveHamiltonian,
  encloseOrExplain,
  fastBox,
  solveDeltaCell,
  solveEffectiveHjb,
} from '../../solvers/index.ts';
import { doubtsOfGrid, isCutAlone } from '../../solvers/verification/measure-on-grid.ts';
import { coordinates, uniformAxis } from '../../src/grid/axis.ts';
import { supportAt } from '../../src/measure/fast-box.ts';
import { fastMoments } from '../../src/measure/fast-moments.ts';
import { gibbsMeasure } from '../../src/measure/gibbs-measure.ts';
import { gridFaults } from '../../src/measure/grid-resolution.ts';
import { resolutionOf, resolvingNodes } from '../../src/measure/resolution.ts';
import { manyDraws } from '../draws.ts';
import { inSpace, slowFast } from '../problems.ts';
import { heston } from '../reference-problems.ts';

/** A mixture Σ w e^{−(y−c)²/(2s²)} and a number of nodes. */
interface Part {
  readonly w: number;
  readonly c: number;
  readonly s: number;
}

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const logarithmic = (min: number, max: number) => number(Math.log(min), Math.log(max)).map(Math.exp);
const narrow = fc.record({ w: logarithmic(1e-3, 200), c: number(-4, 4), s: logarithmic(2e-4, 1) });
const mixtures = fc.array(narrow, { minLength: 1, maxLength: 3 }).map((parts) => [{ w: 1, c: 0, s: 1 }, ...parts]);

const digits = (value: number) => `(${value.toPrecision(12)})`;
const mixed = (parts: readonly Part[]) =>
  `-log(${parts.map(({ w, c, s }) => `${digits(w)}*exp(-((y-${digits(c)})/${digits(s)})^2/2)`).join('+')})`;
const meanOf = (parts: readonly Part[]) =>
  parts.reduce((sum, { w, c, s }) => sum + w * s * c, 0) / parts.reduce((sum, { w, s }) => sum + w * s, 0);

/** −y, so that H̄(x, −1) is the mean of μ. */
const drifting = { slow: ['y+0*u'], controls: { kind: 'values', names: ['u'], values: [[0]] } } as const;

describe('wells at random places, widths and depths', () => {
  const isCovered = (parts: readonly Part[], nodes: number, method: 'stationary' | 'ergodic') => {
    const problem = slowFast({ ...drifting, potential: mixed(parts) });
    const { value, error, warnings } = effectiveHamiltonian(problem, { x: [0], p: [-1], method, nodes });
    if (error === null || !Number.isFinite(error)) {
      expect(warnings.length).toBeGreaterThan(0);
      return false;
    }
    // The box leaves out 1e-12 and less.
    expect(Math.abs(value - meanOf(parts))).toBeLessThanOrEqual(error + 1e-9);
    return true;
  };

  test('either the bound holds the mean, or there is none and a warning', () => {
    let covered = 0;
    fc.assert(
      fc.property(mixtures, fc.integer({ min: 21, max: 1201 }), fc.boolean(), (parts, nodes, isErgodic) => {
        if (isCovered(parts, nodes, isErgodic ? 'ergodic' : 'stationary')) covered++;
      }),
      { numRuns: 60 },
    );
    expect(covered).toBeGreaterThan(5);
  });

  test('nodes that hit a narrow well count more of it than it holds', () => {
    const parts = [
      { w: 1, c: 0, s: 1 },
      { w: 1, c: 3.9977152414450003, s: 0.002 },
    ];
    for (const nodes of [401, 421, 431, 432, 433, 435, 440]) isCovered(parts, nodes, 'stationary');
    expect(isCovered(parts, 432, 'stationary')).toBe(false);
  });

  test('either the one or the other, many times', { tags: ['full'] }, () => {
    fc.assert(
      fc.property(mixtures, fc.integer({ min: 21, max: 1201 }), (parts, nodes) => {
        isCovered(parts, nodes, 'stationary');
      }),
      { numRuns: manyDraws(3000) },
    );
  });

  test('the count of nodes that is named resolves them, and a grid that is far finer always does', () => {
    fc.assert(
      fc.property(mixtures, fc.integer({ min: 11, max: 301 }), (parts, nodes) => {
        const problem = slowFast({ potential: mixed(parts) });
        const { lower, upper } = supportAt(problem, [0]);
        const axis = uniformAxis('y', lower, upper, nodes);
        const found = resolutionOf(problem, [0], axis);
        expect(found.isProved).toBe(true);
        const least = Math.min(...parts.map(({ s }) => s));
        if (axis.spacing < least / 2) expect(found.isResolved).toBe(true);
        if (found.isResolved) return;
        const enough = resolvingNodes(problem, [0], axis, found) as number;
        expect(enough).toBeGreaterThan(nodes);
        expect(resolutionOf(problem, [0], uniformAxis('y', lower, upper, enough)).isResolved).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('quadrature finds wells however narrow, and those far out', () => {
    const anywhere = fc.record({ w: logarithmic(1, 1e6), c: number(-60, 60), s: logarithmic(1e-6, 1) });
    fc.assert(
      fc.property(anywhere, (part) => {
        const parts = [{ w: 1, c: 0, s: 1 }, part];
        const problem = slowFast({ potential: mixed(parts) });
        const mean = gibbsMeasure(problem, [0], supportAt(problem, [0])).integral((y) => y);
        expect(Math.abs(mean.value - meanOf(parts))).toBeLessThanOrEqual(mean.error + 1e-8 * (1 + Math.abs(part.c)));
      }),
      { numRuns: 40 },
    );
  });
});

describe('along x', () => {
  const bumps = fc.record({
    a: number(-30, 30),
    c: number(-2, 2),
    r: logarithmic(2e-3, 1),
  });

  test('the y-box holds a drift that is large near one x only', () => {
    fc.assert(
      fc.property(bumps, ({ a, c, r }) => {
        const problem = slowFast({ drift: `${digits(a)}*exp(-((x-${digits(c)})/${digits(r)})^2)-y` });
        const box = fastBox(problem, { lower: -2, upper: 2 });
        for (const x of [c, c - r / 3, c + r / 2, 0]) {
          expect(fastMoments(problem, [Math.min(2, Math.max(-2, x))], box).outside).toBeLessThan(1e-11);
        }
      }),
      { numRuns: 4 },
    );
  });

  test('a well that is there for some x only is found wherever a node meets it', () => {
    fc.assert(
      fc.property(number(-2, 2), logarithmic(0.005, 0.5), number(-3, 3), (c, r, a) => {
        const well = `50*exp(-((y-${digits(a)})/0.01)^2/2-((x-${digits(c)})/${digits(r)})^2)`;
        const problem = slowFast({ potential: `-log(exp(-y^2/2)+${well})` });
        const [slow, fast] = [uniformAxis('x', -2, 2, 101), uniformAxis('y', -8, 8, 101)];
        const isMissed = coordinates(slow).some((x) => !resolutionOf(problem, [x], fast).isResolved);
        expect(gridFaults(problem, [slow], fast).some(({ kind }) => kind === 'unresolved')).toBe(isMissed);
      }),
      { numRuns: 6 },
    );
  });

  test('a y-box that cuts the measure at one node is named, and so is a mean that bends between nodes', async () => {
    const problem = slowFast({ drift: '15*exp(-((x-0.06)/0.01)^2)-y', slow: ['u*y'] });
    const slow = [uniformAxis('x', -2, 2, 401)];
    const solved = await solveEffectiveHjb(problem, { slow, fast: [uniformAxis('y', -7.5, 7.5, 61)], steps: 1 });
    expect(solved.doubts.join()).toMatch(/at x = 0\.06 the y-box \[-7\.5, 7\.5\] leaves out 1\.0 /);
    expect(solved.doubts.join()).toMatch(/near x = 0\.0\d the mean of the invariant measure bends/);
    const smooth = slowFast({ drift: '3*sin(x)-y', slow: ['u*y'] });
    const clear = await solveEffectiveHjb(smooth, { slow, fast: [uniformAxis('y', -12, 12, 61)], steps: 1 });
    expect(clear.doubts).toEqual([]);
  });
});

describe('a box beside a place where the noise is 0', () => {
  const slow = [uniformAxis('x', -1, 1, 5)];
  const [problem, lower] = [heston(1), 4e-4];
  const axis = uniformAxis('y', lower, 0.3, 101);

  test('the first node stands for the cell that reaches down to 0: what is left out is the tail above', () => {
    const faults = gridFaults(problem, slow, axis);
    // Γ(16/9) of rate 400/9 beyond 0.3015: e^−13.4 13.4^(7/9)/Γ(16/9) = 1.2e-5; below 4e-4 it has 4.8e-4.
    expect(faults).toMatchObject([{ kind: 'outside' }]);
    expect(faults.map((fault) => fault.kind === 'outside' && fault.share)[0]).toBeCloseTo(1.3e-5, 6);
    expect(fastMoments(problem, [0], axis).outside).toBeGreaterThan(4e-4);
    expect(doubtsOfGrid(problem, slow, [axis]).join()).toMatch(/choose a wider domain\.y$/);
    const far = uniformAxis('y', 0.01, 0.7, 101);
    expect(doubtsOfGrid(problem, slow, [far]).join()).toMatch(
      /wider domain\.y, nearer to the place where the noise is 0/,
    );
  });

  test('a small cut is alone where a wider box cuts a quarter of it, and not beside an unresolved measure', () => {
    const wider = (upper: number, cells = 100) => uniformAxis('y', lower, upper, cells + 1);
    expect(isCutAlone(problem, slow, [axis], wider(0.339, 113))).toBe(true);
    expect(isCutAlone(problem, slow, [axis], wider(0.306, 102))).toBe(false);
    expect(isCutAlone(problem, slow, [wider(0.15, 50)], wider(0.3))).toBe(false); // 5e-3 is cut
    expect(isCutAlone(problem, slow, [wider(0.3, 20)], wider(0.375, 25))).toBe(false);
  });
});

describe('balls and planes', () => {
  test('a ball that misses a well has no bounds and names it', () => {
    fc.assert(
      fc.property(number(9, 45), logarithmic(0.01, 1e4), (a, w) => {
        const problem = slowFast({ potential: `-log(exp(-y^2/2)+${digits(w)}*exp(-(y-${digits(a)})^2/2))` });
        const options = { x: [0], p: [0], radius: 5.5, delta: 1e-3, nodes: 401 };
        const cell = { ...options, integrand: (y: ArrayLike<number>) => y[0] ** 2 };
        const solution = solveDeltaCell(problem, cell);
        expect(solution.doubts.join()).toMatch(/misses the well at y = /);
        expect(encloseOrExplain(problem, cell, solution)).toMatch(/misses the well at y = .* Enlarge the radius to/);
      }),
      { numRuns: 20 },
    );
  });

  test('m = 2: a narrow deep well between nodes leaves no bound, a broad one does', () => {
    const found = (s: number, nodes: number) => {
      const well = `exp(-((y1-1.2345)^2+(y2-0.4)^2)/(2*${s}^2))`;
      const potential = `-log(exp(-(y1^2+y2^2)/2)+${1 / s ** 2}*${well})`;
      const problem = inSpace(2, { potential, slow: ['y1+0*u'] });
      return effectiveHamiltonian(problem, { x: [0], p: [-1], method: 'stationary', nodes });
    };
    expect(found(0.01, 101).warnings.join()).toMatch(/well at y = \(1\.23\d*, 0\.4\d*\) .*narrower than two spacings/);
    expect(found(0.01, 101).error).toBe(Infinity);
    const broad = found(0.4, 161);
    expect(Math.abs(broad.value - 1.2345 / 2)).toBeLessThanOrEqual((broad.error as number) + 1e-12);
  });
});

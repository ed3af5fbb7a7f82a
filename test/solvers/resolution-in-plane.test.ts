/** Nodes in the plane against wells, spikes and other attracting points: bounds hold exact means, or there are none. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveHamiltonian, type HamiltonianMethod } from '../../solvers/index.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { attractingPoints } from '../../src/measure/attracting-points.ts';
import { gridFaults } from '../../src/measure/grid-resolution.ts';
import { sharpPlaces } from '../../src/measure/sharp-places.ts';
import type { Problem } from '../../src/model/problem.ts';
import { inSpace } from '../problems.ts';

const number = (min: number, max: number) =>
  fc.noBias(fc.integer({ min: 0, max: 1e6 })).map((k) => min + ((max - min) * k) / 1e6);
const logarithmic = (min: number, max: number) => number(Math.log(min), Math.log(max)).map(Math.exp);
const shown = (value: number) => `(${value.toPrecision(15)})`;

/** w e^{−((y1−c1)/s1)²/2 − ((y2−c2)/s2)²/2}. */
interface Bump {
  readonly w: number;
  readonly c: readonly number[];
  readonly s: readonly number[];
}
/** Other draws by HJB_SEED: what is finer than is looked for may be met (docs/theory.md §5.5). */
const seed = Number(process.env.HJB_SEED ?? 1);

const places = fc.tuple(number(-2.5, 2.5), number(-2.5, 2.5));
const bumps = (widest: number, heights: fc.Arbitrary<number>): fc.Arbitrary<Bump> =>
  fc.record({ w: heights, c: places, s: fc.tuple(logarithmic(3e-3, widest), logarithmic(3e-3, widest)) });
const nodes = fc.noBias(fc.integer({ min: 31, max: 161 }));

const exponentOf = ({ c, s }: Bump) => c.map((at, a) => `((y${a + 1}-${shown(at)})/${shown(s[a])})^2/2`).join('+');
const textOf = (bump: Bump) => `${shown(bump.w)}*exp(-(${exponentOf(bump)}))`;
const broad: Bump = { w: 1, c: [0, 0], s: [1, 1] };
const massOf = ({ w, s }: Bump) => w * s[0] * s[1];
const meanOf = (parts: readonly Bump[]) =>
  parts.reduce((sum, part) => sum + massOf(part) * part.c[0], 0) / parts.reduce((sum, part) => sum + massOf(part), 0);

/** Whether there is a bound; it holds the mean then, and else a warning says why. */
function isCovered(
  problem: Problem,
  options: { method: HamiltonianMethod; nodes: number },
  mean: number,
  rounding = 1e-9,
): boolean {
  const { value, error, warnings } = effectiveHamiltonian(problem, { x: [0], p: [-1], ...options });
  if (error === null || !Number.isFinite(error)) {
    expect(warnings.join()).toMatch(/no bound|has no\s+bound/);
    return false;
  }
  expect(Math.abs(value - mean)).toBeLessThanOrEqual(error + rounding * (1 + Math.abs(mean)));
  return true;
}

const besideBroad = (drawn: fc.Arbitrary<Bump>, rounding?: number) => (count: number) => () => {
  let covered = 0;
  fc.assert(
    fc.property(drawn, nodes, (well, k) => {
      const problem = inSpace(2, { potential: `-log(${[broad, well].map(textOf).join('+')})`, slow: ['y1+0*u'] });
      if (isCovered(problem, { method: 'stationary', nodes: k }, meanOf([broad, well]), rounding)) covered++;
    }),
    { numRuns: count, seed },
  );
  return covered;
};

/** As much of the measure as 1e-3 to 10 times that of the broad one. */
const wells = besideBroad(
  bumps(1, logarithmic(1e-3, 10)).map((bump) => ({ ...bump, w: bump.w / (bump.s[0] * bump.s[1]) })),
);

/** Shallow and narrow wells may hide with a part of what is left open, a thousandth (docs/theory.md §5.5). */
const HIDDEN = 2e-4;

const shallow = besideBroad(bumps(1, logarithmic(1e-3, 2)), HIDDEN);

/** E w e^{−((Y−c)/s)²/2} for Y of the standard normal law, axis by axis. */
const spikeMean = ({ w, c, s }: Bump) =>
  c.reduce(
    (product, at, a) => (product * s[a] * Math.exp(-(at ** 2) / (2 * (1 + s[a] ** 2)))) / Math.hypot(1, s[a]),
    w,
  );

/** Spikes that add less to a mean than 1e-5 of its spread are not looked for (docs/theory.md §5.5). */
const UNSEEN = 1e-5;

const spikes = (count: number) => () => {
  let covered = 0;
  fc.assert(
    fc.property(bumps(2, logarithmic(1e-3, 1e3)), nodes, (spike, k) => {
      const problem = inSpace(2, { slow: [`y1+${textOf(spike)}+0*u`] });
      if (isCovered(problem, { method: 'stationary', nodes: k }, spikeMean(spike), UNSEEN)) covered++;
    }),
    { numRuns: count, seed },
  );
  return covered;
};

/** b = −∇Φ + ω J ∇Φ keeps e^−Φ for every ω. */
const turning = (parts: readonly Bump[], omega: number) => {
  const density = parts.map(textOf).join('+');
  const slope = (a: number) =>
    `(${parts.map((part) => `${textOf(part)}*(y${a + 1}-${shown(part.c[a])})/${shown(part.s[a] ** 2)}`).join('+')})`;
  const drift = [`-${slope(0)}-${shown(omega)}*${slope(1)}`, `-${slope(1)}+${shown(omega)}*${slope(0)}`];
  return inSpace(2, { drift: drift.map((text) => `(${text})/(${density}+1e-300)`), slow: ['y1+0*u'] });
};

const drifts = (count: number) => () => {
  fc.assert(
    fc.property(bumps(1, logarithmic(0.1, 10)), number(-1, 1), (bump, omega) => {
      const well = { ...bump, w: bump.w / (bump.s[0] * bump.s[1]) };
      isCovered(turning([broad, well], omega), { method: 'ergodic', nodes: 81 }, meanOf([broad, well]));
    }),
    { numRuns: count, seed },
  );
};

describe('bounds in the plane hold the mean, or nodes are named', () => {
  test('with wells', wells(6));
  test('with spikes in what is averaged', spikes(6));
  test('with wells, many', { tags: ['full'] }, () => {
    expect(wells(80)()).toBeGreaterThan(6);
  });
  test('with shallow wells', { tags: ['full'] }, () => {
    expect(shallow(20)()).toBeGreaterThan(15);
  });
  test('with spikes, many', { tags: ['full'] }, () => {
    expect(spikes(60)()).toBeGreaterThan(5);
  });
  test('with drifts that turn around two wells', { tags: ['full'] }, drifts(3));
});

test('every attracting point of a drift is found, with the width of its Gaussian', () => {
  fc.assert(
    fc.property(places, logarithmic(1e-3, 0.3), number(-3, 3), ([a, b], s, omega) => {
      const [u, v] = [`(y1-${shown(a)})`, `(y2-${shown(b)})`];
      // Nearby −(y − c)/s² that turns; farther out −y.
      const share = `exp(-(${u}^2+${v}^2)/${shown(8 * s * s)})`;
      const part = (own: string, other: string, sign: string) =>
        `${share}*(-${own}${sign}${shown(omega)}*${other})/${shown(s * s)}`;
      const drift = [`-(1-${share})*y1+${part(u, v, '+')}`, `-(1-${share})*y2+${part(v, u, '-')}`];
      const box = [uniformAxis('y1', -6, 6, 51), uniformAxis('y2', -6, 6, 51)];
      const found = attractingPoints(inSpace(2, { drift }), [0], box) ?? [];
      const point = found.find(({ at }) => Math.hypot(at[0] - a, at[1] - b) < 1e-6 * s);
      expect(point?.widths.every((width) => Math.abs(width / (4 * s) - 1) < 1e-6)).toBe(true);
    }),
    { numRuns: 10 },
  );
});

test('a well that is there, or narrow, near one x only is found, m = 1 and 2, n = 2', () => {
  const slow = [uniformAxis('x1', -2, 2, 41), uniformAxis('x2', -2, 2, 41)];
  fc.assert(
    fc.property(places, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), ([a, b], i, j) => {
      const at = [-2 + i / 10, -2 + j / 10];
      const near = `((x1-${shown(at[0])})^2+(x2-${shown(at[1])})^2)/(2*0.04^2)`;
      const onLine = inSpace(1, { potential: `y^2/2-9*exp(-(y-${shown(a)})^2/(2*0.02^2)-${near})`, slow: ['u', 'y'] });
      const faults = gridFaults(onLine, slow, uniformAxis('y', -8, 8, 101));
      expect(faults.map(({ kind }) => kind)).toContain('unresolved');
      const well = `(y1-${shown(a)})^2+(y2-${shown(b)})^2`;
      const potential = `y1^2/2+y2^2/2-9*exp(-(${well})/(2*0.02^2)-${near})`;
      const fast = [uniformAxis('y1', -8, 8, 61), uniformAxis('y2', -8, 8, 61)];
      const named = sharpPlaces(inSpace(2, { potential, slow: ['u', 'y1'] }), slow, fast);
      expect(named.some((x) => Math.hypot(x[0] - at[0], x[1] - at[1]) < 1e-9)).toBe(true);
    }),
    { numRuns: 3 },
  );
});

/** Functions of y against the nodes: spikes and oscillations are named, kinks, jumps and what is smooth are not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveHamiltonian, formula, solveDeltaCell, solveEpsilonHjb } from '../../solvers/index.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { hiddenInFields } from '../../src/measure/hidden-structure.ts';
import { powerUtility } from '../general-problems.ts';
import { inLanes } from '../lanes.ts';
import { slowFast } from '../problems.ts';

/** Evenly spread: doubles are drawn by their bits, mostly near 0. */
const number = (min: number, max: number) =>
  fc.noBias(fc.integer({ min: 0, max: 1e6 })).map((k) => min + ((max - min) * k) / 1e6);
const shown = (value: number) => `(${value.toPrecision(12)})`;
const drifting = (slow: string) =>
  slowFast({ slow: [`${slow}+0*u`], controls: { kind: 'values', names: ['u'], values: [[0]] }, potential: 'y^2/2' });

describe('a spike of any height, width and place', () => {
  const spikes = fc.record({
    height: number(1, 1000),
    at: number(-2, 2),
    width: number(Math.log(1e-3), 0).map(Math.exp),
    nodes: fc.noBias(fc.integer({ min: 21, max: 121 })),
  });
  /** E a·exp(−((Y−c)/s)²) for Y of the standard normal law. */
  const meanOf = ({ height, at, width: s }: { height: number; at: number; width: number }) =>
    (height * s * Math.exp(-(at ** 2) / (s * s + 2))) / Math.sqrt(s * s + 2);

  const methods = ['stationary', 'ergodic'] as const;
  inLanes(methods, (method) => method === 'stationary')(
    'the bound of %s holds the mean, or the nodes are named',
    (method) => {
      let [covered, named] = [0, 0];
      fc.assert(
        fc.property(spikes, ({ nodes, ...spike }) => {
          const { height, at, width } = spike;
          const problem = drifting(`1+${shown(height)}*exp(-((y-${shown(at)})/${shown(width)})^2)`);
          const { value, error, warnings } = effectiveHamiltonian(problem, { x: [0], p: [-1], method, nodes });
          if (error === null || !Number.isFinite(error)) {
            expect(warnings.join()).toMatch(/structure about .* wide near y = /);
            named++;
            return;
          }
          covered++;
          expect(Math.abs(value - 1 - meanOf(spike))).toBeLessThanOrEqual(error + 1e-9 * height);
        }),
        { numRuns: 60 },
      );
      expect(Math.min(covered, named)).toBeGreaterThan(2);
    },
  );
});

test('oscillations faster than the nodes are named', () => {
  fc.assert(
    fc.property(number(1.5, 40), number(0.5, 1), fc.integer({ min: 41, max: 201 }), (cells, phase, nodes) => {
      const axis = uniformAxis('y', -7.5, 7.5, nodes);
      // Less than two nodes a period; at the phase 0 all of them may stand at zeros.
      const frequency = (Math.PI / axis.spacing) * cells;
      const problem = drifting(`sin(${shown(frequency)}*y+${shown(phase)})`);
      expect(hiddenInFields(problem, [0], [axis])?.hidden).not.toBeNull();
    }),
    { numRuns: 40 },
  );
});

test('what is smooth over cells, kinks and jumps are left to their own bounds', { tags: ['full'] }, () => {
  const kinds = [
    'abs(y-C)',
    'sign(y-C)',
    'max(y-C,0)+y',
    'tanh(30*(y-C))',
    'sin(y-C)',
    'exp((y-C)/2)',
    '1/(1+(y-C)^2)',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...kinds), number(-2, 2), fc.integer({ min: 41, max: 401 }), (kind, c, nodes) => {
      const problem = drifting(kind.replaceAll('C', shown(c)));
      expect(hiddenInFields(problem, [0], [uniformAxis('y', -7.5, 7.5, nodes)])?.hidden ?? null).toBeNull();
    }),
    { numRuns: 100 },
  );
});

test('solves and cells name it', async () => {
  const problem = drifting('1+1000*exp(-((y-0.3)/0.003)^2)');
  const axes = { slow: [uniformAxis('x', -2, 2, 21)], fast: [uniformAxis('y', -7.5, 7.5, 41)] };
  const { doubts } = await solveEpsilonHjb(problem, { ...axes, epsilon: 0.1 });
  expect(doubts.join()).toMatch(/structure about 0\.0\d+ wide near y = 0\.(3|29)/);
  const cell = { x: [0], p: [0], radius: 8, delta: 1e-3, nodes: 401 };
  const integrand = formula('y^2+1000*exp(-((y-0.3)/0.003)^2)', ['y']);
  expect(solveDeltaCell(problem, { ...cell, integrand }).doubts.join()).toMatch(/structure about/);
  expect(solveDeltaCell(problem, { ...cell, integrand: formula('y^2', ['y']) }).doubts).toEqual([]);
});

test('a drift that is constant at one end of U hides nothing in its last digits', () => {
  const merton = powerUtility();
  expect(hiddenInFields(merton, [0.3], [uniformAxis('y', -7.5, 7.5, 81)])?.hidden).toBeNull();
});

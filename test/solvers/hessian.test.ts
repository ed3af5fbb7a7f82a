import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { solveDeltaCell } from '../../solvers/delta-cell.ts';
import { effectiveHamiltonian } from '../../solvers/effective-hamiltonian.ts';
import { effectiveVelocities, extendedControl } from '../../solvers/effective-velocity.ts';
import { solveErgodicCell } from '../../solvers/ergodic-cell.ts';
import { simulateDeltaCell } from '../../solvers/exit-paths.ts';
import { hamiltonianMethods } from '../../solvers/hamiltonian-routes.ts';
import { effectiveHamiltonianTable } from '../../solvers/hamiltonian-table.ts';
import { hamiltonianAt } from '../../src/control/hamiltonian.ts';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { atHessian } from '../../src/model/hessian.ts';
import type { Problem } from '../../src/model/problem.ts';
import { isQuadraticInControl } from '../../src/model/structure.ts';
import { inSpace, slowFast } from '../problems.ts';
import { hjb, json } from '../run-hjb.ts';

const [mu, r, s0, amp] = [0.3, 0.02, 0.25, 0.5];
const variance = `${s0}/(1 + ${amp}*sin(y))`;
const names = [['x'], ['y'], ['u']] as const;
const controls = { kind: 'box', names: ['u'], lower: [-50], upper: [50] } as const;
/** Merton's problem in log-wealth, dX = (r + u(μ−r) − u²S/2) dt + u√S dW, S a function of the fast variable. */
const merton: Problem = {
  ...slowFast({ potential: 'y^2/2', slow: [`${r} + u*${mu - r} - u^2/2*${variance}`], controls }),
  slowNoise: [[formula(`u*sqrt(${variance})`, ...names)]],
};
/** −min_u [u²S M/2 + φp] = −rp + (μ−r)²p²/2S(M−p) for M > p, and ⟨1/S⟩ = 1/s₀. */
const exact = (p: number, M: number) => -r * p + ((mu - r) ** 2 * p ** 2) / (2 * (M - p) * s0);
const at = { x: [0], p: [-1], M: [[0.4]] };

describe('H̄(x,p,M) with noise in x', () => {
  test.each(hamiltonianMethods)(
    '%s finds that of Merton’s problem, the controls in the noise minimised exactly',
    (method) => {
      const {
        value,
        lower,
        upper,
        error,
        controls: open,
      } = effectiveHamiltonian(merton, { ...at, method, nodes: 801 });
      expect(open).toBe(0);
      expect(lower ?? value - (error ?? 0) - 1e-14).toBeLessThan(exact(-1, 0.4));
      expect(upper ?? value + (error ?? 0) + 1e-14).toBeGreaterThan(exact(-1, 0.4));
      // The cell route has an error of order δ² = 1e-8 of its corrector beside that of the nodes.
      expect(Math.abs(value - exact(-1, 0.4))).toBeLessThan(method === 'cell' ? 1e-4 : 1e-9);
    },
  );

  test('is that of M = 0 where none is given', () => {
    const [given, none] = [[[0]], undefined].map((M) => effectiveHamiltonian(merton, { ...at, M, method: 'gibbs' }));
    expect(given).toEqual(none);
    expect(Math.abs(given.value - exact(-1, 0))).toBeLessThan(1e-12);
  });

  test('stands in tables, cells, paths and extended controls', { tags: ['full'] }, async () => {
    const table = await effectiveHamiltonianTable(merton, { x: [[0]], p: [[-1], [-2]], M: [[0.4]], method: 'gibbs' });
    expect(Math.abs(table.values[0] - exact(-1, 0.4))).toBeLessThan(1e-12);
    expect(Math.abs(table.values[1] - exact(-2, 0.4))).toBeLessThan(1e-12);
    const pair = solveErgodicCell(merton, { ...at, axes: [uniformAxis('y', -8, 8, 401)] });
    expect(Math.abs(pair.constant - exact(-1, 0.4))).toBeLessThan(1e-9);
    const cell = { ...at, radius: 4, delta: 0.5 };
    const solved = solveDeltaCell(merton, { ...cell, nodes: 401 }).minusDeltaOmega([0.5]);
    const paths = simulateDeltaCell(merton, { ...cell, y: [0.5], dt: 0.01, paths: 400, seed: 1 }).minusDeltaOmega;
    expect(Math.abs(paths.mean - solved)).toBeLessThan(4 * paths.standardError + 1e-3);
    const [found] = effectiveVelocities(merton, { x: [0], slopes: [[-1]], M: [[0.4]] }).velocities;
    expect(Math.abs(found.value - exact(-1, 0.4))).toBeLessThan(1e-9);
    expect(found.residual).toBeLessThan(1e-9);
    const [u] = Array.from(extendedControl(merton, [0], [-1], [[0.4]])([0.3]));
    const S = s0 / (1 + amp * Math.sin(0.3));
    expect(u).toBeCloseTo((mu - r) / (S * 1.4), 10);
  });
});

describe('the problem at frozen M', () => {
  const plane: Problem = {
    ...inSpace(1, { slow: ['u', '-u*y'] }),
    slowNoise: [
      ['u + x1', 'sin(y)'],
      ['2', 'u*y'],
    ].map((row) => row.map((text) => formula(text, ['x1', 'x2'], ['y'], ['u']))),
  };
  const entry = fc.double({ min: -2, max: 2, noNaN: true });

  test('has the running cost ℓ + tr(½ssᵀM), by formulas and by closures', () => {
    const closures: Problem = {
      ...plane,
      slowNoise: plane.slowNoise?.map((row) => row.map((s) => (x, y, u) => s(x, y, u))),
    };
    fc.assert(
      fc.property(entry, entry, entry, entry, entry, entry, (a, b, c, x, y, u) => {
        const M = [
          [a, b],
          [b, c],
        ];
        const s = [
          [u + x, Math.sin(y)],
          [2, u * y],
        ];
        const trace = [0, 1].flatMap((i) => [0, 1].map((j) => (M[i][j] * (s[i][0] * s[j][0] + s[i][1] * s[j][1])) / 2));
        const expected = trace.reduce((sum, part) => sum + part);
        for (const problem of [plane, closures]) {
          const found = atHessian(problem, M).runningCost?.([x, 0], [y], [u]) ?? 0;
          expect(Math.abs(found - expected)).toBeLessThan(1e-13 * (1 + trace.reduce((sum, t) => sum + Math.abs(t), 0)));
        }
      }),
    );
    expect(
      isQuadraticInControl(
        atHessian(plane, [
          [1, 0.5],
          [0.5, 2],
        ]),
      ),
    ).toBe(true);
  });

  test('is the problem itself without noise in x', () => {
    const still = slowFast({});
    expect(atHessian(still, [[3]])).toBe(still);
    expect(hamiltonianAt(atHessian(plane), [0, 0], [1, 0])([0.5])).toBeCloseTo(0, 15);
  });

  test.each([
    [
      [
        [1, 2],
        [0, 1],
      ],
    ],
    [[[1]]],
    [
      [
        [1, 0],
        [0, Number.NaN],
      ],
    ],
    [0.5],
  ])('refuses M = %j', (M) => {
    const ask = () => effectiveHamiltonian(plane, { x: [0, 0], p: [1, 0], M: M as number[][], method: 'gibbs' });
    expect(ask).toThrow(/M = D²v is a symmetric matrix of 2 rows/);
  });
});

describe('hjb … --M', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'hessian-')), 'merton.yaml');
  const text = `title: Merton
model:
  kind: slow-fast
  slow: { drift: { x: "${r} + u*${mu - r} - u^2/2*S" }, noise: { x: "u*sqrt(S)" } }
  fast: { potential: "y^2/2" }
  terminal: "-x"
  control: { u: [-50, 50] }
parameters: { S: ${s0} }
horizon: 1
domain: { x: [-1, 1] }
observe: { x: [-0.5, 0.5], y: [-1, 1] }
study: { epsilon: [1, 0.1], nodes: { x: [21, 41], y: 21 } }
`;
  writeFileSync(file, text);

  test('hamiltonian and cell take M and say it; without it they say M = 0', async () => {
    const { M, at: found } = await json(`hamiltonian ${file} --at x=0,p=-1 --M 0.4`);
    expect(M).toEqual([[0.4]]);
    expect(Math.abs(found[0].value - exact(-1, 0.4))).toBeLessThan(1e-12);
    const cell = await json(`cell ${file} --at x=0,p=-1 --radius 5 --delta 1e-3 --M 0.4`);
    expect(cell.at[0].lower).toBeLessThan(exact(-1, 0.4));
    expect(cell.at[0].upper).toBeGreaterThan(exact(-1, 0.4));
    expect((await hjb(`hamiltonian ${file} --at x=0,p=-1`)).stdout).toMatch(/^\s*M\s+0$/m);
    const directions = await json(`hamiltonian ${file} --directions 2 --x x=0 --M 0.4`);
    expect(directions.M).toEqual([[0.4]]);
  });

  test.each([
    ['a', /--M contains a, which is not a number/],
    ['1,2', /--M 1,2 has 2 numbers – M = D²v is a symmetric matrix of 1 row: 1 in all – write for example --M 0.5/],
  ])('%s is refused', async (M, message) => {
    const { code, stderr } = await hjb(`hamiltonian ${file} --at x=0,p=-1 --M ${M}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

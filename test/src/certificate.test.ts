/** A step program as operators, the weights found by probing, and the causes read off the program. */
import { describe, expect, test } from 'vitest';
import { localLaxFriedrichs } from '../../src/differencing/central.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import type { StepProgram } from '../../src/kernel/kernel.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { tailMass } from '../../src/measure/tail-mass.ts';
import { epsilonEquation } from '../../src/time/equation.ts';
import { methodStep } from '../../src/time/method-step.ts';
import { methodOf } from '../../src/time/schemes.ts';
import type { Finding } from '../../src/verification/certificate.ts';
import { failuresOf, shownWhere } from '../../src/verification/certificate.ts';
import { courantNumbers } from '../../src/verification/certificate-cause.ts';
import { certifyMonotone } from '../../src/verification/certificate-monotone.ts';
import { operatorsOf, sliceTo, stepOn } from '../../src/verification/certificate-operators.ts';
import { leastSlope } from '../../src/verification/certificate-probes.ts';
import { ornsteinUhlenbeck, quadratic } from '../problems.ts';
import { discretised, explicitEuler, imexEuler } from '../step.ts';

const slow = uniformAxis('x', -2.5, 2.5, 11);
const fast = uniformAxis('y', -5, 5, 9);
const problem = discretised(quadratic(), [slow], fast);
const start = Float64Array.from({ length: 11 }, (_, i) => (-2.5 + i / 2) ** 2 / 2);
const plain = plainKernel();
const dt = 0.9 * problem.slow.stableStep;

function programOf(scheme: string): StepProgram {
  const method = methodOf('epsilon', { scheme });
  const equation = epsilonEquation(problem, 0.1, start);
  return methodStep(method, equation, method.scheme.differencing.on(problem, start), { dt, rate: 1, floor: -Infinity })
    .program;
}

function certified(program: StepProgram): Promise<Finding> {
  const grid = tensorGrid([slow, fast]);
  const states = [program.buffers[program.value].slice()];
  const step = { program, kernel: plain, probing: plain, grid, dt, horizon: 1, discount: 0, states, reach: 0 };
  return certifyMonotone({ ...step, claim: 'under-cfl' });
}

function withBuffer(program: StepProgram, slot: number, change: (field: Float64Array) => void): StepProgram {
  const changed = program.buffers[slot].slice();
  change(changed);
  return { ...program, buffers: program.buffers.map((buffer, k) => (k === slot ? changed : buffer)) };
}

describe('a step program falls into operators', () => {
  test('IMEX Euler: a sweep that reaches one cell, and a linear solve along the line', () => {
    const [sweep, solve, ...rest] = operatorsOf(programOf('upwind'));
    expect(rest).toEqual([]);
    expect(sweep).toMatchObject({ reach: { slow: [1], fast: 0 }, linear: false });
    expect(solve).toMatchObject({ reach: { slow: [0], fast: 'line' }, linear: true });
  });

  test('explicit Euler is one operator that reaches one cell in x and one row in y', () => {
    const operators = operatorsOf(explicitEuler(problem, dt, 0.1, start));
    expect(operators).toMatchObject([{ reach: { slow: [1], fast: 1 }, linear: false }]);
  });

  test('ARS(2,2,2) is cut before its last solve alone: its stages need V again', () => {
    const operators = operatorsOf(programOf('weno'));
    expect(operators.map(({ program }) => program.phases.length)).toEqual([4, 1]);
    expect(operators[0].reach).toEqual({ slow: [4], fast: 'line' });
  });

  test('feet of an interpolation reach as far as the fastest control', () => {
    const fastest = Math.max(...problem.slow.candidates[0].rates[0].map(Math.abs));
    const [sweep] = operatorsOf(programOf('semi-lagrangian'));
    expect(sweep.reach.slow[0]).toBe(Math.min(10, Math.ceil(dt * fastest) + 1));
  });

  test('one after the other they make the step, on both kernels', async () => {
    for (const kernel of [plain, await wasmKernel()]) {
      for (const scheme of ['upwind', 'local-lax-friedrichs', 'semi-lagrangian', 'weno', 'filtered']) {
        const program = programOf(scheme);
        let V: Float64Array = program.buffers[program.value].map((value, k) => value + Math.sin(k));
        const whole = await stepOn(kernel, program)(V);
        for (const operator of operatorsOf(program)) V = await stepOn(kernel, operator.program)(V);
        expect(Math.max(...V.map((value, k) => Math.abs(value - whole[k])))).toBeLessThan(1e-13); // measured 2e-15
      }
    }
  });

  test('the monotone step inside a filtered one is IMEX Euler', async () => {
    const program = programOf('filtered');
    const end = program.phases.findIndex(({ kind }) => kind === 'filter');
    const filter = program.phases[end];
    if (filter.kind !== 'filter') throw new Error('no filter');
    const V = program.buffers[program.value].map((value, k) => value + Math.sin(k));
    const inner = await stepOn(plain, sliceTo(program, filter.monotone, end))(V);
    expect(inner).toEqual(await stepOn(plain, programOf('upwind'))(V));
  });
});

describe('weights by coloured probes', () => {
  test('above the bound the least weight is 1 − the largest Courant number, of the node itself', async () => {
    const program = imexEuler(problem, 3 * dt, 0.1, start, localLaxFriedrichs.on(problem, start));
    const { slope, node, neighbour } = await leastOf(program);
    const courant = courantNumbers(program);
    expect(slope).toBeCloseTo(1 - Math.max(...courant), 12);
    expect(neighbour).toBe(node);
    expect(courant[node]).toBe(Math.max(...courant));
  });

  test.each([0.9, 3, 30])(
    'at %d times the bound a foot weighs the two nodes beside it, and nothing else',
    async (length) => {
      // One control that moves and cannot rest: the sweep is linear, its rows are the weights.
      const moved = discretised(quadratic([1, 1]), [slow], fast);
      const [{ program }] = operatorsOf(imexEuler(moved, length * moved.slow.stableStep, 0.1, start));
      const sweep = stepOn(plain, program);
      const columns: Float64Array[] = [];
      for (let k = 0; k < 99; k++) columns.push(await sweep(new Float64Array(99).fill(1, k, k + 1)));
      const [rates] = moved.slow.candidates[0].rates;
      let inside = 0;
      for (let k = 0; k < 99; k++) {
        const place = k % 11;
        const foot = place + length * moved.slow.stableStep * rates[k];
        if (foot < 0 || foot > 10) continue;
        inside++;
        for (let i = 0; i < 99; i++) {
          const isNear = Math.floor(i / 11) === Math.floor(k / 11) && Math.abs((i % 11) - foot) < 1;
          expect(columns[i][k]).toBeCloseTo(isNear ? 1 - Math.abs((i % 11) - foot) : 0, 12);
        }
      }
      // Feet of 30 cells stay inside only where the drift is nearly 0.
      expect(inside).toBeGreaterThan(length < 10 ? 30 : 0);
    },
  );

  test('beyond the bound no weight of a minimum over feet is negative, and rest gives the least one, 0', async () => {
    for (const length of [3, 30]) {
      const { slope } = await leastOf(imexEuler(problem, length * dt, 0.1, start));
      expect(slope).toBe(0);
    }
  });

  function leastOf(program: StepProgram) {
    const [{ program: part, reach }] = operatorsOf(program);
    const probed = { map: stepOn(plain, part), reach, slow: program.slow, rows: 9, leftOut: () => false };
    return leastSlope(probed, new Float64Array(99), 1);
  }
});

describe('causes are read off the program', () => {
  test('a viscosity of the wrong sign at one node: the node, a neighbour in x, and the viscosity', async () => {
    const program = imexEuler(problem, dt, 0.1, start, localLaxFriedrichs.on(problem, start));
    const node = 6 * 11 + 3;
    const sweep = program.phases[0];
    if (sweep.kind !== 'sweep' || sweep.differencing.viscosity === undefined) throw new Error('no viscosity');
    const broken = withBuffer(program, sweep.differencing.viscosity[0], (field) => {
      field[node] *= -1;
    });
    expect(await certified(program)).toMatchObject({ status: 'holds' });
    const found = await certified(broken);
    expect(found).toMatchObject({ status: 'fails', where: { node: [-1, 2.5] } });
    if (found.status !== 'fails') return;
    expect(Math.abs((found.where?.neighbour?.[0] ?? 0) + 1)).toBeCloseTo(0.5, 12);
    expect(found.cause).toMatch(/^wrong sign or size of the viscosity/);
  });

  test('a negative jump rate in y', async () => {
    const program = programOf('upwind');
    const solve = program.phases[1];
    if (solve.kind !== 'solve') throw new Error('no solve');
    const found = await certified(
      withBuffer(program, solve.up, (field) => {
        field[4 * 11 + 5] = -1;
      }),
    );
    expect(found).toMatchObject({ status: 'fails', cause: 'a jump rate in y on this line is negative' });
  });

  test('a value that is not finite', async () => {
    const program = programOf('upwind');
    const [sweep] = program.phases;
    if (sweep.kind !== 'sweep') throw new Error('no sweep');
    const found = await certified(
      withBuffer(program, sweep.minimum.candidates[0].rates[0], (field) => {
        field[3] = Number.NaN;
      }),
    );
    expect(found).toMatchObject({ status: 'fails', cause: 'the step has no finite value there' });
  });
});

test('a failure reads fact, place, cause, remedy', () => {
  const good: Finding = { status: 'holds', measured: {}, note: '' };
  const failing: Finding = {
    status: 'fails',
    measured: {},
    where: { node: [1, 2] },
    cause: 'CFL',
    remedy: 'more steps',
  };
  const of = {
    equation: 'epsilon',
    scheme: '',
    time: '',
    epsilon: 1,
    nodes: { x: [], y: [] },
    steps: 1,
    dt: 1,
  } as const;
  const certificate = { of: { ...of, backend: 'js' }, monotone: failing, stable: good, consistent: good, domain: good };
  const failure = 'not certified monotone (V ≤ W stays so in a step) at (x, y) = (1, 2) – CFL – more steps';
  expect(failuresOf([certificate])).toEqual([`of Vᵉ, ε = 1: ${failure}`]);
  const both = [certificate, { ...certificate, of: { ...certificate.of, epsilon: null } }];
  expect(failuresOf(both)).toEqual([`of Vᵉ, ε = 1, and of v: ${failure}`]);
  expect(shownWhere({ node: [0.5], neighbour: [0.25] })).toBe('x = 0.5, neighbour 0.25');
});

test('the mass of N(0, 1) outside [−2, 2] is erfc(√2)', () => {
  expect(tailMass(ornsteinUhlenbeck(), [0], { lower: -2, upper: 2 })).toBeCloseTo(0.0455002638963584, 10);
});

/** Open loops u(t): on tables where φ is affine in u, from compiled formulas elsewhere. */
import { describe, expect, test } from 'vitest';
import type { PathControl } from '../../solvers/ensembles/path-control.ts';
import { costOf, meanCost, timeStepError } from '../../solvers/ensembles/path-costs.ts';
import type { TwoScaleOptions } from '../../solvers/ensembles/path-options.ts';
import { pathsPlan } from '../../solvers/ensembles/path-plan.ts';
import { simulateSystem, simulateTwoScale } from '../../solvers/trajectories.ts';
import { formula, parseExpression } from '../../src/formula/expression.ts';
import { type ControlledField, dimensionsOf, type Problem } from '../../src/model/problem.ts';
import type { PathSystem } from '../../src/paths/path-system.ts';
import { multiwell, quadratic, rotational, slowFast } from '../problems.ts';

const box = { slow: { lower: -3.2, upper: 3.2 }, fast: { lower: -6.5, upper: 6.5 } };
const start = { ...box, epsilon: 0.1, x: [1], y: [0], paths: 1001, seed: 7 };
const openLoop = (u: (t: number) => number): PathControl => ({ kind: 'open-loop', at: (t) => [u(t)] });
const swinging = openLoop((t) => (1 + Math.sin(20 * t)) / 2);

/** What errors of 1e-6 of the largest drift become along paths up to T = 1/4: measured 7e-6. */
const TABLES = 3e-5;

function farthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
}

describe('an open loop on tables', () => {
  test.each(['step', 'halves'] as const)('has the paths of the formulas, noise of %s', async (noiseOf) => {
    const options = { ...start, control: swinging, records: 3, noiseOf };
    const tables = await simulateTwoScale(multiwell(), options);
    const formulas = await simulateTwoScale(multiwell(), { ...options, drift: 'formulas' });
    expect([tables.backend, tables.steps]).toEqual(['wasm', formulas.steps]);
    expect(tables.tableError.fastDrift).toBeGreaterThan(formulas.tableError.fastDrift);
    expect(farthest(tables.states[3], formulas.states[3])).toBeLessThan(TABLES);
  });

  test('gives the same bytes for every number of threads', async () => {
    const options = { ...start, control: swinging };
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map((threads) => simulateTwoScale(multiwell(), options, { threads })),
    );
    expect(two.states).toEqual(one.states);
    expect(three.states).toEqual(one.states);
  });

  test('held at an end of U or in the middle it is the constant control', async () => {
    for (const u of [0, 0.3, 1]) {
      const open = await simulateTwoScale(multiwell(), { ...start, control: openLoop(() => u) });
      const held = await simulateTwoScale(multiwell(), { ...start, control: { kind: 'constant', u: [u] } });
      expect(farthest(open.states[1], held.states[1])).toBeLessThan(1e-13); // measured 9e-16
    }
  });

  test('costs what the moment equations of a linear drift say', async () => {
    const problem = quadratic();
    const control = openLoop((t) => 1 - t);
    const exact = await meanSquare(problem, (t) => 1 - t, start.epsilon);
    const ensemble = await simulateTwoScale(problem, { ...start, control, paths: 40_000 });
    const { mean, standardError } = meanCost(problem, ensemble);
    // The bias of Heun at dt = T/200 is no more than the 7e-6 that `timeStepError` finds.
    expect(Math.abs(mean - exact / 2)).toBeLessThan(3 * standardError + 2e-5);
  });

  test('what chance leaves of the error of its time step falls with order 1', async () => {
    const problem = quadratic();
    const chance = async (steps: number) => {
      const options = { ...start, control: openLoop((t) => 1 - t), paths: 2000, steps };
      const ensemble = await simulateTwoScale(problem, options);
      return (await timeStepError(problem, options, { ensemble, g: costOf(problem) }))?.standardError ?? 0;
    };
    const observed = Math.log((await chance(100)) / (await chance(400))) / Math.log(4);
    expect(Math.abs(observed - 1)).toBeLessThan(0.1); // measured 1.02
  });

  test('is refused on a graphics card', async () => {
    const card = { mode: 'webgl2', name: 'gpu:webgl2', software: false, largest: 1, release: () => {} } as const;
    const ensemble = simulateTwoScale(
      multiwell(),
      { ...start, control: swinging },
      { card: { ...card, gpu: null as never } },
    );
    await expect(ensemble).rejects.toThrow(/takes steps on tables under a constant control or an argmin only/);
  });

  test('grows with the paths that leave the box', async () => {
    const options = {
      ...start,
      control: swinging,
      slow: { lower: 0.9, upper: 1.1 },
      fast: { lower: -0.5, upper: 0.5 },
    };
    const small = await simulateTwoScale(multiwell(), options);
    const formulas = await simulateTwoScale(multiwell(), { ...options, drift: 'formulas' });
    expect(small.outside).toBeGreaterThan(0.1);
    expect(small.tableError.fastDrift).toBeGreaterThan(0);
    expect(farthest(small.states[1], formulas.states[1])).toBeLessThan(TABLES);
  });
});

describe('steps are on tables where φ is affine in u between two controls, and of formulas elsewhere', () => {
  const among = (...values: number[]): Problem['controls'] => {
    return { kind: 'values', names: ['u'], values: values.map((value) => [value]) };
  };
  const unknown: ControlledField = (_x, _y, u) => u[0];
  const square = slowFast({ slow: ['u^2'] });
  const switched = openLoop((t) => (t < 0.5 ? 1 : 0));
  test.each([
    ['a box', slowFast({}), openLoop((t) => t), true],
    ['a box of one point', quadratic([1, 1]), openLoop(() => 1), true],
    ['two values', slowFast({ controls: among(0, 1) }), switched, true],
    ['three values', slowFast({ controls: among(0, 0.5, 1) }), switched, false],
    ['φ = u²', square, openLoop((t) => t), false],
    ['a closure of which nothing is known', { ...square, slowDrift: [unknown] }, openLoop((t) => t), false],
    ['a running cost', slowFast({ runningCost: (x) => x[0] }), openLoop((t) => t), false],
    ['the plane', rotational(), openLoop((t) => t), false],
  ])('%s', async (_name, problem, control, onTables) => {
    const axes = dimensionsOf(problem).n === 1 ? box : { slow: [box.slow, box.slow], fast: [box.fast, box.fast] };
    expect(await isOnTables(problem, { ...start, ...axes, control })).toBe(onTables);
  });

  test('and X_T is x + ∫u² dt where φ = u²', async () => {
    const options = { ...start, control: openLoop((t) => t), paths: 3, steps: 200 };
    const { states } = await simulateTwoScale(square, options);
    // The trapezoidal rule adds dt²/6.
    expect(states[1][0]).toBeCloseTo(1 + 1 / 3 + 1 / 200 ** 2 / 6, 10);
  });
});

async function isOnTables(problem: Problem, options: TwoScaleOptions): Promise<boolean> {
  const made = (await pathsPlan(problem, options)).make({ dt: 0.01, steps: 100, drawn: 0.01 });
  return 'kind' in made && made.kind === 'open-loop';
}

/** E X_T² of the quadratic problem: dX = −2u(X − Y) dt, dY = (2X − 3Y)/ε dt + √(2/ε) dW, from (1,0). */
async function meanSquare(problem: Problem, u: (t: number) => number, epsilon: number): Promise<number> {
  const moments: PathSystem = {
    title: 'E(X, Y), E(X², XY, Y²)',
    dimension: 5,
    noise: [0, 0, 0, 0, 0],
    drift(out, t, [x, y, xx, xy, yy]) {
      const slow = (a: number, b: number) => -2 * u(t) * (a - b);
      const fast = (a: number, b: number) => (2 * a - 3 * b) / epsilon;
      out[0] = slow(x, y);
      out[1] = fast(x, y);
      out[2] = 2 * slow(xx, xy);
      out[3] = slow(xy, yy) + fast(xx, xy);
      out[4] = 2 * fast(xy, yy) + 2 / epsilon;
    },
  };
  const { states } = await simulateSystem(moments, {
    initial: [1, 0, 1, 0, 0],
    horizon: problem.horizon,
    steps: 20_000,
  });
  return states[1][2];
}

/** The same control with its formula. */
function written(text: string) {
  const compiled = formula(text, ['t']);
  const { tree } = parseExpression(text, { names: ['t'] });
  return { kind: 'open-loop', at: Object.assign((t: number) => [compiled([t])], { trees: [tree] }) } as const;
}

describe('jumps of u(t) are found from its formula', () => {
  const drifting = slowFast({ slow: ['10*u'], controls: { kind: 'box', names: ['u'], lower: [0], upper: [1] } });
  const start = {
    epsilon: 0.1,
    x: [0],
    y: [0],
    paths: 8,
    seed: 1,
    slow: { lower: -2, upper: 12 },
    fast: { lower: -6, upper: 6 },
  };

  test.each([
    // Pulses of width 0.002, 0.04 and two of 0.01 and 0.003; a step up; a ramp that kinks.
    ['(1+sign(0.001-abs(t-0.3329)))/2', 0.02],
    ['(1+sign(0.02-abs(t-0.61803)))/2', 0.4],
    ['(1+sign(0.005-abs(t-0.1234)))/2 + (1+sign(0.0015-abs(t-0.777)))/2', 0.13],
    ['(1+sign(t-0.71828))/2', 10 * (1 - 0.71828)],
    ['max(0, t - 0.3333)', 5 * (1 - 0.3333) ** 2],
  ])('%s', async (text, mean) => {
    const ensemble = await simulateTwoScale(drifting, { ...start, control: written(text) });
    const [found] = ensemble.states[ensemble.states.length - 1];
    // φ is affine in u, so that the trapezoid rule over steps is ∫u dt.
    expect(Math.abs(found - mean)).toBeLessThan(2e-6 * (1 + mean));
  });
});

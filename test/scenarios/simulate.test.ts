/** hjb simulate: controls written as formulas, exact costs beside those of paths, doubts. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFaster, pathRate } from '../../scenarios/cli/commands/simulate-faster.ts';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { inLanes } from '../lanes.ts';
import { hjb, json } from '../run-hjb.ts';

describe('a control that is written down', () => {
  // The cost is that of the linear-Gaussian problem, also where U has other controls.
  const held = ['quadratic --epsilon 0.1 --control u=0.5 --at x=1,y=0', 'isotropic-2d --epsilon 0.1 --control u=1'];
  inLanes(held, (line) => line.startsWith('quadratic'))('held: the cost is the exact one, %s', async (line) => {
    const found = await json(`simulate ${line} --paths 4000`);
    expect(found.valueError).toBe(0);
    expect(Math.abs(found.meanCost - found.value)).toBeLessThan(3 * found.standardError);
  });

  test('a formula of t: dX = u(t)∇F(X) dt and the paths tend to it', async () => {
    const found = await json('simulate quadratic --epsilon 0.01 --control u=1-t --paths 1000 --at x=1,y=0');
    // ∇F = −2x/3, ∫u dt = 1/2.
    expect(found.limit).toBeCloseTo(Math.exp(-1 / 3), 4);
    // E|X_T−X̂_T|² ≤ .4909 ε, the size at u = 1.
    expect(found.meanSquareError).toBeLessThan(0.0049);
  });

  test('a formula of t is an open loop, on tables; one of x as well is a feedback from formulas', {
    tags: ['full'],
  }, async () => {
    const [open, feedback] = [
      await json('simulate multiwell --epsilon 0.1 --control u=1-4*t --paths 500'),
      await json('simulate multiwell --epsilon 0.1 --control u=1-4*t+0*x --paths 500 --steps 200'),
    ];
    // dt ≤ T/200 and 0.2 ε/κ with κ = 7.2; 360 steps are the default of the feedback.
    expect(open.steps).toBe(200);
    expect(open.bias.tableError.fastDrift).toBeGreaterThan(0);
    expect(feedback.bias.tableError).toEqual({ slowDrift: 0, fastDrift: 0 });
    // Paths are 7e-6 apart.
    expect(Math.abs(open.meanCost - feedback.meanCost)).toBeLessThan(3e-5);
  });

  test('a formula of (t,x,y) that is the argmin of a value costs what the feedback does', {
    tags: ['full'],
  }, async () => {
    // V rises with |x|: u = 1 where y is on the side of 0, seen from x > 0.
    const formula = 'u=(1+sign(x-y))/2';
    const paths = '--epsilon 0.1 --paths 20000 --nodes x=201,y=101 --at x=1,y=0';
    const [written, argmin] = [
      await json(`simulate quadratic --control ${formula} ${paths}`),
      await json(`simulate quadratic ${paths}`),
    ];
    const errors = 3 * Math.hypot(written.standardError, argmin.standardError) + 2e-4;
    expect(Math.abs(written.meanCost - argmin.meanCost)).toBeLessThan(errors);
  });

  test.each([
    ['u=2*t', /^--control – the control 1\.031 at t = 0\.516 is not admissible – U is u ∈ \[0, 1\] – cut it off/],
    ['u=2*t+0*x', /^--control – the control 1\.5 at \(t,x,y\) = .* is not admissible – U is .* – cut it off/],
    ['u=1-z', /--control – the name "z" is unknown/],
    ['u=1,u=2', /does not give every control once/],
    ['u', /does not give every control once/],
  ])('%s is refused', async (control, message) => {
    const { code, stdout, stderr } = await hjb(`simulate quadratic --epsilon 0.1 --control ${control}`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('what is doubtful is said', () => {
  test('a step that is too long for ε', { tags: ['full'] }, async () => {
    const found = await json('simulate multiwell --epsilon 0.1 --control u=1 --paths 20000 --steps 14');
    expect(found.bias.timeStep).not.toBe(0);
    expect(found.warnings.join()).toMatch(/the time step may be worth .* more than chance – take more steps/);
    const resolved = await json('simulate multiwell --epsilon 0.1 --control u=1 --paths 20000');
    expect(resolved.warnings).toEqual([]);
    // Steps twice as long are unstable: the bias is no less than what the mean is off by, 0.007.
    expect(found.bias.timeStep).toBeGreaterThan(Math.abs(found.meanCost - resolved.meanCost));
  });

  test('one path has no standard error', async () => {
    const found = await json('simulate quadratic-uncontrolled --epsilon 0.1 --paths 1');
    expect([found.standardError, found.band]).toEqual([null, [null, null]]);
  });
});

test('three fast variables: the mean cost is exact, the limit that of the averaged drift', {
  tags: ['full'],
}, async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'simulate-')), 'space.yaml');
  const potential = 'y1^2 + 3*y2^2/2 + y3^2/2 + y1*y2/2 - x*(y1 + y2 + y3)';
  writeFileSync(
    file,
    `model: { kind: slow-fast, slow: { x: -u*(x - y1 + y2/4) }, fast: { potential: ${potential} }, ` +
      'control: { u: [0, 1] }, terminal: x^2/2 }\nhorizon: 0.5\ndomain: { x: [-1.5, 1.5], y: [-5, 5] }\n' +
      'observe: { x: [-1, 1], y: [-1, 1] }\nstudy: { epsilon: [0.1], nodes: { x: 11, y: 31 } }\n',
  );
  const found = await json(`simulate ${file} --epsilon 0.1 --control u=1 --paths 3000`);
  expect(found.valueSource).toBe('exact');
  expect(Math.abs(found.meanCost - found.value)).toBeLessThan(3 * found.standardError);
  // The mean of (y1, y2) is x (5, 3)/11.5 for the matrix [[2, 1/2], [1/2, 3]], from the start x = 1.
  expect(found.limit).toBeCloseTo(Math.exp(-0.5 * (1 - 4.25 / 11.5)), 3);
});

describe('--backend fastest', () => {
  test('runs on the faster of both, and says what it has measured', { tags: ['full'] }, async () => {
    const line = 'simulate quadratic-uncontrolled --epsilon 0.1 --paths 2000 --seed 3';
    const [usual, fastest] = [await json(line), await json(`${line} --backend fastest`)];
    const { processor, card } = fastest.rates;
    expect(fastest.backend.startsWith('gpu')).toBe(isFaster(fastest.rates));
    if (!isFaster(fastest.rates)) expect(fastest.meanCost).toBe(usual.meanCost);
    expect(processor === null).toBe(card === null);
    expect((await hjb(`${line} --backend fastest`)).stdout).toMatch(/fastest +(the processor|the card)/);
  });

  test('takes the card only where it is the faster one', () => {
    expect(isFaster({ processor: 92, card: 3 })).toBe(false);
    expect(isFaster({ processor: 92, card: 900 })).toBe(true);
    expect(isFaster({ processor: null, card: null })).toBe(false);
  });

  test('a rate is that of the second run, of a piece that takes long enough', async () => {
    const { problem } = readScenario('quadratic-uncontrolled');
    const side = { lower: -2.5, upper: 2.5 };
    const control = { kind: 'constant', u: [1] } as const;
    const options = { epsilon: 0.1, x: [1], y: [0], control, paths: 100, seed: 1, slow: side, fast: side };
    // Start and end of a run: 9 s to compile, then 0.1 s, too short; twice the steps in 10 s, then in 0.25 s.
    const ticks = [0, 9, 9, 9.1, 10, 20, 20, 20.25];
    expect(await pathRate(problem, options, { clock: () => ticks.shift() as number })).toBeCloseTo(
      (100 * 400) / 0.25e6,
      9,
    );
    expect(ticks).toEqual([]);
  });
});

describe('what paths cannot tell', () => {
  const written = (text: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'hjb-paths-')), 'case.yaml');
    writeFileSync(file, text);
    return file;
  };
  const scenario = (phi: string, potential: string, parameters = '') =>
    written(`title: case
${parameters}
model: {kind: slow-fast, slow: {x: ${phi}}, fast: {potential: ${potential}}, control: {u: [-1, 1]}, terminal: x}
horizon: 1
domain: {x: [-2, 2]}
`);

  test('one path has no standard error, and its step no error', async () => {
    const { stdout } = await hjb('simulate quadratic --epsilon 0.1 --paths 1 --at x=1,y=0 --nodes x=41,y=21');
    expect(stdout).toMatch(/of one path: no mean, and no standard error/);
    expect(stdout).toMatch(/time step +not known from one path/);
  });

  test('a parameter called t, which is time in a control, is refused where it stands', async () => {
    const file = scenario('u*y*t', 'y^2/2', 'parameters: {t: 3}');
    const { code, stderr } = await hjb(`check ${file}`);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/yaml:\d+ – "t" cannot be.*t is time/)]);
  });

  test('a drift that jumps is taken from its formula, and no table has an error of the jump', {
    tags: ['full'],
  }, async () => {
    const file = scenario('u*sign(y-0.3)', 'y^2/2');
    const found = await json(`simulate ${file} --epsilon 0.1 --paths 100 --at x=0,y=0 --control u=1`);
    expect(found.bias.tableError).toEqual({ slowDrift: 0, fastDrift: 0 });
  });

  test('steps follow the steepness of b where paths come, not in tails that none reaches', {
    tags: ['full'],
  }, async () => {
    const file = scenario('u', '2000*(y-0.5)^6');
    const { steps } = await json(`simulate ${file} --epsilon 0.5 --paths 2 --at x=0,y=0.5 --control u=1`);
    // b' = 60000 (y−.5)⁴ is 3231 where Φ = 25: 32 000 steps of .2 ε/b'; the ends of the box ask for a million.
    expect(steps).toBeGreaterThan(30_000);
    expect(steps).toBeLessThan(50_000);
  });
});

describe('scenarios with noise in x', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hjb-simulate-noise-'));
  const written = (name: string, slow: string, fast: string, y = '[-5, 5]') => {
    const path = join(folder, `${name}.yaml`);
    const model = `{ kind: slow-fast, slow: ${slow}, fast: ${fast}, terminal: "x^2+y^2", discount: 0.1 }`;
    const boxes = `domain: { x: [-4, 4], y: ${y} }\nobserve: { x: [-1, 1], y: [0.1, 1] }`;
    writeFileSync(path, `model: ${model}\nhorizon: 1\n${boxes}\n`);
    return path;
  };
  const simulated = (path: string) => json(`simulate ${path} --epsilon 0.1 --paths 300 --at x=1,y=0.5`);

  test('that does not see y are compared with the limit along the same W', async () => {
    const path = written('apart', '{ drift: { x: "y-x" }, noise: { x: "0.3" } }', '{ drift: { y: "-y" } }');
    const found = await simulated(path);
    expect([found.limitComparison, found.method, found.backend]).toEqual(['same noise', 'heun', 'wasm']);
    expect(found.meanSquareError).toBeLessThan(0.2);
  });

  test('that sees y by their means', { tags: ['full'] }, async () => {
    const path = written('together', '{ drift: { x: "-x" }, noise: { x: "1+y/2" } }', '{ drift: { y: "-y" } }');
    const found = await simulated(path);
    expect([found.limitComparison, found.method]).toEqual(['means', 'platen']);
    expect(Math.abs(found.meanDifference)).toBeLessThan(3 * found.meanDifferenceStandardError);
    const directory = join(folder, 'page');
    const { code } = await hjb(`simulate ${path} --epsilon 0.1 --paths 100 --out ${directory}`);
    expect(code).toBe(0);
  });

  test('r that vanishes at an end is said', { tags: ['full'] }, async () => {
    const fast = '{ drift: { y: "0.2-y" }, noise: { y: "0.5*sqrt(y)" } }';
    const path = written('root', '{ drift: { x: "-x" } }', fast, '[0.001, 2]');
    const { stdout, code } = await hjb(`simulate ${path} --epsilon 0.1 --paths 100 --at x=1,y=0.5`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ends +r = 0 at y = 0: .*full truncation/);
  });
});

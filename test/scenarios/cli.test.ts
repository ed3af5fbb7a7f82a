import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../scenarios/cli/commands/commands.ts';
import { loaded, purposes } from '../../scenarios/cli/flags/command.ts';
import { firstScenarios } from '../../scenarios/read/first-scenario.ts';
import { inLanes } from '../lanes.ts';
import { reference } from '../problems.ts';
import { hjb, json } from '../run-hjb.ts';

/** An empty folder to run in: whatever appears in it was written by the program. */
const folder = mkdtempSync(join(tmpdir(), 'hjb-cli-'));
const home = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

describe('the JSON documents have the keys of the specification and the values of the reference', () => {
  test('solve: Vᵉ of the uncontrolled quadratic, with the exact value beside it', async () => {
    const line = 'solve quadratic-uncontrolled --epsilon 0.1 --nodes x=201,y=81 --at x=1,y=0 --at x=0.5,y=-0.7';
    const found = await json(line);
    expect(Object.keys(found).sort()).toEqual(
      (
        'command scenario epsilon scheme fast time backend threads nodes steps repeats seconds nsPerNodeStep bytes fastSolve frame controlsError feet ' +
        'filter undershoot outcome sharp enclosed at warnings'
      )
        .split(' ')
        .sort(),
    );
    expect(found).toMatchObject({
      command: 'solve',
      scenario: 'quadratic-uncontrolled',
      epsilon: 0.1,
      scheme: 'upwind',
    });
    expect(found).toMatchObject({ time: 'imex', backend: 'wasm', threads: 1, nodes: { x: [201], y: [81] } });
    expect(found.outcome).toEqual({ status: 'converged' });
    const { value } = reference.quadratic_uncontrolled;
    for (const { x, y, value: computed, filtered, exact, error, filteredError } of found.at) {
      const row = value.find((each: typeof found) => each.epsilon === 0.1 && each.x === x && each.y === y);
      expect(exact).toBeCloseTo(row.V, 10);
      expect(error).toBeCloseTo(Math.abs(computed - exact), 14);
      // First order in x: measured 1.0e-2 at dx = 0.04.
      expect(error).toBeLessThan(0.012);
      expect(filteredError).toBeCloseTo(Math.abs(filtered - exact), 14);
      // Measured 2.3e-4, of dy = 0.15.
      expect(filteredError).toBeLessThan(1e-3);
    }
  });

  test('effective: v of the controlled quadratic, and --steps as given', async () => {
    const found = await json('effective quadratic --nodes x=201 --at x=1 --at x=1.5');
    const keys =
      'command scenario scheme fast time backend threads nodes steps repeats seconds bytes frame controlsError feet ' +
      'filter undershoot outcome sharp enclosed at warnings';
    expect(Object.keys(found).sort()).toEqual(keys.split(' ').sort());
    const rows = reference.quadratic.effective_value;
    for (const { x, value, exact } of found.at) {
      const { v } = rows.find((row: { x: number }) => row.x === x);
      expect(exact).toBeCloseTo(v, 8);
      // First order in x: measured 4.13e-3 at dx = 0.025, half of it at dx = 0.0125.
      expect(Math.abs(value - v)).toBeLessThan(5e-3);
    }
    expect((await json('effective quadratic --nodes x=51,y=51 --steps 77 --at x=1')).steps).toBe(77);
  });

  test('solve at ε = 1e-14 and effective agree on the same grid with the same steps', async () => {
    const grid = '--nodes x=51,y=51 --steps 200 --at';
    const [value] = (await json(`solve quadratic --epsilon 1e-14 ${grid} x=1,y=0.5`)).at;
    const [limit] = (await json(`effective quadratic ${grid} x=1`)).at;
    expect(Math.abs(value.value - limit.value)).toBeLessThan(1e-10);
  });

  test.each(['gibbs', 'stationary', 'ergodic', 'cell'])('hamiltonian --method %s', async (method) => {
    const found = await json(`hamiltonian quadratic --method ${method} --at x=1,p=1 --at x=0.5,p=-1`);
    expect(Object.keys(found)).toEqual(['command', 'scenario', 'method', 'seconds', 'at', 'warnings']);
    for (const { x, p, value, lower, upper } of found.at) {
      const row = reference.quadratic.hamiltonian.find((each: typeof found) => each.x === x && each.p === p);
      // A kink's quadrature leaves 1e-7.
      expect(Math.abs(value - row.H)).toBeLessThan(1e-6);
      expect(lower === null).toBe(method === 'gibbs');
      if (lower !== null) expect(lower <= value && value <= upper).toBe(true);
    }
  });

  test('cell: −δω(0) of y² under Ornstein–Uhlenbeck noise, and the trap as a warning', async () => {
    const [, , row] = reference.delta_cell.rows;
    const line = `cell separated --at x=0 --radius ${row.radius} --delta ${row.delta} --integrand y^2`;
    const found = await json(line);
    expect(Object.keys(found)).toEqual(
      'command scenario radius delta nodes integrand seconds enclosed at warnings'.split(' '),
    );
    // Second order: measured 7e-6 at h = 0.02.
    expect(Math.abs(found.at[0].minusDeltaOmega - row.minus_delta_w0)).toBeLessThan(2e-5);
    expect(found.at[0].exitWeight).toBeGreaterThan(0.3);
    expect(found.warnings[0]).toContain('is not H̄');
    expect((await hjb(line)).stderr).toContain('warning: with δ');
    const [point] = (await json('cell quadratic --at x=1,p=1,y=0.5 --radius 5 --delta 1e-3')).at;
    expect(Object.keys(point)).toEqual(
      'x p y minusDeltaOmega gridError controls exitWeight exitWeightError lower upper'.split(' '),
    );
  });

  test('--budget: the parts of V − Vᵉ and V − v add up to the exact errors, and the advice names the largest', {
    tags: ['full'],
  }, async () => {
    const grid = '--nodes x=201,y=81 --at x=1,y=0 --at x=0.5,y=-0.7';
    const { budget, at } = await json(`solve quadratic-uncontrolled --epsilon 0.01 ${grid} --budget`);
    const named = budget.parts.map(({ parameter }: { parameter: string }) => parameter);
    expect(named).toEqual(['dx', 'dy', 'dt', 'inverseX', 'inverseY', 'epsilon', 'controls']);
    for (const { estimated, exact } of [budget.discretisation, budget.total]) {
      estimated.forEach((sum: number, k: number) => {
        expect(Math.abs(sum / exact[k] - 1)).toBeLessThan(0.05); // measured 1.0 % at most
      });
    }
    expect(at.map(({ estimatedError }: { estimatedError: number }) => estimatedError)).toEqual(
      budget.discretisation.estimated,
    );
    expect(budget.advice[0]).toMatch(/largest (known )?part of V − Vᵉ is that of dx: refine dx next.*4\.0 times/);
    const limit = await json('effective quadratic --nodes x=201 --at x=1 --budget');
    expect(limit.budget.total).toBeNull();
    // The steps of the averaged operator are long: dx and dt cancel in part, and the sign of dt is not known. Sums that
    // leave out such parts are right to a fifth: measured 10.4 %.
    expect(limit.budget.advice.join()).toContain('The part of dt is unknown, at most a fifth of the sums');
    expect(Math.abs(limit.budget.discretisation.estimated[0] / limit.budget.discretisation.exact[0] - 1)).toBeLessThan(
      0.2,
    );
    const ball = await json('cell quadratic --at x=1,p=1 --radius 5 --delta 1e-3 --budget');
    const { parts, discretisation, advice } = ball.budget;
    expect(parts.map(({ parameter }: { parameter: string }) => parameter)).toEqual([
      'h',
      'delta',
      'inverseRadius',
      'controls',
    ]);
    expect(discretisation.estimated[0] / discretisation.exact[0]).toBeCloseTo(1, 1); // measured 1.000
    expect(advice[0]).toContain('refine δ next');
    const { H } = reference.quadratic.hamiltonian.find(({ x, p }: { x: number; p: number }) => x === 1 && p === 1);
    expect(ball.at[0].lower).toBeLessThan(H);
    expect(ball.at[0].upper).toBeGreaterThan(H);
    expect(ball.enclosed).toBe('H̄');
    const text = (await hjb(`solve quadratic --epsilon 0.01 --nodes x=41,y=41 --at x=1,y=0 --budget`)).stdout;
    expect(text).toMatch(/error of\s+order\s+x = 1, y = 0\s+halving costs\n\s+dx\s+1\s/);
  });

  test('--budget needs two cells per axis of half the nodes', async () => {
    const few = await hjb('solve quadratic --epsilon 0.1 --nodes x=41,y=3 --at x=1,y=0 --budget');
    expect(few.code).toBe(2);
    expect(few.stderr).toMatch(/--budget – .*y has 3 nodes.*--nodes y=5/);
    const cell = await hjb('cell quadratic --at x=1,p=1 --radius 5 --delta 1e-3 --nodes 7 --budget');
    expect([cell.code, cell.stderr]).toEqual([2, expect.stringContaining('at least --nodes 9')]);
  });

  test('solve and effective enclose the exact discrete value where the scheme is monotone, and say so', {
    tags: ['full'],
  }, async () => {
    for (const line of [
      'solve quadratic --epsilon 0.1 --nodes x=41,y=41 --at x=1,y=0',
      'effective quadratic --at x=1',
    ]) {
      const { enclosed, at } = await json(line);
      expect(enclosed).toBe('discrete value');
      expect(at[0].lower).toBeLessThan(at[0].value);
      expect(at[0].upper - at[0].lower).toBeLessThan(1e-9); // measured 2e-10 at most
      expect((await hjb(line)).stdout).toContain('the exact discrete values lie within');
    }
    const filtered = await json('solve quadratic --epsilon 0.1 --nodes x=41,y=41 --at x=1,y=0 --scheme filtered');
    expect(filtered).toMatchObject({ enclosed: null, at: [{ lower: null, upper: null }] });
  });

  test('measure: local entropy, its gradient and the Gaussian moments of the quadratic', async () => {
    const found = await json('measure quadratic --at x=1 --at x=1.5');
    for (const { x, F, gradF, mean, covariance, normalizer } of found.at) {
      const row = reference.quadratic.local_entropy.find((each: { x: number }) => each.x === x);
      expect(F).toBeCloseTo(row.F, 10);
      expect(gradF).toBeCloseTo(row.dF, 10);
      expect(mean).toBeCloseTo((2 * x) / 3, 10);
      expect(covariance).toBeCloseTo(1 / 3, 10);
      expect(normalizer).toBeCloseTo(Math.exp(row.F), 10);
    }
  });

  test('check: the constants of the assumptions; list: the library', async () => {
    const { assumptions, warnings } = await json('check multiwell');
    expect(warnings).toEqual([]);
    expect(assumptions[0]).toMatchObject({ name: '(A)', verdict: 'holds', constants: { γ: { lower: 4, upper: 4 } } });
    expect(assumptions[0].constants['Lip ∇f'].lower).toBeCloseTo(3.2, 2);
    expect(assumptions[0].constants['Lip ∇f'].upper).toBeGreaterThanOrEqual(3.2);
    const { scenarios } = await json('list');
    expect(scenarios.map(({ name }: { name: string }) => name)).toContain('quadratic');
  });
});

describe('check --certificate', () => {
  test('certifies the steps of both equations, as JSON and as text', async () => {
    const { certificates, warnings } = await json('check quadratic --certificate --nodes x=41,y=31 --scheme filtered');
    expect(warnings).toEqual([]);
    expect(certificates).toHaveLength(2);
    for (const found of certificates) {
      expect(Object.keys(found)).toEqual('of monotone stable consistent domain'.split(' '));
      expect(Object.keys(found.monotone)).toEqual('status measured note'.split(' '));
      expect(found.of).toMatchObject({ scheme: 'filtered', time: 'ars222', nodes: { x: [41], y: [31] } });
    }
    expect(certificates.map((found: { of: { epsilon: number | null } }) => found.of.epsilon)).toEqual([0.1, null]);
    const { stdout } = await hjb('check quadratic --certificate --nodes x=41,y=31 --time explicit');
    expect(stdout).toMatch(/Certificate of Vᵉ, ε = 0.1: upwind, explicit Euler, 41 × 31 nodes/);
    expect(stdout.match(/holds {2}(monotone|stable|consistent|domain)/g)).toHaveLength(4);
  });

  test('a step above the CFL bound ends with code 1, the node, the cause and the remedy', async () => {
    const { code, stdout, stderr } = await hjb(
      'check quadratic --certificate --nodes x=41,y=31 --steps 20 --scheme local-lax-friedrichs',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/fails {2}monotone/);
    expect(stderr).toMatch(/not certified monotone .* at \(x, y\) = .* – CFL: .* – take at least \d+ steps/);
  });
});

const small = `title: Small
model: {kind: deep-relaxation, loss: x^2/2, gamma: GAMMA, control: [0, 1]}
horizon: 0.25
domain: {x: [-2, 2]}
study: {epsilon: [0.1, 0.01], nodes: {x: [21, 41], y: 21}, cell: {radius: [2, 3]}}
`;

describe('studies and reports', () => {
  test('a study writes its folder and prints its record without the fields; report writes the page again', async () => {
    writeFileSync('small.yaml', small.replace('GAMMA', '2'));
    const found = await json('study small.yaml --quiet');
    expect(found).toMatchObject({ command: 'study', outcome: { status: 'converged' } });
    expect(found.fields).toBeUndefined();
    expect(found.tables.length).toBeGreaterThan(5);
    expect(readdirSync('results/small').sort()).toEqual(['fields.h5', 'report.html', 'study.json', 'tables']);
    const page = readFileSync('results/small/report.html', 'utf8');
    rmSync('results/small/report.html');
    expect((await hjb('report results/small')).code).toBe(0);
    expect(readFileSync('results/small/report.html', 'utf8')).toBe(page);
    writeFileSync('results/small/study.json', readFileSync('results/small/study.json', 'utf8').slice(0, 1000));
    const { code, stderr } = await hjb('report results/small');
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^results.small.study\.json – it is not JSON – .+ – run hjb study again\n$/),
    ]);
    rmSync('results', { recursive: true });
  });

  test('a study with a certificate that fails ends with exit code 1, and no page calls it converged', {
    tags: ['full'],
  }, async () => {
    writeFileSync('cut.yaml', small.replace('GAMMA', '2').replace('[-2, 2]}', '[-2, 2], y: [-2.5, 2.5]}'));
    const { code, stdout, stderr } = await hjb('study cut.yaml --quiet --json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/not certified domain .* the y-box cuts off part of the invariant measure/);
    const { verdict, outcome } = JSON.parse(stdout);
    expect([verdict.word, outcome.status]).toEqual(['not certified', 'converged']);
    expect(readFileSync('results/cut/report.html', 'utf8')).toMatch(
      /<header>[\s\S]*badge bad">not certified<[\s\S]*<\/header>/,
    );
    rmSync('results', { recursive: true });
  });

  test('a stopped solve ends with exit code 130 and says how far it came', async () => {
    const { code, stdout, stderr } = await hjb('solve quadratic --epsilon 0.1 --nodes x=21,y=21', AbortSignal.abort());
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(/^hjb: cancelled after 0 of \d+ steps, at τ = 0\n$/);
  });

  test('a stopped study ends with exit code 130 and publishes nothing', async () => {
    writeFileSync('small.yaml', small.replace('GAMMA', '2'));
    const stop = new AbortController();
    stop.abort();
    const { code, stdout } = await hjb('study small.yaml', stop.signal);
    expect([code, stdout]).toEqual([130, '']);
    expect(readdirSync('results')).toEqual(['small.store']);
  });
});

describe('nothing ends silently', () => {
  test('a diverging solve exits with 1 and names node and step', async () => {
    const line = 'solve quadratic --epsilon 1e-8 --time explicit --steps 200 --nodes x=21,y=21 --at x=1,y=0';
    const { code, stdout, stderr } = await hjb(`${line} --json`);
    const { outcome, at } = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(outcome).toMatchObject({ status: 'diverged', node: [expect.any(Number), expect.any(Number)] });
    expect(outcome.step).toBeGreaterThan(1);
    expect(at).toEqual([{ x: 1, y: 0, value: null, lower: null, upper: null }]);
    expect(stderr).toMatch(/diverged at step \d+, node x = \S+, y = \S+ – .+ more steps/);
  });

  test('too few steps for monotonicity are a warning that names the fewest', async () => {
    const grid = '--nodes x=21,y=21 --at x=1,y=0 --scheme local-lax-friedrichs';
    const few = await json(`solve quadratic --epsilon 0.1 --steps 5 ${grid}`);
    const fewest = Number(/take (\d+) steps/.exec(few.warnings[0])?.[1]);
    expect((await json(`solve quadratic --epsilon 0.1 ${grid}`)).steps).toBe(fewest);
    expect((await json(`solve quadratic --epsilon 0.1 --steps ${fewest} ${grid}`)).warnings).toEqual([]);
  });

  test('gamma below the Lipschitz constant of ∇f is a warning, on stderr and in the JSON, of every solving command', async () => {
    writeFileSync('weak.yaml', small.replace('GAMMA', '0.5'));
    const grid = '--nodes x=21,y=21';
    const lines = [
      `solve weak.yaml --epsilon 1 ${grid}`,
      `effective weak.yaml ${grid}`,
      'hamiltonian weak.yaml',
      'measure weak.yaml',
    ];
    for (const line of [...lines, 'cell weak.yaml --radius 8 --delta 1e-3', 'check weak.yaml']) {
      const { code, stdout, stderr } = await hjb(`${line} --json`);
      expect(code).toBe(0);
      expect(stderr).toContain('assumption (A) fails');
      expect(JSON.parse(stdout).warnings[0]).toContain('Lip ∇f = 1');
    }
    expect((await hjb('check weak.yaml --strict')).code).toBe(1);
    expect((await hjb('check quadratic --strict')).code).toBe(0);
  });

  test('with two fast variables the assumptions are checked on the y-box of the solve, not on K', async () => {
    const wells = ['y1', 'y2'].map((y) => `${y}^2/2+4*exp(-4*(${y}-2)^2)`).join('+');
    const model = `model: { kind: slow-fast, slow: { x: u*y1 }, fast: { potential: "${wells}" }, control: { u: [-1, 1] }`;
    const rest = 'horizon: 1\ndomain: { x: [-2, 2] }\nobserve: { x: [-1, 1], y: [-1, 1] }\n';
    writeFileSync('wells.yaml', `title: Wells beside K\n${model}, terminal: x }\n${rest}`);
    const { assumptions } = await json('check wells.yaml');
    const [recurrence] = assumptions.filter(({ name }: { name: string }) => name === 'recurrence');
    expect(recurrence.verdict).toBe('fails');
    // D²Φ = 1 − 32 along an axis through a bump.
    expect(recurrence.constants.κ.upper).toBeCloseTo(-31, 1);
  });
});

describe('simulate', () => {
  test('gives E f(X_T) and E|X_T − X̂_T|² with their errors, the same for every number of threads', {
    tags: ['full'],
  }, async () => {
    const line = 'simulate quadratic-uncontrolled --epsilon 0.01 --paths 4001 --seed 3 --at x=1,y=0';
    const found = await json(`${line} --threads 1`);
    expect(found).toMatchObject({
      command: 'simulate',
      scenario: 'quadratic-uncontrolled',
      epsilon: 0.01,
      control: 'u=1',
      at: { x: 1, y: 0 },
      paths: 4001,
      seed: 3,
      method: 'ornstein-uhlenbeck',
      outcome: { status: 'converged' },
    });
    expect(Math.abs(found.meanCost - found.value)).toBeLessThan(3 * found.standardError);
    const { meanSquareError, meanSquareStandardError } = found;
    expect(Math.abs(meanSquareError - 0.4855 * 0.01)).toBeLessThan(3 * meanSquareStandardError);
    const again = await json(`${line} --threads 2`);
    expect({ ...again, threads: 1, seconds: 0 }).toEqual({ ...found, seconds: 0 });
  });

  test('a feedback costs Vᵉ and the limit feedback no less; records make a fan', { tags: ['full'] }, async () => {
    const line = 'simulate quadratic --epsilon 0.1 --paths 4000 --nodes x=101,y=101 --at x=1,y=0';
    const feedback = await json(line);
    expect(feedback.control).toBe('feedback');
    expect(feedback.scheme).toBe('upwind');
    const sharp = await json(`${line} --scheme filtered`);
    // The grid error of the filtered Vᵉ on 101 × 101 nodes is 1e-3, that of upwind is told with it.
    expect(Math.abs(sharp.meanCost - sharp.value)).toBeLessThan(3 * sharp.standardError + 1e-3);
    const errors = 3 * feedback.standardError + feedback.valueError;
    expect(Math.abs(feedback.meanCost - feedback.value)).toBeLessThan(errors);
    const extended = await json(`${line} --control extended --records 4`);
    expect(extended.meanCost).toBeGreaterThan(feedback.meanCost - 3 * feedback.standardError);
    expect(extended.fan.times).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(extended.fan.x).toHaveLength(extended.fan.levels.length);
  });
});

describe('bad input exits with 2 and one line: place, fact, cause, remedy', () => {
  const solving = 'solve quadratic --epsilon 0.1';
  const refused: [string, RegExp][] = [
    ['', /^hjb – no command/],
    ['solv quadratic', /did you mean solve\?/],
    ['simulated quadratic', /is not a command/],
    ['--json list', /flags follow the command/],
    ['simulate quadratic --epsilon 0.1 --control u=2', /not admissible – U is u ∈ \[0, 1\]/],
    ['simulate quadratic --epsilon 0.1 --control v=1', /names the coordinate "v"/],
    ['simulate quadratic --epsilon 1e-14 --control u=0.5 --steps 0', /--steps is 0/],
    ['solve', /no scenario is given/],
    ['solve quadratik --epsilon 1', /did you mean quadratic\?/],
    ['solve missing.yaml --epsilon 1', /neither a file nor in the library/],
    ['solve quadratic', /--epsilon is missing/],
    ['solve quadratic --epsilon', /--epsilon has no value/],
    ['solve quadratic --epsilon --json', /--epsilon has no value/],
    ['solve quadratic --epsilon 0', /it must be positive/],
    ['solve quadratic --epsilon -1', /--epsilon is -1/],
    ['solve quadratic --epsilon tiny', /tiny is not a number/],
    ['solve quadratic --epsilon 1e999', /is not a number/],
    [`${solving} --epsilon 1`, /--epsilon is given twice/],
    [`${solving} --threads 0`, /--threads is 0/],
    [`${solving} --threads 65`, /at most 64 threads/],
    [`${solving} --backend cpu`, /--backend cpu is not known – known: auto, wasm, gpu/],
    ['bench --nodes 1e5', /at most .* fit into memory/],
    [`${solving} --gpus 4`, /^--gpus .* known flags: --set, --epsilon, --at/],
    [`${solving} --node x=11`, /did you mean --nodes\?/],
    [`${solving} --json=yes`, /--json is a switch/],
    [`${solving} --scheme wenoo`, /known: upwind, .*did you mean weno\?/],
    [`${solving} --scheme weno --time imex`, /^--time – there is no method weno with imex .*choose one of upwind with/],
    [
      'effective quadratic --time explicit',
      /^--time – --time explicit is not known – known: imex, implicit, ars222, ssprk3/,
    ],
    ['study quadratic --time ssprk3', /known: imex, implicit, ars222/],
    ['study quadratic --scheme upwind --time ars222', /^--time – there is no method upwind with ars222/],
    [`${solving} --time explicitt`, /did you mean explicit\?/],
    [`${solving} --steps 0`, /whole number from 1 to/],
    [`${solving} --steps 1.5`, /--steps is 1.5/],
    [`${solving} --nodes x=2`, /--nodes x=2/],
    [`${solving} --nodes z=41`, /the coordinates here are x, y/],
    [`${solving} --nodes x=1e6,y=1e6`, /fit into memory/],
    [`${solving} --at x=9,y=0`, /^--at – x = 9 lies outside the grid – the box is x ∈ \[-2.5, 2.5\]/],
    [`${solving} --at x=1`, /has no y/],
    [`${solving} --at x=1,y=0,y=1`, /gives y twice/],
    [`${solving} --at 1,0`, /"1" is not name=number/],
    [`${solving} --at x=1,y=zero`, /y=zero is not a number/],
    [`${solving} --at x=1 y=0`, /by commas without spaces/],
    ['solve quadratic --epsilon 1e-14 --time explicit', /use --time imex/],
    ['hamiltonian quadratic --method gibs', /did you mean gibbs\?/],
    ['hamiltonian quadratic --at x=1', /has no p/],
    ['cell quadratic --delta 1', /--radius is missing/],
    ['cell quadratic --radius -3 --delta 1', /--radius is -3/],
    ['cell quadratic --radius 3 --delta 1 --at x=1,p=1,y=4', /lies outside the ball/],
    ['cell quadratic --radius 3 --delta 1 --integrand y^2+z', /^--integrand – the name "z" is unknown/],
    ['cell quadratic --radius 3 --delta 1 --integrand log(y)', /^--integrand – the integrand h is NaN/],
    ['study quadratic --out small.yaml', /is a file/],
    ['list quadratic', /takes no argument/],
    ['report nowhere', /cannot be read/],
    ['check broken.yaml', /^broken.yaml:2 – /],
    ['check quadratic --scheme upwind', /^--scheme – .* without --certificate/],
    ['check planar.yaml --certificate --time implicit', /^planar.yaml:4 – .* is solved for m = 1, .* has m = 2/],
    [
      'solve planar.yaml --epsilon 1 --nodes x=5,y=5 --time implicit',
      /^planar.yaml:4 – .* is solved for m = 1, .* has m = 2/,
    ],
    ['measure outward.yaml', /^outward.yaml:2 – no y-box/],
    ['hamiltonian drift.yaml --method gibbs', /^drift.yaml:2 – .* has no potential/],
  ];
  inLanes(refused, ([line]) => !line.includes('planar.yaml'))('hjb %s', async ([line, expected]) => {
    writeFileSync('small.yaml', small.replace('GAMMA', '2'));
    writeFileSync('broken.yaml', small.replace('GAMMA', '2').replace('x^2/2', 'x^2/2 + w'));
    writeFileSync('planar.yaml', small.replace('GAMMA', '2').replace('x^2/2', 'x1^2 + x2^2'));
    const drift = (b: string) =>
      small.replace(
        /\{kind.*/,
        `{kind: slow-fast, slow: {x: u}, fast: {drift: {y: ${b}}}, control: {u: [0, 1]}, terminal: x}`,
      );
    writeFileSync('outward.yaml', drift('y'));
    writeFileSync('drift.yaml', drift('-y'));
    const before = readdirSync('.', { recursive: true });
    const { code, stdout, stderr } = await hjb(line);
    expect(stderr).toMatch(/^[^\n]+ – [^\n]+ – [^\n]+ – [^\n]+\n$/);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/^\s*at /m);
    expect([code, stdout]).toEqual([2, '']);
    expect(readdirSync('.', { recursive: true })).toEqual(before);
  });
});

describe('init', () => {
  test.each(Object.keys(firstScenarios))('writes a scenario of the model %s that passes hjb check', async (model) => {
    const file = `begun-${model}.yaml`;
    const written = await hjb(`init ${file} --model ${model} --json`);
    expect([written.code, JSON.parse(written.stdout).written]).toEqual([0, [file]]);
    const { code, stderr } = await hjb(`check ${file} --strict`);
    expect([code, stderr]).toEqual([0, '']);
  });

  test('overwrites nothing', async () => {
    writeFileSync('mine.yaml', 'title: mine\n');
    const { code, stdout, stderr } = await hjb('init mine.yaml');
    expect([code, stdout, readFileSync('mine.yaml', 'utf8')]).toEqual([2, '', 'title: mine\n']);
    expect(stderr).toBe(
      'mine.yaml – mine.yaml exists – hjb init overwrites nothing – give another name, or remove it\n',
    );
  });
});

describe('help', () => {
  test('fits into 80 columns, with the commands by purpose', async () => {
    const { stdout } = await hjb('--help');
    const heads = stdout.split('\n').filter((line) => (purposes as readonly string[]).includes(line));
    expect(heads).toEqual([...purposes]);
    const helps = await Promise.all(commands.map(({ name }) => hjb(`${name} --help`)));
    for (const line of [stdout, ...helps.map((help) => help.stdout)].join('').split('\n'))
      expect(line.replace(/\p{M}/gu, '').length, line).toBeLessThanOrEqual(80);
  });

  test('hjb --help names every command, hjb COMMAND --help every flag and examples', async () => {
    const { stdout } = await hjb('--help');
    for (const { name, args, examples } of await Promise.all(commands.map(loaded))) {
      expect(stdout).toContain(name);
      const help = (await hjb(`${name} --help`)).stdout;
      for (const [flag, { positional }] of Object.entries(args))
        if (positional !== true) expect(help).toContain(`--${flag}`);
      for (const example of examples) expect(help.replaceAll(/ \\\n +/g, ' ')).toContain(example);
    }
    expect((await hjb('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('without --json the result is text that names the grid, the steps and the value', async () => {
    const { stdout } = await hjb('solve quadratic --epsilon 0.1 --nodes x=21,y=21 --at x=1,y=0');
    expect(stdout).toContain('21 × 21 nodes, x ∈ [-2.5, 2.5]');
    expect(stdout).toMatch(/steps +7 \(one cell a step where the process lives\)\n +long feet +up to 9\.7 cells/);
    expect(stdout).toMatch(/Vᵉ +filtered +difference\n +1 +0 +0\.\d+ +0\.\d+ +\d\.\d+e-\d\n$/);
  });
});

/** Certificates: what holds is certified, and what is broken on purpose is found at its place with its cause. */
import { describe, expect, test } from 'vitest';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { type CertificateOptions, certify, type Finding } from '../../solvers/index.ts';
import { laxFriedrichs } from '../../src/differencing/central.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import type { StepProgram } from '../../src/kernel/kernel.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { fastBox } from '../../src/measure/fast-box.ts';
import type { Problem } from '../../src/model/problem.ts';
import { allMethods, claimedOrder, followsFrame } from '../../src/time/schemes.ts';
import { kernelWith } from '../changed-kernel.ts';
import { termsInside } from '../general-problems.ts';
import { inLanes } from '../lanes.ts';
import { isotropic, multiwell, quadratic, slowFast } from '../problems.ts';

const kernel = await wasmKernel();
const K = { lower: [-1.5, -1], upper: [1.5, 1] };

const costly = slowFast({
  potential: 'y^2/2',
  slow: [(_x, y, u) => u[0] + Math.sin(y[0]) / 2],
  runningCost: (x, _y, u) => u[0] / 4 + x[0] ** 2,
  terminalCost: (x) => Math.abs(x[0]),
});

const problems = [
  ['multiwell', multiwell()],
  ['with running cost and a kink', costly],
] as const;

function axes(problem: Problem, half: number, nx = 41, ny = 31) {
  const { lower, upper } = fastBox(problem, { lower: -half, upper: half });
  return { slow: [uniformAxis('x', -half, half, nx)], fast: [uniformAxis('y', lower, upper, ny)], observe: K };
}

/** Steps of policy iteration are no lists of phases: they are refused, and tested in implicit-howard.test.ts. */
const methods = (['epsilon', 'effective'] as const)
  .flatMap(allMethods)
  .filter(({ time }) => time.steps.kind === 'phases');

const cases = problems.flatMap(([on, problem]) =>
  methods.map((method) => ({
    name: `${method.equation}: ${method.scheme.name} with ${method.time.name}, ${on}`,
    problem,
    ...method,
  })),
);
/** Every scheme, each equation. */
const isUsual = ({ name, equation, scheme }: (typeof cases)[number]) =>
  name.endsWith('multiwell') && (equation === 'epsilon' || scheme.name === 'upwind');

describe('every scheme gets the certificate it claims', () => {
  inLanes(cases, isUsual)('$name', async ({ problem, equation, scheme, time }) => {
    const options = { ...axes(problem, 2.5), scheme: scheme.name, time: time.name };
    const epsilon = equation === 'epsilon' ? 0.1 : undefined;
    const found = await certify(problem, { ...options, epsilon } as CertificateOptions, { kernel });
    const claims = scheme.monotone === 'never' ? 'not claimed' : 'holds';
    expect(found.monotone).toMatchObject({ status: claims });
    expect(found.stable).toMatchObject({ status: claims });
    expect(found.consistent).toMatchObject({ status: 'holds' });
    // measured 0.95–1.07
    const { together } = claimedOrder({ scheme, time });
    expect(found.consistent.measured.order / together).toBeGreaterThan(0.9);
    expect(found.consistent.measured.order / together).toBeLessThan(1.1);
  });

  test('at ε = 1e-8 the step of IMEX Euler is certified as at ε = 1', async () => {
    const problem = quadratic();
    for (const epsilon of [1, 1e-8]) {
      const found = await certify(problem, { ...axes(problem, 2.5), epsilon }, { kernel });
      for (const finding of [found.monotone, found.stable, found.consistent, found.domain]) {
        expect(finding.status).toBe('holds');
      }
    }
  });

  test('a filtered step is monotone up to 2c·dt, and its departure from the monotone step is measured', async () => {
    const problem = quadratic();
    const { monotone } = await certify(
      problem,
      { ...axes(problem, 2.5), epsilon: 0.1, scheme: 'filtered' },
      { kernel },
    );
    const { 'sup|S − S_M|': departure, c·dt: reach, 'largest decrease': decrease } = monotone.measured;
    expect(departure).toBeGreaterThan(0);
    expect(departure).toBeLessThanOrEqual(reach * (1 + 1e-12));
    expect(decrease).toBeLessThanOrEqual(2 * reach);
    expect((monotone as { note: string }).note).toMatch(/^up to 2c·dt/);
  });

  test('rows with uncontrolled outflow are left out, and it is said', async () => {
    const problem = quadratic([1, 1]);
    const { monotone } = await certify(problem, { ...axes(problem, 4), epsilon: 0.1 }, { kernel });
    expect(monotone.measured['rows left out']).toBeGreaterThan(0);
    expect((monotone as { note: string }).note).toMatch(/every node but \d+ at the ends of the x-box/);
  });

  test('nothing is said of a step whose every row is left out', async () => {
    const problem = quadratic([1, 1]);
    // The drift leaves both ends of three nodes, and feet of the middle one pass them.
    const { monotone, stable } = await certify(problem, axes(problem, 4, 3, 31), { kernel });
    expect([monotone.status, stable.status]).toEqual(['not claimed', 'not claimed']);
    expect((monotone as { note: string }).note).toMatch(/nothing is measured: more nodes in x tell/);
  });
});

describe('in a moving frame', () => {
  const following = allMethods('epsilon').filter(followsFrame);
  const inFrame = { slow: [uniformAxis('x', -2.5, 2.5, 31)], fast: [uniformAxis('z', -4.2, 4.2, 21)], observe: K };

  test.each(following.map((method) => [`${method.scheme.name} with ${method.time.name}`, method] as const))(
    '%s gets the certificate it claims',
    async (_name, { scheme, time }) => {
      const options = { ...inFrame, frame: 'moving', scheme: scheme.name, time: time.name, epsilon: 0.1 } as const;
      const found = await certify(quadratic(), options, { kernel });
      const claims = scheme.monotone === 'never' ? 'not claimed' : 'holds';
      expect(found.monotone).toMatchObject({ status: claims });
      expect(found.stable).toMatchObject({ status: claims });
      expect(found.domain.measured['mass outside the y-box']).toBeLessThan(1e-11);
    },
  );

  test('a step above the bound that the motion of z makes smaller is caught', async () => {
    const options = { ...inFrame, frame: 'moving', epsilon: 0.1, scheme: 'local-lax-friedrichs' } as const;
    const allowed = (await solveEpsilonHjb(quadratic(), options, { kernel })).steps;
    const { monotone } = await certify(quadratic(), { ...options, steps: allowed - 1 }, { kernel });
    expect(failed(monotone).cause).toMatch(/^CFL: the Courant number/);
  });
});

test('jumps along the second fast axis are probed at their distance: explicit steps in the plane', {
  tags: ['full'],
}, async () => {
  const axis = (name: string, nodes: number, half: number) => uniformAxis(name, -half, half, nodes);
  const options = {
    slow: [axis('x1', 5, 2), axis('x2', 5, 2)],
    fast: [axis('y1', 5, 3), axis('y2', 5, 3)],
    observe: { lower: [-1, -1, -1, -1], upper: [1, 1, 1, 1] },
    epsilon: 0.1,
    time: 'explicit',
  } as const;
  const { monotone } = await certify(isotropic(), options, { kernel });
  expect(monotone.status).toBe('holds');
  // A rate along y₂ of the wrong sign: the slope to the neighbour a row of y₁ away.
  const { monotone: found } = await certify(isotropic(), options, { kernel: kernelWith(negativeAlongSecond) });
  const { where } = failed(found);
  const [dy1, dy2] = [2, 3].map((a) => Math.abs((where?.neighbour?.[a] ?? 0) - (where?.node[a] ?? 0)));
  expect(dy1).toBeLessThan(1e-12);
  expect(dy2).toBeCloseTo(1.5, 12);
});

describe('a step that is not monotone is caught', () => {
  test('above the CFL bound: cause CFL, and the steps that repair it', async () => {
    const problem = quadratic();
    for (const time of ['imex', 'explicit'] as const) {
      const options = { ...axes(problem, 2.5), epsilon: 0.1, time, scheme: 'local-lax-friedrichs' } as const;
      const { monotone, stable } = await certify(problem, { ...options, steps: 40 }, { kernel });
      const failure = failed(monotone);
      expect(failure.cause).toMatch(/^CFL: the Courant number/);
      expect(failure.where?.node).toEqual(failure.where?.neighbour);
      expect(failed(stable).cause).toMatch(/rests on monotonicity/);
      const steps = Number(/at least (\d+) steps/.exec(failure.remedy)?.[1]);
      const repaired = await certify(problem, { ...options, steps }, { kernel });
      expect(repaired.monotone.status).toBe('holds');
      expect((await certify(problem, { ...options, steps: steps - 1 }, { kernel })).monotone.status).toBe('fails');
    }
  });

  test('a kernel with the upwind sign broken at one node: that node and the neighbour against its drift', async () => {
    const problem = quadratic();
    const options = { ...axes(problem, 2.5), epsilon: 0.1, steps: 200 };
    const [i, j] = [25, 20];
    const broken = kernelWith((program) => downwindAt(program, j * options.slow[0].nodes + i));
    const { monotone } = await certify(problem, options, { kernel: broken });
    const { where, cause, remedy } = failed(monotone);
    const x = options.slow[0].lower + i * options.slow[0].spacing;
    const y = options.fast[0].lower + j * options.fast[0].spacing;
    expect(where?.node[0]).toBeCloseTo(x, 12);
    expect(where?.node[1]).toBeCloseTo(y, 12);
    // φ = −2u(x − y) > 0 there: the wrong difference reaches to the left.
    expect(y).toBeGreaterThan(x);
    expect(where?.neighbour?.[0]).toBeCloseTo(x - options.slow[0].spacing, 12);
    expect(where?.neighbour?.[1]).toBeCloseTo(y, 12);
    expect(cause).toMatch(/^upwind sign: the difference is taken against the drift/);
    expect(remedy).toMatch(/forward differences where φ > 0/);
  });

  test('a line solve with a negative weight', async () => {
    const problem = quadratic();
    const broken = kernelWith(withNegativeRate);
    const { monotone } = await certify(problem, { ...axes(problem, 2.5, 31, 21), epsilon: 0.1 }, { kernel: broken });
    expect(failed(monotone).cause).toMatch(/^the jump rates in y are ≥ 0, yet in their line solve/);
  });

  test('a kernel whose whole step is not the composition of its phases', async () => {
    const problem = quadratic();
    const broken = kernelWith((program) =>
      program.phases.length === 2
        ? { ...program, phases: [...program.phases, { kind: 'combine', out: program.next, terms: [scaled(program)] }] }
        : program,
    );
    const { monotone } = await certify(problem, { ...axes(problem, 2.5, 31, 21), epsilon: 0.1 }, { kernel: broken });
    expect(failed(monotone).cause).toMatch(/not the composition of its phases/);
  });
});

describe('what is not consistent or cut off too early is caught', () => {
  test('sweeps with 1.05 dt do not tend to the equation', async () => {
    const problem = quadratic();
    const broken = kernelWith((program) => ({
      ...program,
      phases: program.phases.map((phase) => (phase.kind === 'sweep' ? { ...phase, dt: 1.05 * phase.dt } : phase)),
    }));
    const { consistent } = await certify(problem, { ...axes(problem, 2.5, 41, 31), epsilon: 0.1 }, { kernel: broken });
    expect(consistent.status).toBe('fails'); // measured order 0.5
  });

  test('an x-box that ends at K, and a y-box that cuts the measure', async () => {
    const problem = quadratic([1, 1]);
    const narrow = { ...axes(problem, 1.5), epsilon: 0.1 };
    expect(failed((await certify(problem, narrow, { kernel })).domain).cause).toMatch(/ends of the x-box/);
    const cut = { ...axes(problem, 4), fast: [uniformAxis('y', -3, 3, 31)], epsilon: 0.1 };
    const { domain } = await certify(problem, cut, { kernel });
    expect(failed(domain).cause).toMatch(/y-box cuts off/);
    // At x = ±4 the measure is N(8/3, 1/3): P(Y > 3) = Φ(−0.5774) = 0.2819.
    expect(domain.measured['mass outside the y-box']).toBeCloseTo(0.28185, 4);
  });
});

function failed(finding: Finding): Extract<Finding, { status: 'fails' }> {
  if (finding.status !== 'fails') throw new Error(`expected a failure, found ${finding.status}`);
  return finding;
}

/**
 * At one node the difference on the wrong side: central differences with viscosity |φ| are upwind ones, with −|φ|
 * downwind ones.
 */
function downwindAt(program: StepProgram, node: number): StepProgram {
  const sweep = program.phases.find((phase) => phase.kind === 'sweep');
  if (sweep === undefined || sweep.kind !== 'sweep') return program;
  const rates = program.buffers[sweep.minimum.candidates[0].rates[0]];
  // Only the certified grid is broken, not the levels of the consistency check.
  if (rates.length <= node || rates.length !== 41 * 31) return program;
  const viscosity = rates.map((rate, k) => (k === node ? -Math.abs(rate) : Math.abs(rate)));
  const differencing = { kind: laxFriedrichs, viscosity: [program.buffers.length] };
  return {
    ...program,
    buffers: [...program.buffers, viscosity],
    phases: program.phases.map((phase) => (phase === sweep ? { ...sweep, differencing } : phase)),
  };
}

function withNegativeRate(program: StepProgram): StepProgram {
  const solve = program.phases.find((phase) => phase.kind === 'solve');
  if (solve === undefined || solve.kind !== 'solve') return program;
  const up = program.buffers[solve.up].slice();
  up[Math.floor(up.length / 2)] *= -1;
  return { ...program, buffers: program.buffers.map((buffer, slot) => (slot === solve.up ? up : buffer)) };
}

/** The second generator of a step with its rates at one node negative. */
function negativeAlongSecond(program: StepProgram): StepProgram {
  const generators = program.phases.filter((phase) => phase.kind === 'generator');
  const second = generators.find(({ lines }) => lines !== undefined && lines.stride > 1);
  if (second === undefined) return program;
  const up = program.buffers[second.up].slice();
  // (x₁,x₂,y₁,y₂) = (0,0,0,0), the middle of 5⁴ nodes.
  up[312] *= -1;
  return { ...program, buffers: program.buffers.map((buffer, slot) => (slot === second.up ? up : buffer)) };
}

function scaled(program: StepProgram) {
  return { field: program.next, factor: 1 - 1e-9 };
}

describe('noise along the axis', () => {
  // On this y-box no drift leaves the x-box under all controls.
  const fast = [uniformAxis('y', -4, 4, 21)];
  const options = { slow: [uniformAxis('x', -2.5, 2.5, 31)], fast, observe: K, epsilon: 0.1 };
  const methodsOf = ['upwind', 'local-lax-friedrichs', 'semi-lagrangian'] as const;

  test.each(methodsOf)('that vanishes at the ends: %s has weights ≥ 0 at every node, and a bound', async (scheme) => {
    const { monotone, stable } = await certify(termsInside(), { ...options, scheme }, { kernel });
    expect(monotone).toMatchObject({ status: 'holds', note: 'every node', measured: { 'rows left out': 0 } });
    expect(stable.status).toBe('holds');
    expect(stable.measured['sup|V(T)|']).toBeLessThan(stable.measured.bound);
    expect(stable.measured['|S(V+1) − S(V) − 1|']).toBeLessThan(1e-13); // 1 − λdt for 1: measured 4e-15
  });

  test('of the effective equation too', async () => {
    const { epsilon: _, ...limit } = options;
    const { monotone, stable } = await certify(termsInside(), limit, { kernel });
    expect(monotone).toMatchObject({ status: 'holds', measured: { 'rows left out': 0 } });
    expect(stable.status).toBe('holds');
  });

  test('that leaves: the rows at the ends are left out and no bound is claimed, with the reason', async () => {
    const { monotone, stable } = await certify(termsInside({ leaves: true }), options, { kernel });
    expect(monotone).toMatchObject({ status: 'holds', measured: { 'rows left out': 2 * 21 } });
    expect(stable).toMatchObject({ status: 'not claimed', note: expect.stringMatching(/noise leaves the x-box/) });
  });
});

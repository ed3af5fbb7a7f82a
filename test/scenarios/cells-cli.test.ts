import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inLanes } from '../lanes.ts';
import { reference } from '../problems.ts';
import { hjb, json } from '../run-hjb.ts';

const library = (name: string) => join(import.meta.dirname, '../../scenarios/library', `${name}.yaml`);
const isotropic = library('isotropic-2d');
const rotational = library('rotational-2d');

describe('the commands on cell problems in two fast dimensions', () => {
  const methods = ['gibbs', 'stationary', 'ergodic', 'cell'];
  inLanes(methods, () => false)('hamiltonian --method %s of isotropic-2d', async (method) => {
    const { at } = await json(`hamiltonian ${isotropic} --method ${method} --nodes 201 --at x1=1,x2=0,p1=1,p2=0`);
    const { H } = reference.isotropic_2d.hamiltonian[0];
    expect(Object.keys(at[0])).toEqual('x1 x2 p1 p2 value lower upper error controls errorSource'.split(' '));
    expect(Math.abs(at[0].value - H)).toBeLessThan(1e-3); // measured 2.5e-4 by the cell route
    expect(at[0].lower === null).toBe(method === 'gibbs');
    if (method !== 'gibbs') expect(at[0].lower <= H && H <= at[0].upper).toBe(true);
  });

  test('hamiltonian of rotational-2d goes by ergodic, and gibbs asks for a potential', { tags: ['full'] }, async () => {
    const point = '--at x1=1,x2=0,p1=1,p2=0';
    const found = await json(`hamiltonian ${rotational} --nodes 101 ${point}`);
    expect(found.method).toBe('ergodic');
    const { H } = reference.rotational_2d.hamiltonian_controlled[0];
    expect(Math.abs(found.at[0].value - H)).toBeLessThan(1e-3);
    const refused = await hjb(`hamiltonian ${rotational} --method gibbs ${point}`);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/no potential for the method gibbs/);
  });

  test('cell: −δω of |y|² at every y asked for, from one solve, with bounds of its mean', async () => {
    const line = `cell ${rotational} --radius 3 --delta 0.01 --nodes 61 --integrand y1^2+y2^2`;
    const found = await json(`${line} --at x1=0,x2=0 --at x1=0,x2=0,y1=1 --at x1=0,x2=0,y2=1`);
    expect(Object.keys(found.at[0])).toEqual(
      'x1 x2 y1 y2 minusDeltaOmega gridError controls exitWeight exitWeightError lower upper'.split(' '),
    );
    // μ₀ = N(0, I/3), so that ∫|y|² dμ = 2/3; of the measure of L_h, O(h²) off.
    for (const { lower, upper } of found.at) {
      expect(lower).toBeLessThan(2 / 3);
      expect(upper).toBeGreaterThan(2 / 3);
      expect(upper - lower).toBeLessThan(0.1); // measured 0.018
    }
    // h, and with x = 0 the drift, are invariant under quarter turns, and so is the grid.
    expect(found.at[1].minusDeltaOmega).toBeCloseTo(found.at[2].minusDeltaOmega, 8);
  });

  test('cell: the grid error covers the exact one at the centre and next to the sphere', async () => {
    const row = reference.delta_cell.rows.find((r: { m: number; radius: number }) => r.m === 2 && r.radius === 4);
    // At x = 0 the drift is −3y: in z = √3 y and with three times the clock it is −z.
    const [unit, discount] = [Math.sqrt(3), 3 * row.delta];
    const line = `cell ${isotropic} --radius ${4 / unit} --delta ${discount} --nodes 65 --integrand 3*(y1^2+y2^2)`;
    const points = [0, 1, 3.95].map((distance) => `--at x1=0,x2=0,y1=${distance / unit}`);
    const { at } = await json(`${line} ${points.join(' ')}`);
    expect(Math.abs(at[0].minusDeltaOmega - row.minus_delta_w0)).toBeLessThan(at[0].gridError);
    expect(Math.abs(at[1].minusDeltaOmega - row.minus_delta_w_at_r1)).toBeLessThan(at[1].gridError);
    expect(Math.abs(at[2].minusDeltaOmega - 0.0933959847935)).toBeLessThan(at[2].gridError);
    for (const { gridError } of at) expect(gridError).toBeLessThan(0.05);
  });

  test('cell says that δ is too large for the time to mix, and where there are no bounds', async () => {
    const hasty = await json('cell quadratic --at x=1,p=1 --radius 6 --delta 5');
    expect(hasty.warnings.join()).toMatch(/discounted before it mixes/);
    const small = await json('cell quadratic --at x=1,p=1 --radius 0.5 --delta 10');
    expect(small.at[0].lower).toBeNull();
    // H̄ = 0.8687: no value is named that is not near it.
    expect(small.warnings.join()).toMatch(/Enlarge the radius to 2 or .*no bounds of H̄: .*Enlarge the radius/);
  });

  test('cell: the integrand knows the parameters of the scenario', async () => {
    const line = 'cell quadratic --at x=1 --radius 6 --delta 1e-3 --integrand';
    const [named, plain] = [await json(`${line} gamma*y`), await json(`${line} 2*y`)];
    expect(named.at[0].minusDeltaOmega).toBe(plain.at[0].minusDeltaOmega);
  });

  test('cell refuses a point outside the ball and more nodes than memory holds', async () => {
    const line = `cell ${isotropic} --radius 3 --delta 0.01`;
    const outside = await hjb(`${line} --at x1=0,x2=0,p1=1,p2=0,y1=2.5,y2=2.5`);
    expect(outside.code).toBe(2);
    expect(outside.stderr).toMatch(/y1 = 2.5, y2 = 2.5 lies outside the ball/);
    const large = await hjb(`${line} --nodes 5000`);
    expect(large.code).toBe(2);
    expect(large.stderr).toMatch(/--nodes is 5000 per axis.*give at most 1414/);
  });

  test('measure: moments as lists, F and ∇F where there is a potential', { tags: ['full'] }, async () => {
    const [gaussian] = (await json(`measure ${isotropic} --at x1=1,x2=0.5`)).at;
    expect(gaussian.mean[0]).toBeCloseTo(2 / 3, 10);
    expect(gaussian.covariance[1][1]).toBeCloseTo(1 / 3, 10);
    expect(gaussian.gradF[1]).toBeCloseTo(-1 / 3, 10);
    expect(gaussian.normalizer).toBeCloseTo(Math.exp(gaussian.F), 10);
    const [rotating] = (await json(`measure ${rotational} --at x1=1,x2=0`)).at;
    expect(rotating.F).toBeNull();
    expect(rotating.covariance[0][0]).toBeCloseTo(1 / 3, 3);
    expect(rotating.error).toBeLessThan(1e-3);
  });

  test('solve and effective in four variables: points by name, values as the reference', {
    tags: ['full'],
  }, async () => {
    const { at, nodes } = await json(`effective ${isotropic} --nodes x=25,y=25 --scheme filtered --at x1=0.6,x2=0.8`);
    expect(nodes).toEqual({ x: [25, 25], y: [25, 25] });
    expect(Object.keys(at[0])).toEqual(['x1', 'x2', 'value', 'exact', 'error', 'lower', 'upper']);
    // reference.json, isotropic_2d: measured 1.4e-3 on this grid.
    expect(Math.abs(at[0].value - 0.0446006870145)).toBeLessThan(5e-3);
    const found = await json(`solve ${isotropic} --epsilon 1e-8 --nodes x=9,y=9 --at x1=1,x2=0,y1=0,y2=0.5`);
    const limit = await json(`effective ${isotropic} --nodes x=9,y=9 --steps ${found.steps} --at x1=1,x2=0`);
    expect(Math.abs(found.at[0].value - limit.at[0].value)).toBeLessThan(1e-6);
  });

  test('solve of a fast drift without potential tends to effective as ε → 0', { tags: ['full'] }, async () => {
    const found = await json(`solve ${rotational} --epsilon 1e-8 --nodes x=9,y=9 --at x1=1,x2=0,y1=0,y2=0.5`);
    const limit = await json(`effective ${rotational} --nodes x=9,y=9 --steps ${found.steps} --at x1=1,x2=0`);
    expect(Math.abs(found.at[0].value - limit.at[0].value)).toBeLessThan(1e-6);
  });

  test('solve says before it starts what it will take', { tags: ['full'] }, async () => {
    const { code, stderr } = await hjb(`solve ${isotropic} --epsilon 0.1 --nodes x=17,y=9`);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^estimate: \d+ steps, about .* and [\d.]+ MiB of fields; then filtered: \d+ steps/);
  });

  test('a budget in the plane names dx, at the order of upwind differences on coarse grids', {
    tags: ['full'],
  }, async () => {
    const line = 'solve rotational-2d-uncontrolled --scheme upwind --epsilon 0.1 --nodes x=13,y=25';
    const { budget } = await json(`${line} --at x1=1,x2=0,y1=0,y2=0 --budget`);
    const [dx] = budget.parts;
    expect(dx.parameter).toBe('dx');
    expect(budget.discretisation.largest).toBe('dx');
    // Measured 1.11: first-order differences at dx = 0.43 are not yet asymptotic.
    expect(Math.abs(budget.discretisation.estimated[0] / budget.discretisation.exact[0] - 1)).toBeLessThan(0.2);
    const implicit = await hjb(`solve ${isotropic} --epsilon 0.1 --nodes x=9,y=9 --time implicit`);
    expect(implicit.code).toBe(2);
    expect(implicit.stderr).toMatch(/is solved for m = 1, .* has m = 2/);
  });
});

describe('hjb cell --paths', () => {
  const line = `cell ${isotropic} --at x1=0,x2=0 --radius 1.5 --delta 0.5 --nodes 61 --integrand y1^2+y2^2`;

  test('puts estimates with standard errors beside the figures of the solver, and says that they agree', async () => {
    const { at } = await json(`${line} --at x1=0,x2=0,y1=0.7 --paths 400 --seed 3`);
    expect(at.length).toBe(2);
    for (const { monteCarlo, minusDeltaOmega, exitWeight } of at) {
      expect(Object.keys(monteCarlo)).toEqual('paths seed dt minusDeltaOmega exitWeight agrees'.split(' '));
      expect([monteCarlo.paths, monteCarlo.seed]).toEqual([400, 3]);
      const { mean, standardError } = monteCarlo.minusDeltaOmega;
      expect(Math.abs(mean - minusDeltaOmega)).toBeLessThan(3 * standardError + 0.005 * minusDeltaOmega);
      expect(Math.abs(monteCarlo.exitWeight.mean - exitWeight)).toBeLessThan(4 * monteCarlo.exitWeight.standardError);
      expect(monteCarlo.agrees).toBe(true);
    }
  });

  test('says so where the grid is too coarse to agree', { tags: ['full'] }, async () => {
    // Three deviations between the 5 nodes across this ball: −δω is 0.220 in place of 0.615.
    const coarse = line.replace('--nodes 61', '--nodes 5').replace('--radius 1.5', '--radius 3');
    const { at, warnings } = await json(`${coarse} --paths 400`);
    expect(at[0].monteCarlo.agrees).toBe(false);
    expect(warnings.join()).toContain('paths and solver disagree');
  });

  test('refuses no paths, a seed without paths, a start on the sphere, and paths without end', async () => {
    const line = 'cell quadratic --at x=0 --radius 1.5 --delta 0.5 --nodes 61 --integrand y^2';
    for (const [flags, fact] of [
      ['--paths 0', '--paths is 0'],
      ['--seed 2', 'only paths have a seed'],
      ['--paths 10 --at x=0,y=1.5', 'do not go together'],
      ['--paths 1000000 --delta 1e-8', 'path-steps'],
    ]) {
      const { code, stderr, stdout } = await hjb(`${line} ${flags}`.replace(/--delta 0.5 (.*--delta)/, '$1'));
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(fact);
    }
  });
});

test('cell: a drift that crosses many cells at a time is named, not a radius of which nothing follows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hjb-peclet-'));
  const file = join(folder, 'case.yaml');
  const drift = '{y1: -y1+40*y2, y2: -y2-40*y1}';
  writeFileSync(
    file,
    `title: case
model: {kind: slow-fast, slow: {x: u}, fast: {drift: ${drift}}, control: {u: [-1, 1]}, terminal: x}
horizon: 1
domain: {x: [-2, 2]}
`,
  );
  const { stderr, stdout } = await hjb(
    `cell ${file} --at x=0,y1=0,y2=0 --radius 5 --delta 0.01 --nodes 33 --integrand y1^2+y2^2 --json`,
  );
  expect(stderr).toMatch(/mesh Péclet number \|b\|h.*Take up to \d+ nodes/);
  expect(stderr).not.toMatch(/radius/);
  expect(JSON.parse(stdout).at[0]).toMatchObject({ gridError: null, exitWeightError: null, lower: null });
});

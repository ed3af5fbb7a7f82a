/** `hjb hamiltonian --directions`: its words, files and page. */
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { directionFigures } from '../../scenarios/report/directions-figures.ts';
import { renderDirections } from '../../scenarios/report/directions-page.ts';
import { directionTable, studyDirections } from '../../scenarios/study/direction-study.ts';
import type { Problem } from '../../src/model/problem.ts';
import { reference, slowFast } from '../problems.ts';
import { hjb, json } from '../run-hjb.ts';

const isotropic = 'isotropic-2d';
const rotational = 'rotational-2d';

const scenario = readScenario('quadratic');
const planar = (cost: number): Problem =>
  slowFast({
    slow: [(_x, y, u) => u[0] * (1 + y[0]), (_x, _y, u) => u[0]],
    potential: 'y^2/2',
    runningCost: cost === 0 ? undefined : () => cost,
  });
const around = (problem: Problem) =>
  studyDirections({ ...scenario, problem }, { points: [[0, 0]], directions: 6, lengths: [0.5, 1], nodes: 201 });

describe('the page over directions', () => {
  test('in the plane: H̄ as a radius around the circle, and the polygon of velocities beside the segment', () => {
    const [hamiltonian, velocities] = directionFigures(around(planar(0)));
    expect(hamiltonian.data.map((each) => (each as { type: string }).type)).toEqual(Array(4).fill('scatterpolar'));
    const [body, constant] = velocities.data as { x: number[]; fill: string }[];
    expect(body.fill).toBe('toself');
    expect(constant.x).toHaveLength(3);
  });

  test('a negative H̄ is no radius and is drawn over the angle', () => {
    const [hamiltonian] = directionFigures(around(planar(3)));
    expect((hamiltonian.data[0] as { type: string }).type).toBe('scatter');
  });

  test('on the line: H̄ over p through 0, and one figure of intervals over x', () => {
    const study = studyDirections(scenario, { points: [[1], [0]], directions: 2, lengths: [1] });
    const figures = directionFigures(study);
    expect(figures.map(({ id }) => id)).toEqual(['hamiltonian-0', 'hamiltonian-1', 'velocities']);
    expect((figures[0].data[0] as { x: number[] }).x).toEqual([-1, 0, 1]);
  });

  test('is the same for the same study, and escapes the title', () => {
    const study = { ...around(planar(0)), title: '<b>&' };
    const origin = { version: '1.0', warnings: ['assumption (A) fails'] };
    const page = renderDirections(study, origin);
    expect(page).toBe(renderDirections(study, origin));
    expect(page).toContain('<h1>&lt;b&gt;&amp;</h1>');
    expect(page).toContain('<li>assumption (A) fails</li>');
  });

  test('the table has a row for every point, length and direction, and ℓ̄ where there is a running cost', () => {
    expect(directionTable(around(planar(0))).rows).toHaveLength(12);
    const keys = (problem: Problem) => directionTable(around(problem)).columns.map(({ key }) => key);
    expect(keys(planar(0))).not.toContain('cost');
    expect(keys(planar(3))).toContain('cost');
  });
});

describe('the command line', () => {
  test('hamiltonian --directions: H̄ and φ̄ around every x, in text, JSON, CSV and on a page', {
    tags: ['full'],
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'directions-'));
    const line = `hamiltonian ${rotational} --directions 8 --x x1=1,x2=0 --nodes 101 --out ${folder}`;
    const { tables, written } = await json(line);
    expect(tables).toHaveLength(1);
    const { H } = reference.rotational_2d.hamiltonian_controlled[0];
    const [first] = tables[0].velocities;
    expect(first.p).toEqual([1, 0]);
    expect(Math.abs(first.value - H)).toBeLessThan(1e-3); // measured 7.1e-5 at 101 nodes
    expect(Math.abs(first.integral - H)).toBeLessThan(1e-3); // measured 3.4e-4
    expect(tables[0].body).toHaveLength(8);
    const [page, record, csv] = written.map((path: string) => readFileSync(path, 'utf8'));
    expect(page).toContain('scatterpolar');
    expect(page).toContain('Velocities of the effective system, x = (1, 0)');
    expect(JSON.parse(record).tables).toEqual(tables);
    expect(csv.split('\r\n')[0]).toBe('x1,x2,p1,p2,value,velocity1,velocity2,overConstant,residual,error');
    expect(csv.split('\r\n')).toHaveLength(10);
    rmSync(folder, { recursive: true });
  });

  test('hamiltonian --directions without --out prints the table and writes nothing', async () => {
    const { code, stdout, stderr } = await hjb('hamiltonian quadratic --directions 2 --lengths 0.5,1 --x x=1 --x x=0');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/2 directions of p, \|p\| = 0.5, 1/);
    expect(stdout).toMatch(/^1 +1\.00000 +0\.868705 +-0\.868705 +0\.666667/m); // docs/theory.md §7.1; u∇F = −2/3
    expect(stdout).not.toMatch(/NaN|undefined|written/);
  });

  test.each([
    [`${isotropic} --directions 8 --at x1=1,x2=0,p1=1,p2=0`, /--at does not go with --directions/],
    [`${isotropic} --directions 8 --method ergodic`, /one measure for all of them.*take gibbs or stationary/],
    [`${isotropic} --lengths 2`, /--lengths is given without --directions/],
    [`${isotropic} --directions 8 --lengths 1,0`, /--lengths contains 0/],
    ['quadratic --directions 8', /no 8 directions on a line/],
  ])('hamiltonian %s is refused', async (words, message) => {
    const { code, stderr } = await hjb(`hamiltonian ${words}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

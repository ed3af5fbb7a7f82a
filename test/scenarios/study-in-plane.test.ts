import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dataset, File, ready } from 'h5wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { readStudy } from '../../scenarios/report/read-study.ts';
import { renderReport } from '../../scenarios/report/study-page.ts';
import { writeStudy } from '../../scenarios/report/write-study.ts';
import type { Scenario, StudySettings } from '../../scenarios/scenario.ts';
import { nodesOf, select, valuesOf } from '../../scenarios/study/field.ts';
import { runStudy } from '../../scenarios/study/run-study.ts';
import type { Study } from '../../scenarios/study/study.ts';
import { withKnownSolutions } from '../../src/exact/known-solutions.ts';
import { expectListed } from '../documented-fields.ts';
import { describeInLanes } from '../lanes.ts';
import { isotropic, reference } from '../problems.ts';

const folder = mkdtempSync(join(tmpdir(), 'plane-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The scenario with the fewest nodes there may be and no paths. */
function tiny(scenario: Scenario, more: Partial<StudySettings> = {}): Scenario {
  const { cell } = scenario.study;
  const nodes = { x: [11, 13, 16], y: [11, 13] };
  const epsilon = [0.1, 0.01, 0.001];
  const study = {
    ...scenario.study,
    epsilon,
    nodes,
    paths: null,
    cell: { ...cell, at: cell.at.slice(0, 1), radius: [3, 4] },
  };
  return { ...scenario, study: { ...study, ...more } };
}

function fromText(name: string, text: string): Scenario {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, text);
  return readScenario(path);
}

function tableOf(study: Study, name: string) {
  const table = study.tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

function figuresOf(study: Study): string[] {
  const own = renderReport(study).replace(/<script>[\s\S]*?<\/script>/g, '');
  const places = [...own.matchAll(/data-figure="([^"]*)"/g)].map((match) => match[1]);
  expect(places.sort()).toEqual(Object.keys(JSON.parse(/id="figures">([^<]*)</.exec(own)?.[1] ?? '')).sort());
  return places;
}

function expectFinite(study: Study): void {
  expect(study.outcome).toEqual({ status: 'converged' });
  for (const table of study.tables) {
    for (const cell of table.rows.flatMap((row) => Object.values(row))) {
      if (typeof cell === 'number') expect(Number.isFinite(cell), table.name).toBe(true);
    }
  }
}

test('the limit of the isotropic quadratic loss is that on the line at |x|', () => {
  const { exact } = withKnownSolutions(isotropic(), [
    { lower: -2, upper: 2 },
    { lower: -2, upper: 2 },
  ]);
  for (const { x1, x2, v } of reference.isotropic_2d.effective_value) {
    // Measured 2e-13 at most.
    expect(Math.abs((exact?.limit?.(1, [x1, x2]) ?? Number.NaN) - v)).toBeLessThan(1e-10);
  }
  const tilted = { ...isotropic(), runningCost: () => 1 };
  expect(withKnownSolutions(tilted, [{ lower: -2, upper: 2 }]).exact).toBeUndefined();
});

test('a small study of rotational-2d, without a potential, converges like ε', { tags: ['full'] }, async () => {
  const study = await runStudy(tiny(readScenario('rotational-2d')), { version: 'test' });
  expectFinite(study);
  const { overallOrder } = tableOf(study, 'epsilon').series[0];
  expect(overallOrder).toBeGreaterThan(0.95);
  expect(overallOrder).toBeLessThan(1.05);
  expect(figuresOf(study)).toContain('limit-surface');
});

describe('a small study of isotropic-2d', { tags: ['full'] }, () => {
  let study: Study;
  beforeAll(async () => {
    const scenario = readScenario('isotropic-2d');
    const side = { lower: -2, upper: 2 };
    const wider = { ...scenario, observe: { ...scenario.observe, x: [side, side] } };
    study = await runStudy(tiny(wider), { version: 'test' });
  });

  test('converges, and every number in every table is finite', () => expectFinite(study));

  test('every value lies within its stated error bound of the exact one; where the x-box is too small there is none', () => {
    const { rows: all, notes } = tableOf(study, 'values');
    const rows = all.filter((row) => typeof row.error === 'number');
    expect(rows.length).toBe(3);
    const bounded = rows.filter((row) => row.bound !== null);
    expect(bounded.length).toBe(2);
    for (const row of bounded) expect(Number(row.error)).toBeLessThanOrEqual(Number(row.bound));
    // (2, 1) stands beside the end of the box.
    expect(rows.find((row) => row.bound === null)).toMatchObject({ x1: 2, x2: 1 });
    expect(notes.join()).toMatch(/No bound is known in \d+ of 12 rows: the x-box is too small for the dynamics/);
    const [{ v }] = reference.isotropic_2d.effective_value;
    const at = rows.find(({ x1, x2 }) => x1 === 1 && x2 === 0);
    expect(at?.exact).toBeCloseTo(v, 9);
  });

  test('the same-grid difference falls with order 1 in ε', () => {
    // Between ε = 0.01 and 0.001; measured 0.975.
    expect(tableOf(study, 'epsilon').rows.at(-1)?.sameGridOrder).toBeGreaterThan(0.95);
    expect(tableOf(study, 'epsilon').rows.at(-1)?.sameGridOrder).toBeLessThan(1.05);
  });

  test('the routes to H̄ agree with the exact one', () => {
    const [{ H }] = reference.isotropic_2d.hamiltonian;
    for (const { method, value } of tableOf(study, 'hamiltonian').rows) {
      // Measured 3e-15 (gibbs), 1.7e-4 (stationary, ergodic: kink on 161² nodes), 4e-4 (cell).
      const tolerance = method === 'gibbs' ? 1e-12 : 1e-3;
      expect(Math.abs(Number(value) - H), String(method)).toBeLessThan(tolerance);
    }
  });

  test('the steps that ran are certified monotone and stable', () => {
    expect(study.certificates.map(({ monotone, stable }) => [monotone.status, stable.status])).toEqual([
      ['holds', 'holds'],
      ['holds', 'holds'],
    ]);
  });

  test('the arrows of the feedback point to the minimum, wherever v is not flat', () => {
    const [xs, ys] = ['x1_velocity', 'x2_velocity'].map((axis) => nodesOf(study.fields, axis));
    const [us, vs] = ['velocity_x1', 'velocity_x2'].map((name) => valuesOf(study.fields, name));
    const feedback = us.map((u, k) => ({
      x: [xs[k % xs.length], ys[Math.floor(k / xs.length)]],
      velocity: [u, vs[k]],
    }));
    expect(feedback).toHaveLength(225);
    for (const { x, velocity } of feedback.filter(({ x: [x1, x2] }) => Math.hypot(x1, x2) > 1.2)) {
      const cosine = -(x[0] * velocity[0] + x[1] * velocity[1]) / Math.hypot(...x) / Math.hypot(...velocity);
      // Measured 0.997 at least: on 16 nodes the level lines of v are not quite circles.
      expect(cosine).toBeGreaterThan(0.98);
    }
  });

  test('the report shows maps, the surface, arrows, measures, correctors, and no descents of a single valley', () => {
    const shown = figuresOf(study);
    const wanted = ['limit-map', 'value-map', 'limit-surface', 'value-lines', 'fast-map', 'feedback', 'errors-epsilon'];
    expect(shown).toEqual(expect.arrayContaining([...wanted, 'hamiltonian-1', 'measure-2', 'cell-1', 'corrector-1']));
    expect(shown).not.toContain('descents');
  });

  test('the results folder reads back the same, and fields.h5 keeps v with its axes', async () => {
    const directory = join(folder, 'isotropic');
    await writeStudy(study, directory);
    expect(await readStudy(directory)).toEqual(study);
    const { FS } = await ready;
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(join(directory, 'fields.h5'));
    (FS as unknown as { writeFile(name: string, data: Uint8Array): void }).writeFile('plane.h5', bytes);
    const file = new File('plane.h5', 'r');
    const v = file.get('v') as Dataset;
    expect(v.shape).toEqual([5, 16, 16]);
    expect(v.get_attached_scales(1)).toEqual(['/x2']);
    expect([...(v.value as Float64Array)]).toEqual(select(study.fields, 'v')?.values);
    expect((file.get('V_over_x') as Dataset).shape).toEqual([3, 5, 16, 16]);
    expect((file.get('V_over_y') as Dataset).shape).toEqual([3, 13, 13]);
    file.close();
  });
});

const MIXED = {
  'one-slow-two-fast': `
model: {kind: slow-fast, slow: {x: "u*(1 + 0.5*cos(y1)) + 0.1*y2"}, fast: {potential: "(y1^2 + y2^2)/2"},
  control: {u: [-1, 1]}, terminal: "x^2/2"}
horizon: 0.2
domain: {x: [-2, 2]}
study: {cell: {at: [{x: 1, p: 1}]}}
`,
  'two-slow-one-fast': `
model: {kind: slow-fast, slow: {x1: "u + 0.5*cos(y)", x2: "-x2 + y"}, fast: {potential: "y^2/2"},
  control: {u: [-1, 1]}, terminal: "(x1^2 + x2^2)/2"}
horizon: 0.2
domain: {x: [-2, 2]}
study: {cell: {at: [{x: 1, p: 1}]}}
`,
};

const isQuick = ([name]: readonly string[]) => name === 'two-slow-one-fast';
describeInLanes(Object.entries(MIXED), isQuick)('a small study of %s', ([name, text]) => {
  let study: Study;
  beforeAll(async () => {
    study = await runStudy(tiny(fromText(name, text), { epsilon: [0.1, 0.001] }), { version: 'test' });
  });

  test('converges, and every number in every table is finite', () => expectFinite(study));

  test('its report draws what has one variable as a line and what has two as a map', () => {
    const shown = figuresOf(study);
    expect(shown).toContain('value-lines');
    expect(shown.includes('limit-map')).toBe(name === 'two-slow-one-fast');
    expect(shown.includes('fast-map')).toBe(name === 'one-slow-two-fast');
  });

  test('docs/data.md lists its variables', () => expectListed(study.fields));
});

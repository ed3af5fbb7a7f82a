/** Ensembles in studies and on pages. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { pathFigures } from '../../scenarios/report/path-figures.ts';
import { renderPaths } from '../../scenarios/report/paths-page.ts';
import { memoryResults } from '../../scenarios/run/piece.ts';
import { takePieces } from '../../scenarios/run/take-pieces.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { pathPieces } from '../../scenarios/study/path-pieces.ts';
import { limitPathOf, recordPaths } from '../../scenarios/study/path-record.ts';
import { landscapeOf, type PathStudy, pathTable } from '../../scenarios/study/path-study.ts';
import { prepareStudy } from '../../scenarios/study/setup.ts';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Problem } from '../../src/model/problem.ts';
import { generalProblem } from '../line-problem.ts';
import { hjb } from '../run-hjb.ts';

const folder = mkdtempSync(join(tmpdir(), 'hjb-paths-'));
afterAll(() => rmSync(folder, { recursive: true }));

function asking(name: string, paths: Scenario['study']['paths']): Scenario {
  const scenario = readScenario(name);
  return { ...scenario, study: { ...scenario.study, paths } };
}

async function studyPaths(scenario: Scenario): Promise<PathStudy | null> {
  const results = memoryResults();
  const { pieces, found } = pathPieces(prepareStudy(scenario));
  await takePieces(pieces, results, { kernel: await wasmKernel() });
  return found((key) => results.read(key));
}

async function pathsOf(name: string, epsilon: number[], count: number): Promise<PathStudy> {
  const asked = asking(name, { epsilon, count, seed: 2, scheme: null });
  const paths = await studyPaths(asked);
  if (paths === null) throw new Error('paths were asked for');
  return paths;
}

function expectCosts(paths: PathStudy): void {
  for (const { cost, reference } of paths.records) {
    const { value, gridError } = reference ?? { value: Number.NaN, gridError: 0 };
    expect(Math.abs(cost.mean - value)).toBeLessThan(3 * cost.standardError + gridError);
  }
  for (const { verdict } of pathTable(paths).rows) expect(verdict).toBe('agrees');
}

describe('the paths of a study on the line', () => {
  let line: PathStudy;
  beforeAll(async () => {
    line = await pathsOf('quadratic', [0.02, 0.1], 3000);
  });

  test('cost Vᵉ, within 3 standard errors and the grid error', () => expectCosts(line));

  test('approach the limit like ε, larger ε first', () => {
    expect(line.records.map(({ epsilon }) => epsilon)).toEqual([0.1, 0.02]);
    // 3000 paths: ±0.07; terms of order ε² make it 0.95.
    expect(pathTable(line).rows[1].order).toBeGreaterThan(0.88);
    expect(pathTable(line).rows[1].order).toBeLessThan(1.05);
  });

  test('have fans in order, controls in U, and as many ends as paths', () => {
    for (const { fans, controls, ends, paths, times } of line.records) {
      expect(times.length).toBe(51);
      for (let l = 1; l < fans[0].levels.length; l++) {
        fans[0].values[l].forEach((value, k) => {
          expect(value).toBeGreaterThanOrEqual(fans[0].values[l - 1][k]);
        });
      }
      for (const u of controls[0].mean) expect(u >= 0 && u <= 1).toBe(true);
      expect(ends[0].counts.reduce((sum, count) => sum + count, 0)).toBe(paths);
    }
  });

  test('have figures: a fan per ε, the controls and the ends', () => {
    expect(pathFigures(line).map(({ id }) => id)).toEqual([
      'paths-fan-0',
      'paths-fan-1',
      'paths-controls',
      'paths-ends',
    ]);
  });

  test('stand on a page that is the same for the same ensembles', () => {
    const origin = { version: '0', scenario: 'quadratic', title: 'Quadratic', warnings: [] };
    const page = renderPaths(line, origin);
    expect(page).toBe(renderPaths(line, origin));
    expect(page).toContain('data-figure="paths-fan-1"');
  });

  test('are none where the scenario asks for none', async () => {
    expect(await studyPaths(asking('quadratic', null))).toBeNull();
  });
});

test('the page of an argmin of v has v and no column without a number; without a value there are fewer', async () => {
  const out = join(folder, 'extended');
  const words = 'simulate quadratic --nodes x=21,y=21 --epsilon 0.1 --paths 20 --control extended';
  expect((await hjb(`${words} --out ${out}`)).code).toBe(0);
  const [, table] = /<table[^>]*>(.*?)<\/table>/s.exec(readFileSync(join(out, 'report.html'), 'utf8')) ?? [];
  const cells = (name: string) =>
    [...table.matchAll(new RegExp(`<${name}[^>]*>(.*?)</${name}>`, 'gs'))].map(([, text]) => text);
  expect(cells('th').slice(6, -1)).toEqual(['v', 'grid error']);
  expect(cells('td')).not.toContain('–');
  const study: PathStudy = JSON.parse(readFileSync(join(out, 'simulate.json'), 'utf8'));
  const labels = (reference: PathStudy['records'][number]['reference']) =>
    pathTable({ ...study, records: [{ ...study.records[0], reference }] }).columns.map(({ label }) => label);
  expect(labels(null).slice(6)).toEqual(['E|X_T−X̂_T|²']);
  const known = labels({ value: 0.2, gridError: 0, isCost: true });
  expect(known.slice(6, -1)).toEqual(['Vᵉ', 'grid error', '|E cost−Vᵉ|', 'verdict']);
});

describe('the paths of a study in the plane', { tags: ['full'] }, () => {
  let plane: PathStudy;
  beforeAll(async () => {
    plane = await pathsOf('isotropic-2d', [0.2], 500);
  });

  test('cost Vᵉ, within 3 standard errors and the grid error', () => expectCosts(plane));

  test('carry f on the x-box, the first axis contiguous', () => {
    const { axes, values } = plane.landscape;
    const k = 7 * axes[0].length + 3;
    expect(values[k]).toBeCloseTo((axes[0][3] ** 2 + axes[1][7] ** 2) / 2, 12);
  });

  test('have figures: the paths, the controls and the ends along both axes', () => {
    expect(pathFigures(plane).map(({ id }) => id)).toEqual([
      'paths-plane-0',
      'paths-controls',
      'paths-ends-1',
      'paths-ends-2',
    ]);
  });
});

describe('hjb simulate in the plane', () => {
  test('starts at a point by its names, writes a page, and repeats its numbers', { tags: ['full'] }, async () => {
    const out = join(folder, 'sim');
    const words = `simulate rotational-2d --epsilon 0.2 --paths 300 --nodes x=9,y=9 --at x1=1,x2=0,y1=0,y2=0 --out ${out} --json`;
    const first = await hjb(words);
    expect(first.code).toBe(0);
    const found = JSON.parse(first.stdout);
    expect(found.at).toEqual({ x1: 1, x2: 0, y1: 0, y2: 0 });
    expect(found.limit.length).toBe(2);
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    const again = JSON.parse((await hjb(words)).stdout);
    expect(again.meanCost).toBe(found.meanCost);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toBe(page);
  });

  test('refuses a folder that is a file', async () => {
    const { code, stderr } = await hjb(`simulate quadratic --epsilon 0.1 --out ${import.meta.filename}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--out – .* is a file/);
  });
});

describe('paths with noise in x', () => {
  const origin = { version: '0', scenario: 'noisy', title: 'noisy', warnings: [] };
  const studyOf = async (noise: string, more: Partial<Problem> = {}) => {
    const slow = { drift: '-x', noise: [noise] };
    const problem: Problem = { ...generalProblem({ slow, fast: { drift: '-y' }, terminal: 'x^2+y' }), ...more };
    const axes = { slow: [uniformAxis('x', -5, 5, 21)], fast: [uniformAxis('y', -6, 6, 41)] };
    const options = { ...axes, x: [1], y: [0], control: { kind: 'constant', u: [] }, records: 4, seed: 2 } as const;
    const limit = await limitPathOf(problem, options, {});
    const recordAt = async (epsilon: number) => {
      const { record } = await recordPaths(problem, { ...options, epsilon, paths: 60 }, limit, {});
      return { ...record, reference: null };
    };
    const records = [await recordAt(1), await recordAt(0.1)];
    const landscape = landscapeOf(problem, axes.slow, [0]);
    return { x: [1], y: [0], control: 'none', source: 'exact', records, limit: limit.path, landscape };
  };
  const keysOf = (study: PathStudy) => pathTable(study).columns.map(({ key }) => key);

  test('that does not see y: a column of distances along the same noise', { tags: ['full'] }, async () => {
    const study = await studyOf('0.3');
    expect(study.records.map(({ comparison }) => comparison)).toEqual(['same noise', 'same noise']);
    expect(keysOf(study)).toContain('distance');
    expect(keysOf(study)).not.toContain('meanDifference');
    expect(renderPaths(study, origin)).toContain('Where the paths end');
  });

  test('that sees y: a column of differences of means', { tags: ['full'] }, async () => {
    const study = await studyOf('1+y/2');
    expect(keysOf(study)).toEqual(expect.arrayContaining(['meanDifference', 'meanDifferenceError']));
    expect(keysOf(study)).not.toContain('distance');
    expect(study.limit.states).toHaveLength(5);
  });

  test('in the pieces of a study', { tags: ['full'] }, async () => {
    const asked = asking('quadratic-uncontrolled', { epsilon: [0.1], count: 200, seed: 2, scheme: null });
    const slowNoise = [[formula('1+y/2', ['x'], ['y'], ['u'])]];
    const study = await studyPaths({ ...asked, problem: { ...asked.problem, slowNoise, exact: undefined } });
    expect(study?.records.map(({ method, comparison }) => [method, comparison])).toEqual([['platen', 'means']]);
  });

  test('without a limit system nothing is compared, and a warning says why', async () => {
    const study = await studyOf('0.3', { centredDrift: [formula('1+y', ['x'], ['y'])] });
    expect(study.records[0].comparison).toBe('none');
    expect(study.records[0].warnings).toEqual([
      expect.stringMatching(/^no limit path: component 1 of the centred drift .* has the mean 1\.0/),
    ]);
    expect(renderPaths(study, origin)).toContain('Where the paths end');
  });
});

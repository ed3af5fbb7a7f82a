/** Values set from outside, sweeps of them as one study, and two studies side by side. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Dataset, File, ready } from 'h5wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderOf, membersOf } from '../../scenarios/read/members.ts';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { renderSweep } from '../../scenarios/report/sweep-page.ts';
import { writeStudy } from '../../scenarios/report/write-study.ts';
import { writeSweep } from '../../scenarios/report/write-sweep.ts';
import type { Study } from '../../scenarios/study/study.ts';
import { compareTables } from '../../scenarios/sweep/compare-studies.ts';
import { sweepOf } from '../../scenarios/sweep/sweep-of.ts';
import { parameterKey } from '../../scenarios/sweep/sweep-table.ts';
import { sweptMember, unsolvedMember } from '../../scenarios/sweep/swept-member.ts';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import { sampleStudy } from '../fixtures/study-sample.ts';
import { hjb, json } from '../run-hjb.ts';

const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
const file = join(folder, 'given.yaml');
const home = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

function written(more: string): string {
  writeFileSync(
    file,
    `title: Given
model: {kind: deep-relaxation, loss: a*x^2/2, gamma: gamma, control: [0, 1]}
parameters: {a: 1, b: 3, gamma: 2*a}
horizon: 1
domain: {x: [-2.5, 2.5]}
study: {epsilon: [1, 0.1], nodes: {x: [11, 21], y: 21}, cell: {at: [{x: 1, p: 1}], radius: 3}}
${more}`,
  );
  return file;
}

function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('a value that is set', () => {
  test('replaces that of the file, and later parameters follow it', () => {
    const { parameters, problem, name, title, set } = readScenario(written(''), { a: '1/2 + 1' });
    expect(parameters).toEqual({ a: 1.5, b: 3, gamma: 3 });
    expect(problem.fast.deepRelaxation?.gamma).toBe(3);
    expect([name, title, set]).toEqual(['given,a=1.5', 'Given (a = 1.5)', { a: '1/2 + 1' }]);
  });

  test('is a formula of parameters above it, the horizon under both of its names, and in the order of the file', () => {
    const { parameters, problem, name } = readScenario(written(''), { T: '2*b', gamma: '7*a' });
    expect([parameters.gamma, problem.horizon, name]).toEqual([7, 6, 'given,gamma=7,horizon=6']);
    expect(readScenario('rastrigin-2d', { gamma: '40' }).problem.fast.deepRelaxation?.gamma).toBe(40);
  });

  test.each([
    [
      { gama: '4' },
      /^--set – there is no parameter "gama" in .* – it has a, b, gamma, horizon \(or T\) – did you mean gamma/,
    ],
    [{ gamma: '4*' }, /^--set gamma=4\* – parameters\.gamma: "4\*" is not a formula/],
    [{ a: 'gamma' }, /^--set a=gamma – parameters\.a: the name "gamma" is unknown/],
    [{ b: '1' }, /^--set b=1 – no formula of the file uses the parameter b/],
    [{ gamma: '1/0' }, /^--set gamma=1\/0 – parameters\.gamma is Infinity/],
    [{ T: '1', horizon: '1' }, /^--set \S+ – horizon is given twice/],
    [{ gamma: '0' }, /given\.yaml:2 – model\.gamma is 0 \(gamma = 0\) – /],
  ])('is refused with its place: %o', (set, message) => {
    expect(refusal(() => readScenario(written(''), set as Record<string, string>))).toMatch(message);
  });

  test('is said by every command: in the title, in JSON, in the name of the folder', async () => {
    written('');
    const found = await json('check given.yaml --set gamma=4');
    expect([found.scenario, found.set]).toEqual(['given,gamma=4', { gamma: '4' }]);
    expect((await hjb('check given.yaml --set gamma=4')).stdout).toMatch(/^Given \(gamma = 4\)/);
    expect((await hjb('check given.yaml --set gamma')).stderr).toMatch(/"gamma" is not name=value/);
    expect((await hjb('check given.yaml --set a=1 --set a=2')).stderr).toMatch(/^--set – --set gives a twice/);
  });
});

describe('a sweep', () => {
  test.each(['study: {epsilon: []}', 'study: {nodes: {x: []}}', 'sweep: {gamma: []}'])(
    'an empty list, %s, is named',
    (more) => {
      writeFileSync(
        file,
        `model: {kind: deep-relaxation, loss: x^2, gamma: 4, control: [0, 1]}
horizon: 1
domain: {x: [-1, 1]}
${more}`,
      );
      expect(refusal(() => readScenario(file))).toMatch(
        /given\.yaml:4 – .* is a list of 0 – it must be a .*list.* – write \[/,
      );
    },
  );

  test('is the product of its lists, the first name slowest', () => {
    const scenario = readScenario(written('sweep: {T: [1, 2], gamma: {from: 2, to: 8, count: 3, scale: log}}'));
    expect(scenario.parameters.gamma).toBe(2);
    const members = membersOf(scenario);
    const expected = [1, 2].flatMap((T) => [2, 4, 8].map((gamma) => ({ horizon: T, gamma })));
    expect(members.map(({ values }) => values)).toEqual(expected);
    expect(members.map(({ scenario: { problem } }) => problem.horizon)).toEqual([1, 1, 1, 2, 2, 2]);
    expect(folderOf(members[1].values)).toBe('horizon=1,gamma=4');
    const set = readScenario(file, { gamma: '4' });
    expect(set.sweep).toEqual([{ name: 'horizon', values: [1, 2] }]);
    expect(membersOf(set).map(({ scenario: { name } }) => name)).toEqual([
      'given,gamma=4,horizon=1',
      'given,gamma=4,horizon=2',
    ]);
  });

  test('ranges hold both ends exactly and increase, whatever they are', () => {
    const ends = fc.tuple(
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      fc.double({ min: 1e-2, max: 1e3, noNaN: true }),
    );
    fc.assert(
      fc.property(
        ends,
        fc.integer({ min: 2, max: 9 }),
        fc.constantFrom('linear', 'log'),
        ([from, width], count, scale) => {
          const range = `{from: ${from}, to: ${from + width}, count: ${count}, scale: ${scale}}`;
          const [{ values }] = readScenario(written(`sweep: {gamma: ${range}}`)).sweep;
          expect([values.length, values[0], values.at(-1)]).toEqual([count, from, from + width]);
          expect(values.every((value, k) => k === 0 || value > values[k - 1])).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });

  test.each([
    ['{gama: [1]}', /given\.yaml:7 – there is no parameter "gama"/],
    ['{b: [1]}', /given\.yaml:7 – no formula of the file uses the parameter b/],
    ['{gamma: [2, 1+1]}', /given\.yaml:7 – gamma is 2 twice/],
    ['{gamma: [a]}', /given\.yaml:7 – sweep\.gamma\[0\]: the name "a" is unknown/],
    ['{gamma: []}', /given\.yaml:7 – sweep\.gamma is .* – write \[2, 4, 8\]/],
    ['{gamma: 4}', /given\.yaml:7 – sweep\.gamma is 4 – it must be a list of values or/],
    ['{gamma: {from: 4, to: 2, count: 3}}', /given\.yaml:7 – a range runs from 4 to 2/],
    ['{gamma: {from: 0, to: 2, count: 3, scale: log}}', /given\.yaml:7 – a range from 0 is logarithmic/],
    ['{gamma: {from: 1, to: 2, count: 1}}', /given\.yaml:7 – a range has 1 values/],
    ['{gamma: {from: 1, to: 2, count: 1e9}}', /given\.yaml:7 – the sweep has 1000000000 members – .* at most 10000/],
    ['{gamma: [2], T: [1], horizon: [2]}', /given\.yaml:7 – horizon is given twice/],
  ])('is refused with its line: %s', (sweep, message) => {
    expect(refusal(() => readScenario(written(`sweep: ${sweep}`)))).toMatch(message);
  });

  test('checks every member before any work, and names it', async () => {
    written('sweep: {a: [1], gamma: [4, 0]}');
    const { code, stderr } = await hjb('study given.yaml');
    expect(code).toBe(2);
    expect(stderr).toMatch(/given\.yaml:2 – model\.gamma is 0 \(a = 1, gamma = 0\) – /);
    expect(existsSync('results')).toBe(false);
  });
});

/** Studies of a sweep in numbers that can be told apart. */
function studyOf(gamma: number, horizon: number, diverged = false): Study {
  const table = (name: string, rows: ConvergenceTable['rows'], keys: readonly string[]): ConvergenceTable => ({
    ...{ name, title: name, caption: '', notes: [], series: [], rows },
    columns: [
      ...keys.map((key) => ({ key, label: key, kind: 'parameter' as const })),
      { key: 'value', label: 'value', kind: 'value' },
      { key: 'bound', label: 'bound', kind: 'error' },
    ],
  });
  const point = { x: 0.5, y: 0, bound: 0.1 };
  const values = [
    { epsilon: 1, ...point, value: gamma },
    { epsilon: 0.1, ...point, value: gamma + horizon },
    { epsilon: 'limit', ...point, y: null, value: 10 * gamma + horizon },
  ];
  const routes = [
    { x: '1', p: '1', method: 'gibbs', value: gamma, lower: null, upper: null },
    { x: '1', p: '1', method: 'cell', value: gamma, lower: gamma - 0.3, upper: gamma + 0.2 },
    { x: '2', p: '1', method: 'cell', value: gamma, lower: gamma - 0.01, upper: gamma + 0.01 },
  ];
  const distances = [1, 0.1].map((epsilon) => ({ epsilon, sameGrid: epsilon / gamma, sameGridOrder: null }));
  const sample = sampleStudy();
  return {
    ...sample,
    outcome: diverged ? { status: 'diverged', advice: 'too few steps' } : { status: 'converged' },
    verdict: { word: diverged ? 'diverged' : 'converged', parts: [] },
    tables: [
      table('values', values, ['epsilon', 'x', 'y']),
      table('hamiltonian', routes, ['x', 'p', 'method']),
      table('epsilon', distances, ['epsilon']),
    ],
  };
}

describe('what a sweep says', () => {
  const run = { name: 'r0123', version: 'test' };
  const swept = { gamma: [2, 4, 8], horizon: [1, 2] };
  const scenario = () => readScenario(written(`sweep: {gamma: [2, 4, 8], T: [1, 2]}`));
  const members = () =>
    membersOf(scenario()).map(({ values }) => {
      const place = { values, folder: folderOf(values) };
      if (values.gamma === 8 && values.horizon === 2) return unsolvedMember(place, 'no room');
      return sweptMember(place, studyOf(values.gamma, values.horizon, values.gamma === 4 && values.horizon === 1));
    });

  test('a row for every member: the centre of K, bounds, H̄ with the narrowest enclosure, nothing of a diverged one', () => {
    const { table, verdict } = sweepOf(scenario(), run, members());
    expect(table.rows.map(({ gamma, horizon }) => [gamma, horizon])).toEqual(
      swept.gamma.flatMap((gamma) => swept.horizon.map((horizon) => [gamma, horizon])),
    );
    const [first, , diverged] = table.rows;
    expect(first).toMatchObject({ limit: 21, limitBound: 0.1, value_1: 2, 'value_0.1': 3, distance_1: 0.5 });
    expect(first.hamiltonianBound).toBeCloseTo(0.3, 12);
    expect([diverged.limit, diverged.value_1, diverged.hamiltonian, diverged.verdict]).toEqual([
      null,
      null,
      null,
      'diverged',
    ]);
    expect(verdict).toEqual({ word: 'not solved', parts: ['members: not solved 1, diverged 1, converged 4'] });
    expect(parameterKey('order')).not.toBe('order');
  });

  test('its file has the parameters as axes, NaN where a member has no number', async () => {
    const sweep = sweepOf(scenario(), run, members());
    const paths = await writeSweep(sweep, new Map(), join(folder, 'out'));
    const names = ['fields.h5', 'report.html', 'sweep.json', 'tables/sweep.csv', 'tables/sweep.md', 'tables/sweep.tex'];
    expect(paths.sort()).toEqual(names.map((name) => join(folder, 'out', name)));
    const { FS } = await ready;
    // biome-ignore lint/suspicious/noExplicitAny: the file system of h5wasm has no types.
    (FS as any).writeFile('swept.h5', readFileSync(join(folder, 'out', 'fields.h5')));
    const data = new File('swept.h5', 'r');
    const parameters = ['/gamma', '/horizon'];
    const axesOf = (set: Dataset) => (set.shape ?? []).flatMap((_, k) => set.get_attached_scales(k));
    const limit = data.get('v_centre') as Dataset;
    expect([limit.shape, axesOf(limit)]).toEqual([[3, 2], parameters]);
    expect(Array.from(limit.value as Float64Array)).toEqual([21, 22, Number.NaN, 42, 81, Number.NaN]);
    const V = data.get('V_over_x') as Dataset;
    expect(axesOf(V)).toEqual([...parameters, '/epsilon', '/x']);
    const inner = (V.shape as number[])[2] * (V.shape as number[])[3];
    const numbers = V.value as Float64Array;
    expect(numbers.slice(2 * inner, 3 * inner).every(Number.isNaN)).toBe(true);
    expect(axesOf(data.get('H') as Dataset)).toEqual([...parameters, '/x_table', '/p']);
    expect(Array.from((data.get('gamma') as Dataset).value as Float64Array)).toEqual([2, 4, 8]);
    data.close();
  });

  test('its page links to the reports of its members and draws lines per second value, a map where there are many', () => {
    const page = renderSweep(sweepOf(scenario(), run, members()));
    expect(page.match(/href="gamma=\d,horizon=\d\/report\.html"/g)).toHaveLength(5);
    expect(page).toContain('"name":"horizon = 1"');
    const wide = readScenario(written('sweep: {gamma: [2, 4], T: {from: 1, to: 2, count: 10}}'));
    const many = membersOf(wide).map(({ values }) =>
      sweptMember({ values, folder: folderOf(values) }, studyOf(values.gamma, values.horizon)),
    );
    expect(renderSweep(sweepOf(wide, run, many))).toContain('"type":"heatmap"');
  });
});

describe('two studies side by side', () => {
  test('rows are joined by their keys; a difference is held against both bounds', async () => {
    const [a, b] = [studyOf(2, 1), studyOf(2.15, 1)];
    await writeStudy(a, 'a');
    await writeStudy(b, 'b');
    const found = await json('compare a b --out compared');
    const { largest, cells } = found.tables.find(({ name }: { name: string }) => name === 'values');
    expect(cells).toHaveLength(3);
    expect(cells.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      'within the bounds',
      'within the bounds',
      'beyond the bounds',
    ]);
    expect(largest[0].keys).toEqual({ epsilon: 'limit', x: 0.5, y: null });
    expect(existsSync('compared/tables/compare-values.csv')).toBe(true);
    expect((await hjb('compare a b')).stdout).toMatch(
      /value: the largest difference is 1\.50e0 at .*, beyond the bounds/,
    );
    expect((await hjb('compare a b --set gamma=1')).stderr).toMatch(
      /^--set – --set has no meaning for a – A is a folder/,
    );
    expect((await hjb('compare a')).stderr).toMatch(/no B is given/);
    await writeStudy(studyOf(4, 1, true), 'c');
    expect((await hjb('compare a c')).code).toBe(1);
  });

  test('of two tables of any rows every row of both is counted once', () => {
    const rows = fc.array(fc.record({ x: fc.integer({ min: 0, max: 5 }), value: fc.double(), bound: fc.double() }));
    const table = (of: ConvergenceTable['rows']): ConvergenceTable => ({
      ...{ name: 'values', title: '', caption: '', notes: [], series: [], rows: of },
      columns: [
        { key: 'x', label: 'x', kind: 'parameter' },
        { key: 'value', label: 'value', kind: 'value' },
        { key: 'bound', label: 'bound', kind: 'error' },
      ],
    });
    fc.assert(
      fc.property(rows, rows, (ofA, ofB) => {
        const found = compareTables(table(ofA), table(ofB));
        const joined = ofA.length - found.onlyA;
        expect(ofB.length - found.onlyB).toBe(joined);
        expect(found.cells.length).toBeLessThanOrEqual(joined);
        for (const { difference, a, b } of found.cells) expect(difference === null).toBe(a === null || b === null);
      }),
      { numRuns: 100 },
    );
  });
});

test('a sweep of two members and two schemes, solved', { tags: ['full'] }, async () => {
  written('sweep: {gamma: [2, 4]}');
  const { code, stdout } = await hjb('study given.yaml --quiet --threads 1 --out swept');
  expect(code).toBe(0);
  expect(stdout).toContain('members: converged 2');
  for (const name of ['report.html', 'fields.h5', 'sweep.json', 'gamma=2/study.json', 'gamma=4/report.html']) {
    expect(existsSync(join('swept', name)), name).toBe(true);
  }
  const page = readFileSync(join('swept', 'report.html'), 'utf8');
  const members = await json('compare swept/gamma=2 swept/gamma=4');
  expect(members.settings.map(([label]: string[]) => label)).toContain('gamma');
  const two = await json('compare swept/gamma=2 given.yaml --set B.gamma=2 --scheme filtered --threads 1 --quiet');
  const [label, ...schemes] = two.settings.find((row: string[]) => row[0] === 'scheme in x');
  expect([label, schemes]).toEqual(['scheme in x', ['upwind', 'filtered']]);
  const routes = two.tables.find(({ name }: { name: string }) => name === 'hamiltonian');
  for (const { difference } of routes.largest) expect(difference).toBe(0);
  rmSync(join('swept', 'report.html'));
  expect((await hjb('report swept')).code).toBe(0);
  expect(readFileSync(join('swept', 'report.html'), 'utf8')).toBe(page);
});

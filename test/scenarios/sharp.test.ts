/** One value per point: the filtered one beside that of a monotone scheme, the same in every command and table. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { tableToTerminal } from '../../scenarios/report/table-terminal.ts';
import { runStudy } from '../../scenarios/study/run-study.ts';
import { MOST_UPDATES, sharpMethod, solvedSharply } from '../../scenarios/study/sharp-value.ts';
import type { Study } from '../../scenarios/study/study.ts';
import { InputError } from '../../src/input/input-error.ts';
import { allMethods } from '../../src/time/schemes.ts';
import { inLanes } from '../lanes.ts';
import { hjb, json } from '../run-hjb.ts';

const nodes = '--nodes x=41,y=31';
const point = '--at x=1,y=0.5';
const solving = `solve quadratic --epsilon 0.1 ${nodes} ${point}`;
const dear = `solve quadratic --epsilon 0.1 --nodes x=20001,y=5 --steps 4 ${point} --quiet`;
const limit = `effective quadratic ${nodes} --at x=1`;

describe('solve and effective', () => {
  test.each([solving, limit])('%s: the filtered value is that of --scheme filtered', async (line) => {
    const [beside, alone] = [await json(line), await json(`${line} --scheme filtered`)];
    expect(beside.at[0].filtered).toBe(alone.at[0].value);
    expect(beside.at[0].filtered).not.toBe(beside.at[0].value);
    expect(beside.sharp).toMatchObject({ scheme: 'filtered', time: 'ars222', leftOut: null, steps: alone.steps });
    expect(beside.sharp.filter).toEqual(alone.filter);
    // The bounds stay with the monotone value.
    expect(beside.at[0].lower).toBeLessThanOrEqual(beside.at[0].value);
    expect(beside.at[0].upper - beside.at[0].lower).toBeLessThan(1e-9);
  });

  test.each(['--no-sharp', '--scheme filtered', '--scheme weno'])('none with %s', async (flag) => {
    const found = await json(`${solving} ${flag}`);
    expect(found.sharp).toBeUndefined();
    expect(Object.keys(found.at[0])).toEqual(['x', 'y', 'value', 'lower', 'upper']);
    expect((await hjb(`${solving} ${flag}`)).stdout).toMatch(/\n +x +y +Vᵉ\n/);
  });

  test('stands beside every monotone scheme, the same whatever the number of steps', async () => {
    const { filtered } = (await json(solving)).at[0];
    for (const flags of ['--scheme local-lax-friedrichs', '--scheme semi-lagrangian', '--steps 300', '--time explicit'])
      expect((await json(`${solving} ${flags}`)).at[0].filtered).toBe(filtered);
  });

  test('what it did is one row, and what is left out says why', { tags: ['full'] }, async () => {
    const { stdout } = await hjb(solving);
    expect(stdout).toMatch(/filtered +\d+ steps of ARS\(2,2,2\), .* of fields, C = .*, fell back in/);
    expect((await hjb(dear)).stdout).toMatch(/filtered +left out: it takes .* updates of nodes, .*--scheme filtered/);
  });

  test('what is left out has its reason in the JSON', { tags: ['full'] }, async () => {
    const { at, sharp } = await json(dear);
    expect(at[0].filtered).toBeNull();
    expect(sharp.leftOut).toContain('updates of nodes');
  });
});

describe('what stands beside a value', () => {
  test('is found where the scheme is monotone', () => {
    for (const equation of ['epsilon', 'effective'] as const) {
      for (const method of allMethods(equation)) {
        const isSharp = ['weno', 'filtered'].includes(method.scheme.name);
        expect(sharpMethod(method)?.scheme.name).toBe(isSharp ? undefined : 'filtered');
      }
    }
  });

  test('is left out where it takes too much time or memory', async () => {
    const solve = async () => 1;
    expect(await solvedSharply(MOST_UPDATES / 10, () => 10, solve)).toEqual({ kind: 'found', solution: 1 });
    const dear = await solvedSharply(MOST_UPDATES / 10, () => 11, solve);
    expect(dear).toMatchObject({
      kind: 'left out',
      reason: expect.stringMatching(/^it takes 2\.2e9 .* more than 2e9,/),
    });
    const refused = await solvedSharply(
      1,
      () => 1,
      () => {
        throw new InputError('it needs 9 GiB', 'the kernel has 4 GiB', 'take fewer nodes');
      },
    );
    expect(refused).toEqual({ kind: 'left out', reason: 'it needs 9 GiB; the kernel has 4 GiB' });
  });
});

describe('simulate', () => {
  const start = `${nodes} --paths 20`;
  inLanes(['upwind', 'filtered'], (scheme) => scheme === 'filtered')(
    'under --scheme %s: the very Vᵉ of solve and v of effective',
    async (scheme) => {
      const line = `simulate quadratic --epsilon 0.1 ${start} ${point} --scheme ${scheme}`;
      const feedback = await json(line);
      expect(feedback).toMatchObject({ scheme, valueSource: `Vᵉ by ${scheme}` });
      expect(feedback.value).toBe((await json(`${solving} --scheme ${scheme}`)).at[0].value);
      const extended = await json(`${line} --control extended`);
      expect(extended).toMatchObject({ scheme, valueSource: `v by ${scheme}` });
      expect(extended.value).toBe((await json(`${limit} --scheme ${scheme}`)).at[0].value);
      expect((await hjb(line)).stdout).toMatch(new RegExp(`Vᵉ by ${scheme} +0\\.\\d+ ± .* \\(grid: 41 × 31 nodes\\)`));
    },
  );

  test('takes the default scheme, and none under a control that is written down', async () => {
    expect((await json(`simulate quadratic --epsilon 0.1 ${start} ${point}`)).scheme).toBe('upwind');
    const held = `simulate quadratic --epsilon 0.1 ${start} --control u=0.5`;
    expect((await json(held)).scheme).toBeNull();
    const { code, stderr } = await hjb(`${held} --scheme filtered`);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^--scheme – --scheme is filtered under the control u=0\.5/),
    ]);
  });
});

describe('a study', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hjb-sharp-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'small.yaml');
  const grid = '--nodes x=41,y=21 --quiet';
  const text = (scheme: string) => `title: Small
model: {kind: deep-relaxation, loss: x^2/2, gamma: 2, control: [1, 1]}
horizon: 0.25
domain: {x: [-2, 2]}
observe: {x: [-1, 1], y: [-1, 1]}
study: {${scheme}epsilon: [0.1, 0.01], nodes: {x: [21, 41], y: 21}, cell: {radius: [2, 3]}}
`;
  let study: Study;
  const rows = (name: string, of = study) => of.tables.find((table) => table.name === name)?.rows ?? [];
  beforeAll(async () => {
    writeFileSync(file, text(''));
    study = await runStudy(readScenario(file), { version: 'test' });
  });

  test('has both values of solve and effective in its table, with their errors', { tags: ['full'] }, async () => {
    for (const { epsilon, x, y, value, filtered, exact, filteredError } of rows('values')) {
      const line =
        epsilon === 'limit' ? `effective ${file} --at x=${x}` : `solve ${file} --epsilon ${epsilon} --at x=${x},y=${y}`;
      const [printed] = (await json(`${line} ${grid}`)).at;
      expect([value, filtered]).toEqual([printed.value, printed.filtered]);
      if (exact !== null) expect(filteredError).toBe(Math.abs(Number(filtered) - Number(exact)));
    }
  });

  test('says which scheme each value comes from', () => {
    const values = study.tables.find(({ name }) => name === 'values');
    if (values === undefined) throw new Error('no table of values');
    expect(values.columns.map(({ key }) => key)).toEqual(
      'epsilon x y value bound filtered extrapolated exact error filteredError'.split(' '),
    );
    expect(values.caption).toContain('Value: by the scheme upwind');
    expect(tableToTerminal(values)).toContain('filtered');
  });

  test('has no second value where its scheme is the sharp one', { tags: ['full'] }, async () => {
    writeFileSync(file, text('scheme: filtered, '));
    const sharp = await runStudy(readScenario(file), { version: 'test' });
    expect(Object.keys(rows('values', sharp)[0])).not.toContain('filtered');
    expect(rows('values', sharp).map(({ value }) => value)).toEqual(rows('values').map(({ filtered }) => filtered));
  });

  const schemes = ['filtered', 'upwind'];
  inLanes(schemes, (scheme) => scheme === 'filtered')(
    'its paths under scheme %s have the Vᵉ of its table',
    async (scheme) => {
      writeFileSync(
        file,
        text('')
          .replace('[1, 1]', '[0, 1]')
          .replace('radius: [2, 3]}', `radius: [2, 3]}, paths: {epsilon: 0.1, count: 20, scheme: ${scheme}}`),
      );
      const found = await runStudy(readScenario(file), { version: 'test' });
      const [path] = rows('paths', found);
      const start = rows('values', found).find(({ epsilon, x, y }) => epsilon === 0.1 && x === 1 && y === 0);
      expect(path.value).toBe(scheme === 'upwind' ? start?.value : start?.filtered);
      const caption = found.tables.find(({ name }) => name === 'paths')?.caption;
      expect(caption).toContain(`Vᵉ: by the scheme ${scheme} on 41 × 21 nodes.`);
    },
  );
});

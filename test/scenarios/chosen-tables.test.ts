import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { runName } from '../../scenarios/run/run-name.ts';
import { readTableNames, tableNames } from '../../scenarios/study/chosen-tables.ts';
import { planStudy } from '../../scenarios/study/study-plan.ts';
import { someRows } from '../draws.ts';
import { hjb } from '../run-hjb.ts';

const text = `title: A robust loss
model: { kind: deep-relaxation, loss: "huber(x, 1)", gamma: 2, control: [0, 1] }
horizon: 0.3
domain: { x: [-2, 2] }
study:
  epsilon: [1, 0.1]
  nodes: { x: [17, 21], y: 21 }
  cell: { at: [{ x: 0.5, p: 1 }], radius: [2, 3], alpha: 0.5 }
`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hjb-only-'));
  writeFileSync(join(folder, 'robust.yaml'), text);
});
afterAll(() => rmSync(folder, { recursive: true }));
const file = () => join(folder, 'robust.yaml');

describe('hjb study --only', () => {
  test('makes these tables alone, as a run of its own, and the JSON and the report say so', {
    tags: ['full'],
  }, async () => {
    const out = join(folder, 'part');
    const { code, stdout, stderr } = await hjb(
      `study ${file()} --only cell,epsilon --out ${out} --executor inline --json`,
    );
    expect([code, stderr]).toEqual([0, '']);
    const { only, tables, run, settings } = JSON.parse(stdout);
    expect([only, tables.map((table: { name: string }) => table.name)]).toEqual([
      ['epsilon', 'cell'],
      ['epsilon', 'cell'],
    ]);
    expect(settings[0]).toEqual(['part', 'of a study, the tables epsilon, cell alone']);
    const whole = planStudy(readScenario(file()));
    expect(run).not.toBe(runName(whole.pieces, ''));
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('of a study, the tables epsilon, cell alone');
    expect(readdirSync(join(out, 'tables')).map((name) => name.split('.')[0])).not.toContain('budget');
  });

  test('every choice has a name of its own, and needs no more pieces than the whole', { tags: ['full'] }, () => {
    const scenario = readScenario(file());
    const all = new Set(planStudy(scenario).pieces.map(({ key }) => key));
    const choices = ['epsilon', 'grid-x', 'grid-y', 'certificates'] as const;
    const names = choices.map((name) => {
      const { pieces } = planStudy(scenario, undefined, [name]);
      for (const { key, after } of pieces) for (const each of [key, ...after]) expect(all).toContain(each);
      return runName(pieces, 'code', [name]);
    });
    expect(new Set([...names, runName(planStudy(scenario).pieces, 'code')]).size).toBe(choices.length + 1);
  });

  test('reads names in any order, once each, and refuses others with the list', async () => {
    expect(readTableNames('cell, epsilon,cell')).toEqual(['epsilon', 'cell']);
    const { code, stdout, stderr } = await hjb(`study ${file()} --only epsilo`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^--only – "epsilo" is no table of a study – known: epsilon, grid-x, .* – did you mean epsilon\?\n$/,
    );
    expect((await hjb(`study ${file()} --only paths`)).stderr).toMatch(/asks for no paths – it has no study\.paths – /);
    expect((await hjb('study quadratic-sweep --only epsilon')).stderr).toMatch(/^--only – .* is a sweep – /);
  });

  test('makes every table by itself', { tags: ['full'] }, async () => {
    for (const name of someRows(tableNames.filter((each) => each !== 'paths'))) {
      const { code, stderr } = await hjb(
        `study ${file()} --only ${name} --out ${join(folder, 'each')} --executor inline`,
      );
      expect([0, 1], stderr).toContain(code);
    }
  });
});

/** Rows of `values` against references of their own: linear systems with quadratic costs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { domainCases } from '../../scenarios/study/domain-table.ts';
import { gridCases } from '../../scenarios/study/grid-tables.ts';
import { prepareStudy } from '../../scenarios/study/setup.ts';
import { solveCases } from '../../scenarios/study/solved.ts';
import { valueTable, valueTableCases } from '../../scenarios/study/value-tables.ts';
import { type Linear, quadraticValue } from '../quadratic-value.ts';

const folder = mkdtempSync(join(tmpdir(), 'bounds-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HORIZON = 0.75;

interface Drawn extends Linear {
  /** Lines of a scenario: model and study. */
  readonly text: string;
}

const between = (min: number, max: number) =>
  fc.integer({ min: 100 * min, max: 100 * max }).map((value) => value / 100);
const levels = fc.constantFrom(
  '{ x: [11, 21, 41], y: 21 }',
  '{ x: [21, 31, 46], y: [21, 31, 41] }',
  '{ x: [21, 41], y: 41 }',
  '{ x: 41, y: 31 }',
);
const scheme = fc.constantFrom('upwind', 'filtered');

/** dX = (c + aX + gY) dt, the fast drift e + kX − sY, f = px²/2 + qx. */
const uncontrolled = fc
  .tuple(fc.tuple(...[-1, -0.5, -1.2, -0.5, -0.6].map((min) => between(min, -min))), between(1, 3), levels, scheme)
  .chain((first) => fc.tuple(fc.constant(first), between(-1, 1), between(-1, 1)))
  .map(([[[c, a, g, e, k], s, nodes, name], p, q]): Drawn => {
    const model =
      `{ kind: slow-fast, slow: { x: ${c}*u + (${a})*x + (${g})*y }, control: { u: [1, 1] }, ` +
      `fast: { drift: { y: ${e} + (${k})*x - ${s}*y } }, terminal: ${p}*x^2/2 + (${q})*x }`;
    const drift = [
      [a, g],
      [k, -s],
    ];
    return {
      text: textOf(model, 4, `{ scheme: ${name}, epsilon: [1, 0.1, 0.01], nodes: ${nodes} }`),
      n: 1,
      drift,
      constant: [c, e],
      p: [[p]],
      q: [q],
    };
  });

/** dX = (aX + u + gY) dt with the price (rx² + u²)/2 + suy + wy²/2, the fast drift kX − 1.5Y, f = px²/2. */
const controlled = fc
  .tuple(between(-0.5, 0.5), between(-1, 1), between(0, 1.5), between(-0.6, 0.6), between(0.4, 0.9))
  .chain((first) => fc.tuple(fc.constant(first), between(-0.4, 0.4), between(0.1, 1)))
  .map(([[a, g, r, s, w], k, p]): Drawn => {
    const model =
      `{ kind: slow-fast, slow: { x: (${a})*x + u + (${g})*y }, control: { u: real }, ` +
      `fast: { drift: { y: (${k})*x - 1.5*y } }, terminal: ${p}*x^2/2, ` +
      `running: (${r}*x^2 + u^2)/2 + (${s})*u*y + ${w}*y^2/2 }`;
    const price = {
      state: [
        [r, 0],
        [0, w],
      ],
      mixed: [0, s],
    };
    const text = textOf(model, 4, '{ epsilon: [1, 0.1], nodes: { x: [11, 16, 21], y: 21 } }');
    return {
      text,
      n: 1,
      drift: [
        [a, g],
        [k, -1.5],
      ],
      constant: [0, 0],
      p: [[p]],
      q: [0],
      price,
    };
  });

function textOf(model: string, end: number, study: string): string {
  const domain = `domain: { x: [-${end}, ${end}] }\nobserve: { x: [-1, 1], y: [-1, 1] }`;
  return `title: drawn\nmodel: ${model}\nhorizon: ${HORIZON}\n${domain}\nstudy: ${study}\n`;
}

/** The rows at an ε of the table `values` with the distance from the reference. */
async function rowsOf(drawn: Drawn) {
  const path = join(folder, 'drawn.yaml');
  writeFileSync(path, drawn.text);
  const setup = prepareStudy(readScenario(path));
  const cases = [...valueTableCases(setup), ...gridCases(setup), ...domainCases(setup)];
  const { rows } = valueTable(setup, await solveCases(setup, cases, {}));
  const found = rows.filter(({ epsilon }) => epsilon !== 'limit');
  return found.map((row) => {
    const reference = quadraticValue(drawn, { tau: HORIZON, epsilon: Number(row.epsilon) });
    const z = setup.names.map((name) => Number(row[name]));
    return { row, bound: Number(row.bound), error: Math.abs(Number(row.value) - reference(z)) };
  });
}

async function expectCovered(drawn: Drawn): Promise<void> {
  const rows = await rowsOf(drawn);
  for (const { row, bound, error } of rows) {
    expect(error, `${drawn.text}ε = ${row.epsilon}, x = ${row.x}`).toBeLessThanOrEqual(bound + 1e-9);
  }
}

test('one linear problem of the line is covered', () =>
  fc.assert(fc.asyncProperty(uncontrolled, expectCovered), { numRuns: 1, seed: 1 }));

test.for([
  ['uncontrolled on the line', uncontrolled, 16],
  ['controlled on the line', controlled, 6],
] as const)('values of drawn problems, %s, lie within their bounds', { tags: ['full'] }, ([, problems, numRuns]) =>
  fc.assert(fc.asyncProperty(problems, expectCovered), { numRuns, endOnFailure: true, seed: 1 }),
);

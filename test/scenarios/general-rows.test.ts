/** Every row of test/fixtures/reference-general.json on at most 201 × 101 nodes, within 5e-4 and within its bounds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type ReferenceSolve, referenceSolves } from '../general-rows.ts';
import { inLanes } from '../lanes.ts';
import { json } from '../run-hjb.ts';

const folder = mkdtempSync(join(tmpdir(), 'hjb-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the issue of these rows asks for, relative. */
const WITHIN = 5e-4;

const cases = referenceSolves.map((solve, k) => ({ ...solve, k, title: `${solve.model}, ε = ${solve.epsilon}` }));

/** By the filtered scheme in x and corrected rates in y. */
function solved({ k, scenario, nodes, epsilon, points }: ReferenceSolve & { readonly k: number }, flags = '') {
  const path = join(folder, `${k}.yaml`);
  writeFileSync(path, scenario);
  const at = points.map(({ x, y }) => `--at x=${x},y=${y}`).join(' ');
  const method = '--scheme filtered --fast corrected --no-sharp --quiet';
  return json(`solve ${path} --epsilon ${epsilon} --nodes ${nodes} ${method} ${at} ${flags}`);
}

test('no row is left out, and none takes more than 201 × 101 nodes', () => {
  expect(referenceSolves.reduce((sum, { points }) => sum + points.length, 0)).toBe(12 + 6 + 8 + 24 + 1);
  for (const { nodes } of referenceSolves) {
    const [inX, inY] = (/^x=(\d+),y=(\d+)$/.exec(nodes) ?? []).slice(1).map(Number);
    expect(inX <= 201 && inY <= 101).toBe(true);
  }
});

inLanes(cases, ({ epsilon, model }) => epsilon === 0.1 && !model.startsWith('heston, K = 1'))(
  '$title: every row within 5e-4',
  async (row) => {
    const { at } = await solved(row);
    for (const [i, { V }] of row.points.entries()) {
      expect(Math.abs(at[i].value / V - 1), `x = ${row.points[i].x}, y = ${row.points[i].y}`).toBeLessThan(WITHIN);
    }
  },
);

interface Part {
  readonly parameter: string;
  readonly of: string;
  /** Null for ∞. */
  readonly sizes: readonly (number | null)[];
}

inLanes(cases, () => false)('$title: twice the largest estimates of --budget, summed, cover the error', async (row) => {
  const { at, budget } = await solved(row, '--budget');
  const own = budget.parts.filter(({ of }: Part) => of === 'discretisation');
  for (const [i, { V }] of row.points.entries()) {
    const bound = own.reduce((sum: number, { sizes }: Part) => sum + (sizes[i] ?? Infinity), 0);
    expect(Math.abs(at[i].value - V)).toBeLessThan(bound);
    // Of use as well: measured 1.1e-5 … 4e-3 of V.
    expect(bound / Math.abs(V)).toBeLessThan(5e-3);
  }
});

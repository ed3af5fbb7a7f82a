/** --budget of problems of the general system: the parts add up to the errors against exact values, and cover them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { generalReference } from '../general-problems.ts';
import { gaussian, quadratic } from '../general-rows.ts';
import { json } from '../run-hjb.ts';

const folder = mkdtempSync(join(tmpdir(), 'hjb-general-'));
afterAll(() => rmSync(folder, { recursive: true }));

const scenarios = {
  gaussian,
  quadratic,
  // The y-box cannot grow below 0, where the noise would have no value.
  heston: `title: Heston
model:
  kind: slow-fast
  slow: { drift: { x: -y/2 }, noise: { x: sqrt(y) } }
  fast: { drift: { y: 2*(0.04 - y) }, noise: { y: 0.3*sqrt(y) } }
  terminal: max(exp(x) - 1, 0)
horizon: 1
domain: { x: [-1, 1], y: [1e-9, 0.3] }
observe: { x: [-0.1, 0.1], y: [0.02, 0.1] }
`,
};

interface Part {
  readonly parameter: string;
  readonly of: string;
  /** Null where it is said to be unknown. */
  readonly errors: readonly (number | null)[];
  readonly sizes: readonly (number | null)[];
}

/** Twice the largest estimates of dx, dy, dt and the boxes, summed, for every point; ∞ where a part is unknown. */
function boundsOf(parts: readonly Part[], count: number): number[] {
  const own = parts.filter(({ of, parameter }) => of === 'discretisation' && parameter !== 'resolution');
  return Array.from({ length: count }, (_, i) =>
    own.reduce((sum, { errors, sizes }) => sum + (errors[i] === null ? Infinity : (sizes[i] ?? Infinity)), 0),
  );
}

type Row = { readonly epsilon: number; readonly x: number; readonly y: number; readonly V: number };
const heston = generalReference.heston.value.filter(({ strike }: { strike: number }) => strike === 1);
const models: readonly (readonly [keyof typeof scenarios, string, readonly Row[]])[] = [
  ['gaussian', 'x=61,y=41', generalReference.gauss_terminal_xy.value],
  ['quadratic', 'x=61,y=41', generalReference.lq_1d.value],
  ['heston', 'x=61,y=61', heston.map((row: object) => ({ x: 0, ...row }))],
];
const cases = models.flatMap(([name, nodes, rows]) =>
  (['upwind', 'filtered'] as const).flatMap((scheme) =>
    [1, 0.01].map((epsilon) => {
      const own = rows.filter((row) => row.epsilon === epsilon);
      return { title: `${name}, ${scheme}, ε = ${epsilon}`, name, nodes, scheme, epsilon, rows: own };
    }),
  ),
);

/** Per point whether a bound of use was given: on grids this coarse a part may be unknown, which is said. */
const known: boolean[] = [];

test.each(cases)(
  'the parts of an error budget cover the error: $title',
  { tags: ['full'] },
  async ({ name, nodes, scheme, epsilon, rows }) => {
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, scenarios[name]);
    const points = rows.map(({ x, y }) => `--at x=${x},y=${y}`).join(' ');
    const line = `solve ${path} --epsilon ${epsilon} --nodes ${nodes} --scheme ${scheme} --no-sharp --quiet ${points}`;
    const { at, budget } = await json(`${line} --budget`);
    const bounds = boundsOf(budget.parts, rows.length);
    for (const [i, { V }] of rows.entries()) {
      const error = Math.abs(at[i].value - V);
      expect(error).toBeLessThan(bounds[i]);
      known.push(bounds[i] < 0.1 * (1 + Math.abs(V)));
    }
  },
);

test('most points have a bound of use', { tags: ['full'] }, () => {
  expect(2 * known.filter(Boolean).length).toBeGreaterThan(known.length);
});

/** Problems on which a minimum over samples of U was wrong by up to 70 %. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { json } from '../run-hjb.ts';

interface Case {
  readonly id: string;
  readonly scenario: string;
  readonly run: readonly (string | number)[];
  readonly truth: readonly number[];
  readonly tolerance: number;
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/control-cases.json'), 'utf8'),
);
const folder = mkdtempSync(join(tmpdir(), 'control-cases-'));
afterAll(() => rmSync(folder, { recursive: true }));

function saved(name: string, scenario: string): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, scenario);
  return file;
}

describe('H̄ where φ or ℓ is not affine in u', () => {
  const asked = cases.filter(({ run }) => run[0] === 'hamiltonian');
  test.each(asked)('$id: the stated error holds the truth', async ({ id, scenario, run, truth, tolerance }) => {
    const found = await json([run[0], saved(id, scenario), ...run.slice(1)].join(' '));
    for (const [k, { value, lower, upper, error }] of found.at.entries()) {
      expect(Math.abs(value - truth[k])).toBeLessThanOrEqual(Math.min(error + 1e-9, tolerance));
      if (lower !== null) expect(lower - 1e-9 <= truth[k] && truth[k] <= upper + 1e-9).toBe(true);
    }
  });

  test.each(['gibbs', 'stationary', 'ergodic', 'cell'])(
    'the route %s states what the minimum leaves',
    async (method) => {
      for (const [id, isExact] of [
        ['lq-hamiltonian-gibbs', true],
        ['cosh-cost', false],
      ] as const) {
        const { scenario, run } = cases.find((each) => each.id === id) as Case;
        const words = `hamiltonian ${saved(id, scenario)} --method ${method} --at ${run[run.length - 1]}`;
        const [{ controls, error }] = (await json(words)).at;
        if (isExact) expect(controls).toBe(0);
        else expect(controls > 0 && controls < 1e-13 && controls <= error).toBe(true);
      }
    },
  );

  test('a U that is wider, or endless, gives the same', async () => {
    const { scenario, run } = cases.find((each) => each.id === 'lq-hamiltonian-gibbs') as Case;
    for (const [name, control] of Object.entries({ wide: '[-1e308, 1e308]', real: 'real', half: '[-inf, 3]' })) {
      const file = saved(name, scenario.replace('[-30, 30]', control));
      const [{ value, error }] = (await json([run[0], file, ...run.slice(1)].join(' '))).at;
      expect(Math.abs(value + 0.48)).toBeLessThan(1e-13);
      expect(error).toBeLessThan(1e-13);
    }
  });
});

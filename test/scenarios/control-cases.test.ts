/** Problems on which a minimum over samples of U was wrong by up to 70 %. */
import { describe, expect, test } from 'vitest';
import { answerOf, type FaultCase, faultCases, saved } from '../fault-cases.ts';
import { json } from '../run-hjb.ts';

const cases = faultCases('control-cases');

describe('H̄ where φ or ℓ is not affine in u', () => {
  const asked = cases.filter(({ run }) => run[0] === 'hamiltonian');
  test.each(asked)('$id: the stated error holds the truth', async (each) => {
    const { truth, tolerance } = each;
    const found = await answerOf(each);
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
        const { scenario, run } = cases.find((each) => each.id === id) as FaultCase;
        const words = `hamiltonian ${saved(id, scenario)} --method ${method} --at ${run[run.length - 1]}`;
        const [{ controls, error }] = (await json(words)).at;
        if (isExact) expect(controls).toBe(0);
        else expect(controls > 0 && controls < 1e-13 && controls <= error).toBe(true);
      }
    },
  );

  test('a U that is wider, or endless, gives the same', async () => {
    const linearQuadratic = cases.find(({ id }) => id === 'lq-hamiltonian-gibbs') as FaultCase;
    for (const control of ['[-1e308, 1e308]', 'real', '[-inf, 3]']) {
      const wider = linearQuadratic.scenario.replace('[-30, 30]', control);
      const [{ value, error }] = (await answerOf(linearQuadratic, wider)).at;
      expect(Math.abs(value + 0.48)).toBeLessThan(1e-13);
      expect(error).toBeLessThan(1e-13);
    }
  });
});

/** `hjb solve --relaxation`: what is solved, what it claims, what is refused. */
import { expect, test } from 'vitest';
import { hjb, json } from '../run-hjb.ts';

const solve = (scenario: string) => `solve ${scenario} --epsilon 0.1 --nodes x=7,y=13 --quiet`;

test('the answer says how the resolvents were taken; the two ways agree at independent fast variables', {
  tags: ['full'],
}, async () => {
  const lines = await json(solve('isotropic-2d'));
  const planes = await json(`${solve('isotropic-2d')} --relaxation planes`);
  expect(lines.fastSolve).toEqual({ kind: 'lines', subSweeps: 1 });
  expect(planes.fastSolve).toEqual({ kind: 'planes' });
  // Both are first order in dt = 1/39: measured 1.7e-4 apart.
  expect(Math.abs(lines.at[1].value - planes.at[1].value)).toBeLessThan(1e-3);
});

test('ars222 claims order 2 in t in the plane and 1 by lines', { tags: ['full'] }, async () => {
  const claim = async (relaxation: string) =>
    /ARS\(2,2,2\) in t \(order (\d)\)/.exec(
      (await hjb(`${solve('isotropic-2d')} --scheme filtered --relaxation ${relaxation}`)).stdout,
    )?.[1];
  expect([await claim('lines'), await claim('planes')]).toEqual(['1', '2']);
});

test('lines for a drift without potential are bad input, in one line', { tags: ['full'] }, async () => {
  const { code, stdout, stderr } = await hjb(`${solve('rotational-2d')} --relaxation lines`);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^\S*rotational-2d.yaml:\d+ – the fast drift of rotational-2d has no potential – [^\n]*\n$/);
});

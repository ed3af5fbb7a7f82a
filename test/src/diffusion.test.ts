import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileTogether } from '../../src/formula/program.ts';
import { diffusionTrees } from '../../src/model/diffusion.ts';
import type { Problem } from '../../src/model/problem.ts';
import { namesOf } from '../../src/model/trees.ts';
import { problemOf } from '../general-exact.ts';

const coefficients = [
  '0.3',
  'x1*y',
  'u*sqrt(y)',
  '-sqrt(y)/2',
  'sqrt(1 + x2^2)*y',
  'sqrt(y)*sqrt(y)',
  '(y + 1)^0.5*x1',
  'sin(x2)/sqrt(y)',
  'sqrt(2*y)/(1 + x1^2)',
];

test('a = ½ssᵀ and α = ½r² wherever s and r have values, roots or not', () => {
  const of = fc.constantFrom(...coefficients);
  const positive = fc.double({ min: 0.1, max: 2, noNaN: true });
  fc.assert(
    fc.property(
      of,
      of,
      of,
      of,
      of,
      fc.tuple(positive, positive, positive, positive),
      (a, b, c, d, r, [x1, x2, y, u]) => {
        const problem = problemOf({
          slow: ['0', '0'],
          noise: [
            [a, b],
            [c, d],
          ],
          drift: ['-y'],
          fastNoise: [r.replace('u', '2')],
          terminal: '0',
          controls: { kind: 'box', names: ['u'], lower: [0], upper: [1] },
        });
        const trees = diffusionTrees(problem);
        const values = compileTogether(
          [...(trees?.slow ?? []).flat(), ...(trees?.fast ?? [])],
          ...namesOf(problem),
        ).map((each) => each([x1, x2], [y], [u]));
        const s = (problem as Required<Problem>).slowNoise.map((row) => row.map((each) => each([x1, x2], [y], [u])));
        const found = s.flatMap((row) =>
          s.map((other) => row.reduce((sum, value, j) => sum + value * other[j], 0) / 2),
        );
        const { noise = [] } = problem.fast as Extract<Problem['fast'], { kind: 'drift' }>;
        const expected = [...found, noise[0]([x1, x2], [y]) ** 2 / 2];
        values.forEach((value, k) => {
          expect(Math.abs(value - expected[k])).toBeLessThan(1e-12 * (1 + Math.abs(expected[k])));
        });
      },
    ),
  );
});

test('√2 where nothing is said, no a without slow noise, nothing known of closures', () => {
  const problem = problemOf({ slow: ['0'], drift: ['-y'], terminal: '0' });
  expect(diffusionTrees(problem)).toMatchObject({ slow: [[{ value: 0 }]], fast: [{ value: 1 }] });
  expect(diffusionTrees({ ...problem, slowNoise: [[() => 1]] })).toBeNull();
});

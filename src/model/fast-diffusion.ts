/** The fast process dY = b(X,Y)/ε dt + √(2/ε) dW. */
import { type Formula, fromTrees } from '../formula/formula.ts';
import { call } from '../formula/tree.ts';
import { InputError } from '../input/input-error.ts';
import type { FastField, FastProcess } from './problem.ts';

/** What σσᵀ is per unit of fast time: L = b·D_y + Δ_y. */
export const FAST_VARIANCE = 2;

/** √(2/ε), the coefficient of dW; √2 in fast time, ε = 1. */
export function fastNoise(epsilon: number): number {
  return Math.sqrt(FAST_VARIANCE / epsilon);
}

/** Φ with b = −D_yΦ by symbolic differentiation. Throws InputError where Φ is no formula or has no derivative. */
export function fromPotential(potential: Formula<FastField>): FastProcess {
  const { gradient, names = [] } = potential;
  if (gradient === undefined) {
    throw new InputError(
      'the fast potential is a function without a formula',
      'the drift −D_yΦ is derived from its formula',
      "give the drift beside it, or a formula: formula('y^2/2', ['x'], ['y'])",
      'fastPotential',
    );
  }
  const slopes = gradient(1);
  const negated = slopes.map(({ tree, text }) => ({ tree: call('negate', tree), text: `-(${text})` }));
  return { kind: 'potential', potential, drift: fromTrees(negated, ...names) };
}
